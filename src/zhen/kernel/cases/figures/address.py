"""Questions in addresses: what the parameters of a page ask for, and the address of the rows behind a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.figures.asking import Question, of_class
from zhen.kernel.cases.figures.overview import GROUPS
from zhen.kernel.cases.figures.periods import DAY, Period, Step, add_months, start_of
from zhen.kernel.cases.figures.tables import RATES, RateOf
from zhen.kernel.cases.queries import types_for
from zhen.kernel.cases.rulebook import rulebook
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused

FIGURES, COUNTED, BREAKDOWN = "/desk/cases/figures/", "/desk/cases/counted/", "/desk/cases/breakdown/"
LONGEST = 3660
KEPT = ("period", "from", "to", "type", "class", "area", "unit", "source", "hexagon", "by", "rank")


def _this(step: Step) -> Callable[[date], Period]:
    return lambda today: Period(start_of(today, step), today)


def _last(step: Step, months: int) -> Callable[[date], Period]:
    def period(today: date) -> Period:
        end = start_of(today, step)
        return Period(add_months(end, -months), end - DAY)

    return period


@dataclass(frozen=True, kw_only=True)
class Preset:
    name: Promise
    period: Callable[[date], Period]


PRESETS: Mapping[str, Preset] = {
    "today": Preset(name=_("today"), period=_this(Step.DAY)),
    "week": Preset(name=_("this week"), period=_this(Step.WEEK)),
    "month": Preset(name=_("this month"), period=_this(Step.MONTH)),
    "last_month": Preset(name=_("last month"), period=_last(Step.MONTH, 1)),
    "quarter": Preset(name=_("this quarter"), period=_this(Step.QUARTER)),
    "last_quarter": Preset(name=_("last quarter"), period=_last(Step.QUARTER, 3)),
    "year": Preset(name=_("this year"), period=_this(Step.YEAR)),
    "last_year": Preset(name=_("the year before"), period=_last(Step.YEAR, 12)),
    "three_years": Preset(
        name=_("the last three years"), period=lambda today: Period(add_months(today, -36) + DAY, today)
    ),
}
DEFAULT = "month"


def question_of(actor: Actor, params: Mapping[str, str]) -> Question:
    """Raises Refused for what is no day, no number or no period."""
    today = clock.today()
    types = tuple(type_.id for type_ in types_for(actor))
    wanted = params.get("type", "")
    category = _number(params, "class", _("class"))
    unit = _number(params, "unit", _("unit"))
    book = rulebook()
    categories = None if category is None else of_class(book, category) if category else frozenset({0})
    return Question(
        period=_period(params, today),
        today=today,
        types=tuple(type_ for type_ in types if not wanted or type_ == wanted),
        units=None if unit is None else frozenset({unit}),
        area=_number(params, "area", _("area")) or None,
        categories=categories,
        source=params.get("source") or None,
        h3_9=_number(params, "hexagon", _("hexagon")),
    )


def group_of(params: Mapping[str, str]) -> str:
    wanted = params.get("by", "")
    return wanted if wanted in GROUPS else "unit"


def rate_of(params: Mapping[str, str]) -> RateOf:
    return next((of for of in RATES if of.id == params.get("rank", "")), RATES[0])


def _period(params: Mapping[str, str], today: date) -> Period:
    if not (params.get("from") or params.get("to")):
        preset = PRESETS.get(params.get("period", "")) or PRESETS[DEFAULT]
        return preset.period(today)
    last = _day(params, "to", _("to")) or today
    first = _day(params, "from", _("from")) or last.replace(day=1)
    if first > last or (last - first).days > LONGEST:
        raise Refused(
            field=_("period"),
            value=f"{first} – {last}",
            reason=_("it ends before it begins, or is longer than ten years"),
            remedy=_("Choose another first or last day"),
        )
    return Period(first, last)


def _day(params: Mapping[str, str], name: str, field: Promise | str) -> date | None:
    text = params.get(name, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise Refused(field=field, value=text, reason=_("it is no day"), remedy=_("Write it as 2026-05-31")) from fault


def _number(params: Mapping[str, str], name: str, field: Promise | str) -> int | None:
    text = params.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Refused(
            field=field, value=text, reason=_("there is none of this name"), remedy=_("Choose one of the list")
        )
    return int(text)


def kept(params: Mapping[str, str]) -> dict[str, str]:
    return {name: params[name] for name in KEPT if params.get(name)}


def link(base: str, params: Mapping[str, str], **more: Any) -> str:
    """An address with the same question, narrowed."""
    query = {**kept(params), **{name: value for name, value in more.items() if value not in (None, "")}}
    return f"{base}?{urlencode(query)}" if query else base


def narrowing(group: str, key: Any) -> Mapping[str, Any] | None:
    """The parameter that narrows a question to one row of a breakdown; None where no filter can say it."""
    if group in ("precinct", "neighbourhood", "cell"):
        return {"area": key} if key else None
    name = {"unit": "unit", "source": "source"}.get(group, "class")
    return {name: key} if key is not None else None


def dated(period: Period) -> Mapping[str, str]:
    return {"period": "", "from": period.first.isoformat(), "to": period.last.isoformat()}


Rows = Sequence[Any]
