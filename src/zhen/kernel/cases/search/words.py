"""The reasons of a search in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhen.kernel.lib.searching.api import Field, How, Rank, Reason

FIELDS: Mapping[Field, Promise] = {
    Field.NUMBER: gettext_lazy("the number"),
    Field.TITLE: gettext_lazy("the title"),
    Field.ADDRESS: gettext_lazy("the address"),
    Field.TEXT: gettext_lazy("the description"),
}

SENTENCES: Mapping[How, Promise] = {
    How.WHOLE: gettext_lazy("“{found}” stands in {field} as you typed it"),
    How.EXACT: gettext_lazy("“{found}” stands in {field}"),
    How.SOUND: gettext_lazy("“{found}” in {field} sounds like “{asked}”"),
    How.SWAPPED: gettext_lazy("“{found}” in {field} is “{asked}” with two characters swapped"),
    How.OTHER: gettext_lazy("“{found}” in {field} differs from “{asked}” by one character"),
    How.MISSING: gettext_lazy("“{found}” in {field} has one character more than “{asked}”"),
    How.EXTRA: gettext_lazy("“{found}” in {field} has one character fewer than “{asked}”"),
    How.NEAR: gettext_lazy("“{found}” in {field} is nearly “{asked}”"),
    How.RECENT: gettext_lazy("received lately"),
}


def reason_text(reason: Reason) -> str:
    """A reason as a person reads it, without its points."""
    field = FIELDS[reason.field] if reason.field else ""
    return str(SENTENCES[reason.how]).format(found=reason.found, asked=reason.asked, field=field)


def why_found(rank: Rank) -> str:
    """All reasons, each with its points, and what was not found."""
    parts = [
        _("{reason} (+{points})").format(reason=reason_text(reason), points=f"{reason.points:g}")
        for reason in rank.reasons
        if reason.points
    ]
    if rank.missed:
        parts.append(_("not found: {words}").format(words="、".join(rank.missed)))
    return _("; ").join(parts)
