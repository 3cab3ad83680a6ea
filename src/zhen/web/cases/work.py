"""All that is known about a case while somebody works on it: read once a request, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import (
    CASE_TYPES,
    Case,
    CaseAttachment,
    CaseType,
    Clock,
    Comment,
    Extension,
    Hand,
    Link,
    Reporter,
    Rulebook,
    Transition,
)
from zhen.kernel.identity.api import Unit, open_units
from zhen.kernel.journal.api import READ, Event, events_about
from zhen.kernel.lib import clock

MOST_EVENTS = 300


@dataclass
class Work:
    actor: Actor
    case: Case
    now: datetime
    clear: tuple[tuple[str, str], ...] = ()
    """Who reported it, in clear, where this request has opened it with a purpose."""

    @property
    def type(self) -> CaseType:
        return CASE_TYPES[self.case.type]

    @property
    def day(self) -> date:
        return self.now.astimezone(clock.TOWN_ZONE).date()

    def may(self, power: str) -> bool:
        return self.actor.may(getattr(self.type.powers, power))

    @cached_property
    def book(self) -> Rulebook:
        return cases.rulebook()

    @cached_property
    def has_evidence(self) -> bool:
        return any(one.kind == CaseAttachment.Kind.EVIDENCE for one in cases.attachments_of(self.case))

    @cached_property
    def clocks(self) -> list[Clock]:
        return cases.clocks_of(self.case)

    @cached_property
    def running(self) -> list[Clock]:
        return [row for row in self.clocks if row.running]

    @cached_property
    def asked(self) -> list[Extension]:
        """Requests for more time that wait for a decision."""
        return cases.asked_extensions(self.case)

    @cached_property
    def comments(self) -> dict[int, Comment]:
        return {comment.pk: comment for comment in cases.comments_of(self.case)}

    @cached_property
    def events(self) -> list[Event]:
        """What happened, the first first; of a case that went on for very long, the newest."""
        return list(reversed(events_about(self.case).exclude(kind=READ)[:MOST_EVENTS]))

    @property
    def newest(self) -> int:
        return self.events[-1].pk if self.events else 0

    @cached_property
    def links(self) -> list[Link]:
        return cases.links_of(self.case)

    @cached_property
    def parts(self) -> list[Case]:
        return cases.parts_of(self.actor, self.case)

    @cached_property
    def reporter(self) -> Reporter | None:
        """Whether there is one, and what he wants; who he is stays closed until somebody says what for."""
        rows = restrict(self.actor, self.type.powers.view, Reporter.objects.filter(case=self.case))
        return rows.first()

    @cached_property
    def units(self) -> list[Unit]:
        return list(open_units(self.day).order_by("order", "name_key", "id"))

    @cached_property
    def hands(self) -> tuple[Hand, ...]:
        """Who could take it on: the people of the units that have it, or of the reader's own while none has it."""
        having = {self.case.unit_id, *self.case.shared_units} - {None}
        units = [unit for unit in having if unit is not None] or list(cases.own_units(self.actor))
        return cases.hands(self.type, units, self.day)

    @cached_property
    def steps(self) -> tuple[Transition, ...]:
        return cases.steps_for(self.actor, self.case)

    @cached_property
    def suggested_unit(self) -> int | None:
        """Who handles it by the town's routes; who has it already stays first."""
        if self.case.unit_id is not None:
            return self.case.unit_id
        around = cases.areas_around(self.case.area_id, self.day)
        route = self.book.route(self.case.type, self.case.category_id, around, self.now)
        return route.unit_id if route else None
