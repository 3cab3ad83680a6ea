"""How the desk shows rules that hold from a day to a day: routes, time limits, keywords. What they say is theirs."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.declarations import CASE_TYPES
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Chip, Choice, Column, Fact, Kind, Tone

R = TypeVar("R", bound=Model)
Text = str | Promise
VIEW = "cases.rules.view"

HOLDS = Choice(value="holds", label=_("in force"))
ENDED = Choice(value="ended", label=_("ended"))


def type_name(row: Any) -> Text:
    """The kind of case by its declaration; a rule may outlive it."""
    type_ = CASE_TYPES.get(row.case_type)
    return type_.name if type_ else row.case_type


def class_name(row: Any) -> Text:
    return row.category.name if row.category else _("all classes")


def state(row: Any) -> Chip:
    """How a rule stands today."""
    today = clock.today()
    if row.valid_to is not None and row.valid_to <= today:
        return Chip(text=_("ended"))
    if row.valid_from > today:
        return Chip(text=_("to come"), tone=Tone.DUE_SOON)
    return Chip(text=_("in force"), tone=Tone.ON_TRACK)


def by_state(rows: QuerySet[R], value: str) -> QuerySet[R]:
    """Those that have ended, or all others."""
    ended = Q(valid_to__lte=clock.today())
    return rows.filter(ended) if value == ENDED.value else rows.exclude(ended)


def period(row: Any) -> list[Fact]:
    return [
        Fact(label=_("from"), value=row.valid_from, kind=Kind.DATE),
        Fact(label=_("to"), value=row.valid_to or "—", kind=Kind.DATE if row.valid_to else Kind.TEXT),
        Fact(label=_("source"), value=row.source),
    ]


CLASS = Column(id="category", label=_("class"), value=class_name, sort="category__order", width="wide")
FROM = Column(id="from", label=_("from"), value="valid_from", kind=Kind.DATE, sort="valid_from")
TO = Column(id="to", label=_("to"), value="valid_to", kind=Kind.DATE)
SOURCE = Column(id="source", label=_("source"), value="source")
