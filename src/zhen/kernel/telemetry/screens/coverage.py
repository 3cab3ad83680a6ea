"""The list of buildings and parks that no device of some kinds watches, for the packs that promise coverage."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Chip, Choice, Column, Filter, Kind, Link, ListPage, Tone
from zhen.kernel.telemetry.devices.coverage import unwatched

Text = str | Promise


def place(version: Any) -> Link:
    return Link(text=version.name, url=f"/desk/places/areas/{version.place.code}/")


def why(version: Any) -> Chip:
    if version.has_device:
        return Chip(text=_("its devices are silent or faulty"), tone=Tone.BEHIND)
    return Chip(text=_("no device"), tone=Tone.OVERDUE)


def unwatched_page(
    id: str, *, title: Text, menu: Text, intro: Text, order: int, permission: str, profiles: Collection[str]
) -> ListPage:
    """A page of a pack: what is missing in the coverage by devices of these profiles."""
    return ListPage(
        id=id,
        title=title,
        menu=menu,
        icon="shield-alert",
        order=order,
        permission=permission,
        intro=intro,
        rows=lambda _actor, _params: unwatched(profiles, clock.today()),
        columns=(
            Column(id="name", label=_("building"), value=place, kind=Kind.LINK, sort="name_key", width="wide"),
            Column(id="code", label=_("code"), value="place.code", sort="place__code"),
            Column(id="kind", label=_("kind"), value="place.get_kind_display"),
            Column(id="why", label=_("why"), value=why, kind=Kind.CHIP),
        ),
        filters=(
            Filter(
                id="why",
                label=_("why"),
                apply=lambda rows, value: rows.filter(has_device=value == "silent"),
                choices=(
                    Choice(value="none", label=_("no device")),
                    Choice(value="silent", label=_("its devices are silent or faulty")),
                ),
            ),
        ),
        search=lambda rows, words: rows.filter(name__icontains=words),
        order_by=("place__code",),
        empty=_("A device works in every building and park."),
    )
