"""What arrived and is no reading, as it came."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.pages.api import Choice, Column, Filter, Kind, Link, ListPage
from zhen.kernel.telemetry.devices.values import VIEW
from zhen.kernel.telemetry.models import Rejected
from zhen.kernel.telemetry.screens.devices import of, reason

SHOWN = 120


def rows(actor: Actor, _params: Any) -> QuerySet[Rejected]:
    return restrict(actor, VIEW, Rejected.objects.select_related("device"))


def raw(row: Rejected) -> str:
    """The bytes as text where they are some, else as hexadecimal digits."""
    data = bytes(row.raw)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = ""
    return text[:SHOWN] if text.isprintable() and text else data.hex(" ")[:SHOWN]


def device(row: Rejected) -> Link | str:
    return of(row.device) if row.device else "—"


PAGES = (
    ListPage(
        id="telemetry.rejected",
        title=_("Refused input"),
        menu=_("Refused input"),
        icon="inbox",
        order=52,
        permission=VIEW,
        intro=_("What devices sent and what is no reading, with its reason. It stays for 30 days."),
        rows=rows,
        columns=(
            Column(id="last", label=_("last"), value="last_at", kind=Kind.TIME, sort="last_at"),
            Column(id="topic", label=_("topic"), value="topic", sort="topic"),
            Column(id="device", label=_("device"), value=device, kind=Kind.LINK),
            Column(id="reason", label=_("reason"), value=reason, sort="reason"),
            Column(id="detail", label=_("detail"), value="detail"),
            Column(id="raw", label=_("as it came"), value=raw, width="wide"),
            Column(id="count", label=_("how often"), value="count", kind=Kind.NUMBER, sort="count"),
        ),
        filters=(
            Filter(
                id="reason",
                label=_("reason"),
                apply=lambda rows, value: rows.filter(reason=value),
                choices=tuple(Choice(value=str(value), label=label) for value, label in Rejected.Reason.choices),
            ),
        ),
        search=lambda rows, words: rows.filter(Q(topic__icontains=words) | Q(detail__icontains=words)),
        order_by=("-last_at", "-pk"),
        empty=_("All that devices sent was understood."),
    ),
)
