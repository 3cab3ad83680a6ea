"""Findings: what is open, what is late, what was put right."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.pages.api import Choice, Column, Filter, Kind, Link, ListPage
from zhen.kernel.rounds import rights
from zhen.kernel.rounds.declarations import Severity
from zhen.kernel.rounds.models import Finding
from zhen.kernel.rounds.queries.visits import findings
from zhen.kernel.rounds.screens.common import FINDING_COLUMNS, visit_url

STANDING = {
    "open": Q(over_at__isnull=True),
    "rectified": Q(rectified_at__isnull=False),
    "over": Q(over_at__isnull=False, rectified_at__isnull=True),
}


def subject(finding: Finding) -> Link:
    return Link(text=finding.subject.name, url=visit_url(finding.visit))


def narrowed(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(STANDING[value])


PAGES = (
    ListPage(
        id="rounds.findings",
        title=pgettext_lazy("of visits", "Findings"),
        menu=pgettext_lazy("of visits", "Findings"),
        icon="triangle-alert",
        order=62,
        permission=rights.VIEW,
        intro=_("What was not right, and whether somebody has seen that it is by now."),
        rows=lambda actor, _params: findings(actor),
        columns=(
            Column(id="subject", label=_("subject of visits"), value=subject, kind=Kind.LINK, sort="subject__name"),
            *FINDING_COLUMNS,
            Column(id="found", label=_("found at"), value="found_at", kind=Kind.TIME, sort="found_at"),
        ),
        filters=(
            Filter(
                id="state",
                label=_("state"),
                apply=narrowed,
                choices=(
                    Choice(value="open", label=_("open")),
                    Choice(value="rectified", label=_("put right, and seen")),
                    Choice(value="over", label=_("needs nobody here")),
                ),
            ),
            Filter(
                id="severity",
                label=_("severity"),
                apply=lambda rows, value: rows.filter(severity=value),
                choices=tuple(Choice(value=one.value, label=one.label) for one in Severity),
            ),
        ),
        search=lambda rows, words: rows.filter(Q(title__icontains=words) | Q(subject__name__icontains=words)),
        order_by=("-found_at", "-pk"),
        empty=_("Nothing was found so far."),
    ),
)
