"""The course of a target as a small line: values, the promise, and the even course to it. Pure; drawn as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhen.kernel.plan.api import Measurement, Target

WIDTH, HEIGHT, PAD = 640, 160, 10


@dataclass(frozen=True, kw_only=True)
class Sparkline:
    """Points in the coordinates of the view box."""

    points: str
    dots: tuple[tuple[float, float, str], ...]
    promise: float | None
    course: tuple[float, float, float, float] | None
    first: date
    last: date
    width: int = WIDTH
    height: int = HEIGHT


def sparkline(target: Target, measurements: Sequence[Measurement]) -> Sparkline | None:
    """Nothing to draw before there are two values."""
    values = {m.on: m.value for m in reversed(measurements) if m.value is not None}
    if len(values) < 2:
        return None
    first, last = target.starts_on, max(target.due_on, *values)
    top = max([*values.values(), target.value or Decimal(0)])
    low = min([*values.values(), target.baseline or Decimal(0), Decimal(0)])
    span = float(top - low) or 1.0
    days = (last - first).days or 1

    def x(day: date) -> float:
        return round(PAD + (WIDTH - 2 * PAD) * max(0, (day - first).days) / days, 1)

    def y(value: Decimal) -> float:
        return round(HEIGHT - PAD - (HEIGHT - 2 * PAD) * float(value - low) / span, 1)

    dots = tuple((x(day), y(value), f"{day:%Y-%m-%d}: {value.normalize():f}") for day, value in sorted(values.items()))
    promise = y(target.value) if target.value is not None else None
    course = None
    if promise is not None and target.course == Target.Course.ACCUMULATES:
        course = (x(first), y(target.baseline or Decimal(0)), x(target.due_on), promise)
    return Sparkline(
        points=" ".join(f"{a},{b}" for a, b, _label in dots),
        dots=dots,
        promise=promise,
        course=course,
        first=first,
        last=last,
    )
