"""Planning a round: which subjects, who goes, on which day, in which order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.db import connection

from zhen.kernel.access.api import Actor, action
from zhen.kernel.cases.api import rulebook
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.ids import new_id
from zhen.kernel.places.api import scope_ids, scopes_of
from zhen.kernel.rounds import rights
from zhen.kernel.rounds.actions.campaigns import over
from zhen.kernel.rounds.actions.counting import count_all
from zhen.kernel.rounds.declarations import SUBJECT_SOURCES, NewSubject
from zhen.kernel.rounds.models import Campaign, Draw, Inspector, Round, Subject, Visit
from zhen.kernel.rounds.rules.assigning import Target, assign
from zhen.kernel.rounds.rules.drawing import Lists, sample
from zhen.kernel.rounds.rules.routing import day_order
from zhen.kernel.rounds.rules.schedule import round_on, spread

BATCH = 5_000
SYSTEM = Actor.system("rounds")
MORNING = time(10)
KNOWN = ("name", "address", "place", "area", "lon", "lat")
"""What the register tells of a subject again each time."""


@action(rights.PLAN, silent=True)
def plan_round(actor: Actor, campaign: Campaign, day: date) -> Round | None:
    """Plan the round that the day falls into, once. A campaign that draws its people only freezes its lists here."""
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    span = round_on(held.every, held.starts_on, held.ends_on, day)
    if span is None or held.state != Campaign.State.RUNNING:
        return None
    made, _new = Round.objects.get_or_create(
        campaign=held, number=span.number, defaults={"first": span.first, "last": span.last}
    )
    if made.planned_at is not None:
        return made
    subjects = _due(held, _kept(held, _found(held, day)), day)
    made.subjects = len(subjects)
    if reads := SUBJECT_SOURCES[held.source].reads:
        journal.read_of(held, by=actor, purpose=held.title, fields=reads)
    if held.random:
        _freeze(made, held, subjects)
    else:
        chosen = _sampled(held, subjects, made.number)
        made.visits_planned = _assign(made, held, chosen, max(day, span.first))
    made.planned_at = clock.now()
    made.save()
    journal.record(
        "rounds.round_planned",
        by=actor,
        subject=made,
        area=held.area_id,
        unit=held.unit_id,
        data={"title": held.title, "number": made.number, "subjects": made.subjects, "visits": made.visits_planned},
    )
    return made


def plan_one(campaign: int) -> None:
    """The job that starting a campaign enqueues."""
    found = Campaign.objects.filter(pk=campaign).first()
    if found is not None:
        plan_round(SYSTEM, found, clock.today())
        order_days([clock.today()])


def plan_all() -> None:
    """Each night: end what is over, plan the rounds that begin, and put the next days' visits in a short order."""
    today = clock.today()
    over(today)
    count_all()
    for campaign in Campaign.objects.filter(state=Campaign.State.RUNNING):
        plan_round(SYSTEM, campaign, today)
    order_days([today, today + timedelta(days=1)])


def order_days(days: Iterable[date]) -> None:
    """Each inspector's visits of these days in the order of a short way."""
    rows = Visit.objects.filter(state=Visit.State.PLANNED, planned_on__in=list(days), inspector__isnull=False)
    by_day: dict[tuple[int, date], list[Visit]] = defaultdict(list)
    for visit in rows.select_related("subject").only("inspector_id", "planned_on", "place_in_day", "subject"):
        by_day[visit.inspector_id or 0, visit.planned_on].append(visit)
    changed: list[Visit] = []
    for visits in by_day.values():
        visits.sort(key=lambda visit: (visit.place_in_day, visit.pk))
        for place, visit in enumerate(_by_way(visits)):
            visit.place_in_day = place
            changed.append(visit)
    Visit.objects.bulk_update(changed, ["place_in_day"], batch_size=BATCH)


def _by_way(visits: Sequence[Visit]) -> list[Visit]:
    placed = [visit for visit in visits if visit.subject.lon is not None]
    points = [(visit.subject.lon or 0.0, visit.subject.lat or 0.0) for visit in placed]
    return [*(placed[number] for number in day_order(points)), *(one for one in visits if one.subject.lon is None)]


def _found(campaign: Campaign, day: date) -> list[NewSubject]:
    """What the register names, within the campaign's area."""
    found = SUBJECT_SOURCES[campaign.source].find(campaign.query, day)
    if campaign.area_id is None:
        return list(found)
    within = scope_ids(campaign.area_id)
    return [one for one in found if one.area_id in within or one.place_id in within]


def _kept(campaign: Campaign, found: Sequence[NewSubject]) -> list[Subject]:
    """The rows of subjects, as the register tells of them today."""
    rows = [
        Subject(
            source=campaign.source, ref=one.key, name=one.name[:200], address=one.address[:200],
            place_id=one.place_id, area_id=one.area_id, lon=one.lon, lat=one.lat,
        )
        for one in found
    ]  # fmt: skip
    Subject.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["source", "ref"], update_fields=list(KNOWN), batch_size=BATCH
    )
    return rows


