"""Reading fire files and what belongs to their buildings, restricted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.cases.api import Case, readable
from zhen.kernel.lib import clock
from zhen.kernel.notify.api import Due
from zhen.kernel.pages.api import Missing
from zhen.kernel.places.api import scope_ids, versions_on
from zhen.kernel.telemetry.api import Alarm, Device, alarms, devices
from zhen.packs.fire import rights
from zhen.packs.fire.case_types import HAZARD
from zhen.packs.fire.models import Drill, Equipment, FireFile, Paper, Upkeep
from zhen.packs.fire.rules import month_of, months_later


def files(actor: Actor) -> QuerySet[FireFile]:
    """Each with the name of its place today, as `place_name`."""
    names = versions_on(clock.today()).filter(place=OuterRef("place")).values("name")[:1]
    rows = restrict(actor, rights.FILE_VIEW, FireFile.objects.select_related("place", "unit", "keeper"))
    return rows.annotate(
        place_name=Subquery(names),
        late_upkeep=Exists(Upkeep.objects.filter(file=OuterRef("pk"), done_on=None, due_on__lt=clock.today())),
    )


def file_for(actor: Actor, key: str) -> FireFile:
    """The fire file of a place, by its code. Raises Missing."""
    found = files(actor).filter(place__code=key).first() if len(key) <= 40 and "\x00" not in key else None
    if found is None:
        raise Missing(f"fire file {key}")
    return found


def equipment_for(actor: Actor, key: str) -> Equipment:
    return _one(restrict(actor, rights.FILE_VIEW, Equipment.objects.select_related("file__place")), key)


def upkeep(actor: Actor) -> QuerySet[Upkeep]:
    """Each with the name of its building today, as `place_name`."""
    names = versions_on(clock.today()).filter(place=OuterRef("file__place")).values("name")[:1]
    rows = restrict(actor, rights.FILE_VIEW, Upkeep.objects.select_related("file__place", "by"))
    return rows.annotate(place_name=Subquery(names))


def upkeep_for(actor: Actor, key: str) -> Upkeep:
    return _one(upkeep(actor), key)


def devices_of(actor: Actor, file: FireFile) -> QuerySet[Device]:
    """The devices in the building and its floors, whatever pack their kind is of."""
    rows = devices(actor).filter(place__in=scope_ids(file.place_id), state=Device.State.ACTIVE)
    return rows.order_by("profile", "code")


def open_alarms(actor: Actor, file: FireFile) -> QuerySet[Alarm]:
    rows = alarms(actor).filter(place__in=scope_ids(file.place_id), closed_at=None, suppression=None)
    return rows.order_by("-severity", "-opened_at")


def hazards(actor: Actor, file: FireFile) -> QuerySet[Case]:
    return readable(actor, [HAZARD]).filter(place=file.place_id).order_by("-open", "-received_at")


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month of a building."""

    file: FireFile
    first: date

    @property
    def key(self) -> str:
        return f"{self.file.key}.{self.first:%Y-%m}"

    @property
    def end(self) -> date:
        return months_later(self.first, 1)

    @property
    def span(self) -> tuple[datetime, datetime]:
        start, end = (datetime.combine(day, time.min, clock.TOWN_ZONE) for day in (self.first, self.end))
        return start, end


def month_for(actor: Actor, key: str) -> Month:
    """A building's month by its key, such as 310107102009-001.2026-09. Raises Missing."""
    code, _dot, text = key.rpartition(".")
    first = month_of(text)
    if first is None or first > clock.today():
        raise Missing(f"month {key}")
    return Month(file=file_for(actor, code), first=first)


@dataclass(frozen=True, kw_only=True)
class MonthNumbers:
    """What happened in a building in a month, counted."""

    alarms: int
    by_cause: Sequence[tuple[str, int]]
    unclosed: int
    hazards_found: int
    hazards_closed: int
    hazards_open: int
    upkeep_due: int
    upkeep_done: int


