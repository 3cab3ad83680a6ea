"""The values of an objective as they are now: execution, and each indicator live or as it was entered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from zhen.kernel.ledger.api import Quota
from zhen.kernel.pages.api import Tone
from zhen.kernel.plan.api import INDICATORS, Period, evaluate
from zhen.packs.finance.performance.models import Measure, Objective, ScoreRule
from zhen.packs.finance.performance.rules import CENT, achieved, executed, points, tone_of


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A measure with its value, the share of its target that is reached (0 to 1), its points and its slip."""

    measure: Measure
    value: Decimal | None
    share: Decimal | None
    points: Decimal
    tone: Tone

    @property
    def pk(self) -> int:
        return self.measure.pk


@dataclass(frozen=True, kw_only=True)
class Execution:
    """What of a budget line is spent, in fen, with its share (0 to 1), points and slip."""

    granted: int
    spent: int
    share: Decimal
    points: Decimal
    tone: Tone


def rule_on(day: date) -> ScoreRule:
    """The rules of a day. Raises ScoreRule.DoesNotExist where none is laid."""
    return ScoreRule.objects.filter(valid_from__lte=day).order_by("-valid_from")[:1].get()


def passed(year: int, today: date) -> Decimal:
    """How much of a year has passed, from 0 to 1."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    days = min(max((today - first).days + 1, 0), (after - first).days)
    return Decimal(days) / (after - first).days


def value_of(measure: Measure, year: int, today: date) -> Decimal | None:
    """The value of a measure in its year up to a day; None while there is none."""
    if not measure.indicator:
        return measure.value
    end = min(today + timedelta(days=1), date(year + 1, 1, 1))
    indicator = INDICATORS.get(measure.indicator)
    if indicator is None or end <= date(year, 1, 1):
        return None
    found = evaluate(indicator, Period(start=date(year, 1, 1), end=end)).value
    return None if found is None else found.quantize(CENT)


def readings(objective: Objective, measures: Iterable[Measure], rule: ScoreRule, today: date) -> list[Reading]:
    """The measures of an objective as they stand: one or two queries for each that is read live."""
    year = objective.line.budget.book.year
    gone = passed(year, today)
    found = []
    for measure in measures:
        value = value_of(measure, year, today)
        share = None if value is None else achieved(value, measure.target, measure.comparator)
        expected = gone if measure.grows else Decimal(1)
        found.append(
            Reading(
                measure=measure,
                value=value,
                share=share,
                points=points(measure.weight, share) if share is not None else Decimal(0),
                tone=tone_of(share, expected, blue=rule.blue, yellow=rule.yellow),
            )
        )
    return found


def execution(objective: Objective, rule: ScoreRule, today: date) -> Execution:
    """What of the line is spent, held against its allotment and the year."""
    line = objective.line
    granted = line.quota.granted if line.quota else line.amount
    spent = Quota.objects.filter(parent=line.quota_id).aggregate(total=Sum("spent"))["total"] or 0 if line.quota else 0
    share = executed(spent, granted)
    return Execution(
        granted=granted,
        spent=spent,
        share=share,
        points=points(Decimal(rule.execution), share),
        tone=tone_of(share, passed(line.budget.book.year, today), blue=rule.blue, yellow=rule.yellow),
    )