def _due(campaign: Campaign, subjects: Sequence[Subject], day: date) -> list[Subject]:
    """Without those that are gone, and those seen lately where the campaign leaves them out."""
    left_out = Subject.objects.filter(source=campaign.source, gone_on__isnull=False)
    if campaign.unseen_days is not None:
        left_out |= Subject.objects.filter(
            source=campaign.source, seen_on__gt=day - timedelta(days=campaign.unseen_days)
        )
    ids = set(left_out.values_list("pk", flat=True))
    return [one for one in subjects if one.pk not in ids]


def _sampled(campaign: Campaign, subjects: Sequence[Subject], number: int) -> list[Subject]:
    if campaign.sample is None or campaign.sample >= len(subjects):
        return list(subjects)
    by_key = {one.ref: one for one in subjects}
    return [by_key[key] for key in sample(sorted(by_key), campaign.sample, f"{campaign.pk}/{number}")]


def _freeze(round_: Round, campaign: Campaign, subjects: Sequence[Subject]) -> None:
    """The lists of the draw, fixed before anybody knows the seed; their digest goes into the sealed journal."""
    inspectors = list(campaign.inspectors.all())
    lists = Lists(
        subjects=tuple(one.key for one in subjects),
        inspectors=tuple(str(one.user_id) for one in inspectors),
        count=min(campaign.sample or len(subjects), len(subjects)),
        people=campaign.people,
        recused=_recused(inspectors),
    )
    draw = Draw.objects.create(round=round_, lists=lists.as_json(), digest=lists.digest, frozen_at=clock.now())
    journal.record(
        "rounds.lists_frozen",
        by=SYSTEM,
        subject=draw,
        unit=campaign.unit_id,
        data={"title": campaign.title, "number": round_.number, "digest": draw.digest},
    )


def _recused(inspectors: Iterable[Inspector]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one in inspectors:
        for key in one.recused:
            found[key].append(str(one.user_id))
    return found


def _assign(round_: Round, campaign: Campaign, subjects: Sequence[Subject], day: date) -> int:
    """Visits for the subjects, by area and load. Gives how many."""
    inspectors = list(campaign.inspectors.order_by("user_id").values_list("user_id", "area_id"))
    scopes = scopes_of({area for _user, area in inspectors if area is not None})
    areas = {user: scopes[area] if area is not None else None for user, area in inspectors}
    targets = [Target(one.pk, one.lon, one.lat, one.area_id) for one in subjects]
    return put_visits(round_, campaign, subjects, assign(targets, list(areas), areas, campaign.people), day)


def put_visits(
    round_: Round, campaign: Campaign, subjects: Sequence[Subject], who: Mapping[int, tuple[int, ...]], day: date
) -> int:
    """The planned visits of a round: each person's, in the order of `who`, over the days that are left."""
    days = working_days(day, round_.last)
    by_person: dict[int, list[int]] = defaultdict(list)
    for subject, people in who.items():
        by_person[people[0]].append(subject)
    when = {
        subject: (on, place)
        for mine in by_person.values()
        for place, (subject, on) in enumerate(zip(mine, spread(len(mine), days, campaign.per_day), strict=True))
    }
    rows = [
        (
            Visit.Kind.ROUND.value, round_.pk, one.pk, campaign.checklist, one.area_id, campaign.unit_id,
            who[one.pk][0], (*who[one.pk], None)[1], *when[one.pk], round_.last, campaign.people,
        )
        for one in subjects if one.pk in who
    ]  # fmt: skip
    _copy(rows)
    return len(rows)


COPIED = (
    "kind", "round_id", "subject_id", "checklist", "area_id", "unit_id", "inspector_id", "second_id", "planned_on",
    "place_in_day", "due_on", "people",
)  # fmt: skip


def _copy(rows: Sequence[tuple[object, ...]]) -> None:
    """Straight into the table: a hundred thousand visits are planned in seconds, in one statement."""
    fields = [one for one in Visit._meta.concrete_fields if one.column not in COPIED and not one.null]
    fresh = Visit()
    same = [one.get_db_prep_save(getattr(fresh, one.attname), connection) for one in fields if not one.primary_key]
    columns = ("id", *COPIED, *(str(one.column) for one in fields if not one.primary_key))
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY rounds_visit ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row((new_id(), *row, *same))


def working_days(first: date, last: date) -> list[date]:
    """The working days of a span; all of its days where none is worked."""
    every = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    book = rulebook()
    worked = [day for day in every if book.is_open(datetime.combine(day, MORNING, clock.TOWN_ZONE))]
    return worked or every
