"""A route that somebody proposes: written into an address, so that a trial can be opened again and sent around."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhen.kernel.cases.models import Route

SEPARATOR = "~"


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What a new route would say. It takes the place of the one for the same class, area and hours, if there is one."""

    case_type: str
    category_id: int | None
    area_id: int | None
    hours: str
    unit_id: int
    valid_from: date
    source: str
    cooperating: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        parts = (
            self.case_type,
            self.category_id or "",
            self.area_id or "",
            self.hours,
            self.unit_id,
            ".".join(map(str, self.cooperating)),
            self.valid_from.isoformat(),
            self.source.replace("/", "／"),
        )
        return SEPARATOR.join(map(str, parts))

    @classmethod
    def read(cls, key: str) -> Proposal:
        """Raises ValueError."""
        case_type, category, area, hours, unit, cooperating, start, source = key.split(SEPARATOR, 7)
        return cls(
            case_type=case_type,
            category_id=int(category) if category else None,
            area_id=int(area) if area else None,
            hours=Route.Hours(hours).value,
            unit_id=int(unit),
            cooperating=tuple(int(one) for one in cooperating.split(".") if one),
            valid_from=date.fromisoformat(start),
            source=source,
        )

    def row(self) -> Route:
        """As a row, not saved."""
        return Route(
            case_type=self.case_type,
            category_id=self.category_id,
            area_id=self.area_id,
            hours=self.hours,
            unit_id=self.unit_id,
            cooperating=list(self.cooperating),
            valid_from=self.valid_from,
            source=self.source,
        )

    def replaces(self, row: Route) -> bool:
        return (row.case_type, row.category_id, row.area_id, row.hours) == (
            self.case_type,
            self.category_id,
            self.area_id,
            self.hours,
        )