def numbers(actor: Actor, month: Month) -> MonthNumbers:
    start, end = month.span
    of_month = alarms(actor).filter(
        place__in=scope_ids(month.file.place_id), opened_at__gte=start, opened_at__lt=end, suppression=None
    )
    causes = of_month.order_by().exclude(cause="").values_list("cause").annotate(count=Count("pk")).order_by("-count")
    rows = hazards(actor, month.file).order_by()
    cases = rows.aggregate(
        found=Count("pk", filter=Q(received_at__gte=start, received_at__lt=end)),
        closed=Count("pk", filter=Q(closed_at__gte=start, closed_at__lt=end)),
        open=Count("pk", filter=Q(received_at__lt=end) & (Q(closed_at=None) | Q(closed_at__gte=end))),
    )
    due = Q(due_on__gte=month.first, due_on__lt=month.end)
    tasks = month.file.upkeep.aggregate(
        due=Count("pk", filter=due), done=Count("pk", filter=due & Q(done_on__isnull=False))
    )
    return MonthNumbers(
        alarms=of_month.count(),
        by_cause=list(causes),
        unclosed=of_month.filter(closed_at=None).count(),
        hazards_found=cases["found"],
        hazards_closed=cases["closed"],
        hazards_open=cases["open"],
        upkeep_due=tasks["due"],
        upkeep_done=tasks["done"],
    )


def alarms_of_month(actor: Actor, month: Month) -> QuerySet[Alarm]:
    start, end = month.span
    rows = alarms(actor).filter(place__in=scope_ids(month.file.place_id), opened_at__gte=start, opened_at__lt=end)
    return rows.filter(suppression=None).order_by("opened_at")


def hazards_of_month(actor: Actor, month: Month) -> QuerySet[Case]:
    """Hazards that were open at some time of the month."""
    start, end = month.span
    return hazards(actor, month.file).filter(Q(closed_at=None) | Q(closed_at__gte=start), received_at__lt=end)


def upkeep_of_month(month: Month) -> QuerySet[Upkeep]:
    return month.file.upkeep.filter(due_on__gte=month.first, due_on__lt=month.end)


def drills_of_month(month: Month) -> QuerySet[Drill]:
    return month.file.drills.filter(held_on__gte=month.first, held_on__lt=month.end)


def due_dates(first: date, last: date) -> Iterable[Due]:
    """What of fire files falls due: checks, replacements, tasks, contracts, plans. Without an actor: for reminders."""
    between = (first, last)
    for task in Upkeep.objects.filter(done_on=None, due_on__range=between).select_related("file__place"):
        yield _due(task.file, task.due_on, task, task.what)
    for piece in Equipment.objects.filter(check_due_on__range=between).select_related("file__place"):
        assert piece.check_due_on is not None
        yield _due(piece.file, piece.check_due_on, piece, str(piece))
    for paper in Paper.objects.filter(valid_until__range=between).select_related("file__place"):
        assert paper.valid_until is not None
        yield _due(paper.file, paper.valid_until, paper, paper.title)
    for file in FireFile.objects.filter(contract_until__range=between).select_related("place"):
        assert file.contract_until is not None
        yield _due(file, file.contract_until, file, file.contractor)


def _due(file: FireFile, on: date, subject: Upkeep | Equipment | Paper | FireFile, what: str) -> Due:
    return Due(
        subject=(subject._meta.label_lower, str(subject.pk)),
        due=on,
        people=frozenset({file.keeper_id} if file.keeper_id else ()),
        units=frozenset({file.unit_id}),
        values={"what": what, "place": file.place.code, "due": on.isoformat()},
        url=f"/desk/fire/files/{file.key}/",
    )


def months(actor: Actor, first: date) -> Sequence[Month]:
    """The same month of each building that has a file."""
    return [Month(file=file, first=first) for file in files(actor).order_by("place__code")]


def last_months(today: date, count: int = 12) -> list[date]:
    """The first days of the months gone by, and of this one: the newest first."""
    first = today.replace(day=1)
    return [months_later(first, -back) for back in range(count)]


Row = TypeVar("Row", Equipment, Upkeep)


def _one(rows: QuerySet[Row], key: str) -> Row:
    found = rows.filter(pk=key).first() if key.isascii() and key.isdigit() and len(key) < 19 else None
    if found is None:
        raise Missing(key)
    return found
