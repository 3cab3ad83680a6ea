"""The figures by name: what each counts, and the rates with their numerator and denominator. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.figures import rules
from zhen.kernel.cases.figures.rules import ANSWERED, RATINGS, SATISFIED, What

CLOSED = (*ANSWERED, What.OTHER, What.UNDONE)
COUNTED_AS: Mapping[str, tuple[int, ...]] = {
    **{what.name.lower(): (what,) for what in What},
    "closed": CLOSED,
    "answered": ANSWERED,
    "due": (What.ON_TIME, What.LATE),
    "contact_due": (What.CONTACTED, What.NOT_CONTACTED),
    "rated": RATINGS,
    "satisfied": SATISFIED,
}
"""Each number by name, and the things that it counts."""

LABELS: Mapping[str, Promise] = {
    **{what.name.lower(): what.label for what in What},
    "closed": _("cases closed"),
    "answered": _("closed as solved or explained"),
    "due": _("cases due"),
    "contact_due": _("first contacts due"),
    "rated": _("cases rated"),
    "satisfied": _("rated as satisfied"),
}

FEW = 30
"""Below so many cases a rate says little: it is shown, and not ranked."""


@dataclass(frozen=True, kw_only=True)
class RateOf:
    """A rate by its published formula: `part` of `whole`, both names of COUNTED_AS."""

    id: str
    name: Promise
    part: str
    whole: str
    formula: Promise


RATES: tuple[RateOf, ...] = (
    RateOf(
        id="on_time",
        name=_("on-time rate"),
        part="on_time",
        whole="due",
        formula=_("closed by the deadline ÷ due in the period"),
    ),
    RateOf(
        id="solved",
        name=_("resolved rate"),
        part="solved",
        whole="answered",
        formula=_("solved ÷ (solved + explained), without what was opened again"),
    ),
    RateOf(
        id="contact",
        name=_("first-contact rate"),
        part="contacted",
        whole="contact_due",
        formula=_("contacted within one working day ÷ contacts due in the period"),
    ),
    RateOf(
        id="satisfaction",
        name=_("satisfaction"),
        part="satisfied",
        whole="rated",
        formula=_("rated 4 or 5 ÷ all ratings"),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Rate:
    of: RateOf
    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """In per cent; None where nothing was due."""
        return 100 * self.part / self.whole if self.whole else None

    @property
    def few(self) -> bool:
        return self.whole < FEW

    @property
    def interval(self) -> tuple[float, float]:
        """In per cent, by Wilson."""
        low, high = rules.wilson(self.part, self.whole)
        return 100 * low, 100 * high


@dataclass(frozen=True)
class Numbers:
    """The sums of some tallies by column."""

    by: Mapping[str, int] = field(default_factory=dict)

    def plus(self, more: Mapping[str, int]) -> Numbers:
        return Numbers({name: self.by.get(name, 0) + more.get(name, 0) for name in {*self.by, *more}})

    def __getitem__(self, name: str) -> int:
        """A number of COUNTED_AS by name."""
        return sum(self.by.get(What(what).name.lower(), 0) for what in COUNTED_AS[name])

    def rate(self, of: RateOf) -> Rate:
        return Rate(of=of, part=self[of.part], whole=self[of.whole])

    @property
    def rates(self) -> dict[str, Rate]:
        return {of.id: self.rate(of) for of in RATES}

    @property
    def mean_minutes(self) -> float | None:
        return self.by.get("minutes", 0) / self["answered"] if self["answered"] else None

    @property
    def median_minutes(self) -> float | None:
        return rules.median(tuple(self.by.get(f"span_{n}", 0) for n in range(1, len(rules.SPANS) + 2)))
