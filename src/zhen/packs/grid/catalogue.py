"""The classes of grid cases as Zhen ships them: read from `classes.csv`, laid down as the town's own dated rows.

Two families, facilities (部件) and events (事件), with major and minor classes after GB/T 30428.2. What is laid down
belongs to the town: what it changes is never overwritten, a later edition only adds.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from zhen.kernel.access.api import Actor, action
from zhen.kernel.cases.api import Category, Route, TimeLimit
from zhen.kernel.identity.api import Unit
from zhen.kernel.journal import api as journal

SCHEME, CASE_TYPE, HANDLE = "grid", "grid.case", "handle"
VALID_FROM = date(2019, 1, 1)
CHANGE = "cases.rules.change"


@dataclass(frozen=True, kw_only=True)
class GridClass:
    """A row of the catalogue. Families and major classes have no limit and no unit; cases name minor ones."""

    code: str
    name: str
    english: str
    amount: int
    unit: str
    office: str
    opening: str
    closing: str
    source: str

    @property
    def minor(self) -> bool:
        return len(self.code) == 5

    @property
    def above(self) -> str:
        """The code of the class above; empty for a family."""
        return {1: "", 3: self.code[:1], 5: self.code[:3]}[len(self.code)]


@cache
def catalogue() -> tuple[GridClass, ...]:
    """All classes, each after the one above it."""
    text = (files("zhen.packs.grid") / "classes.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(GridClass(**{**row, "amount": int(row["amount"] or 0)}) for row in rows)  # type: ignore[arg-type]


@action(CHANGE, silent=True)
def lay_classes(actor: Actor) -> int:
    """Add the classes, and the limits of those added, that the town does not have yet; gives how many classes."""
    known = {row.code: row for row in Category.objects.filter(scheme=SCHEME)}
    new: list[GridClass] = []
    for level in (1, 3, 5):
        missing = [one for one in catalogue() if len(one.code) == level and one.code not in known]
        made = Category.objects.bulk_create(_row(one, order, known.get(one.above)) for order, one in enumerate(missing))
        known |= {row.code: row for row in made}
        new += missing
    TimeLimit.objects.bulk_create(_limit(one, known[one.code]) for one in new if one.minor)
    if new:
        journal.record(
            "grid.classes_laid", by=actor, subject=known[new[0].code], data={"number": len(new), "scheme": SCHEME}
        )
    return len(new)


@action(CHANGE, silent=True)
def lay_routes(actor: Actor, *, source: str) -> int:
    """Send each class to the unit that its row names by code, where the town has that unit and no route of its own."""
    units = dict(Unit.objects.values_list("code", "pk"))
    known = {row.code: row for row in Category.objects.filter(scheme=SCHEME)}
    routed: set[int | None] = set(Route.objects.filter(case_type=CASE_TYPE).values_list("category_id", flat=True))
    rows = _routes(catalogue(), units, known, routed, source)
    Route.objects.bulk_create(rows)
    if rows:
        journal.record("grid.routes_laid", by=actor, subject=known["S"], data={"number": len(rows)})
    return len(rows)


def _row(one: GridClass, order: int, above: Category | None) -> Category:
    return Category(
        scheme=SCHEME,
        code=one.code,
        name=one.name,
        english=one.english,
        parent=above,
        family=one.code[0],
        leaf=one.minor,
        order=order,
        opening=one.opening,
        closing=one.closing,
        valid_from=VALID_FROM,
        source=one.source,
    )


def _limit(one: GridClass, category: Category) -> TimeLimit:
    return TimeLimit(
        case_type=CASE_TYPE,
        deadline=HANDLE,
        category=category,
        amount=one.amount,
        unit=one.unit,
        valid_from=VALID_FROM,
        source=one.source,
    )


def _routes(
    classes: Iterable[GridClass],
    units: dict[str, int],
    known: dict[str, Category],
    routed: set[int | None],
    source: str,
) -> Sequence[Route]:
    return [
        Route(
            case_type=CASE_TYPE,
            category=known[one.code],
            unit_id=units[one.office],
            valid_from=VALID_FROM,
            source=source,
        )
        for one in classes
        if one.office in units and one.code in known and known[one.code].pk not in routed
    ]
