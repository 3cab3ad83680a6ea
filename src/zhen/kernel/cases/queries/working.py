"""What somebody needs to know before he acts on a case: what a step will do, and who could take it on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from zhen.kernel.access.api import ROLES, Actor, permissions_of
from zhen.kernel.cases import clocks
from zhen.kernel.cases.declarations import CASE_TYPES, CaseType, Deadline, State, Transition
from zhen.kernel.cases.models import Case, Clock
from zhen.kernel.cases.queries.cases import readable
from zhen.kernel.cases.rulebook import Rulebook
from zhen.kernel.identity.api import User, posts_on


@dataclass(frozen=True, kw_only=True)
class Starting:
    deadline: Deadline
    due_at: datetime | None
    provisional: bool


@dataclass(frozen=True, kw_only=True)
class Foresight:
    """What a step will do: where the case stands then, which clocks stop, and which start with which end."""

    state: State
    moves: bool
    closes: bool
    holds: bool
    stops: tuple[Deadline, ...]
    starts: tuple[Starting, ...]


def foresee(case: Case, step: Transition, running: Iterable[Clock], book: Rulebook, now: datetime) -> Foresight:
    """No query. A class that is chosen along with the step may change the limits; that is seen afterwards."""
    type_ = CASE_TYPES[case.type]
    state = type_.state(step.after or case.state)
    still = [row.deadline for row in running if row.running]
    stops = still if state.end else [name for name in still if name in step.stops]
    left = {name for name in still if name not in step.stops}
    new = [] if state.end else clocks.started(type_, case, (n for n in step.starts if n not in left), book, now)
    return Foresight(
        state=state,
        moves=state.id != case.state,
        closes=state.end and case.open,
        holds=state.waiting,
        stops=tuple(type_.deadline(name) for name in stops),
        starts=tuple(
            Starting(deadline=type_.deadline(row.deadline), due_at=row.due_at, provisional=row.provisional)
            for row in new
        ),
    )


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Somebody who could take cases of a type on, with the open ones that he has already."""

    user: User
    unit_id: int
    stands_in: bool
    load: int


def hands(type_: CaseType, units: Iterable[int], day: date) -> tuple[Hand, ...]:
    """Who holds a post in these units with which he reads cases of the type; who has the least comes first.

    Two queries. A deputy stands in for somebody who is away.
    """
    reading = [role.id for role in ROLES if type_.powers.view in permissions_of(role)]
    posts = posts_on(day).filter(unit_id__in=list(units), role__in=reading, user__is_active=True)
    found: dict[int, tuple[User, int, bool]] = {}
    for post in posts.select_related("user").order_by("unit_id", "user_id", "id"):
        found.setdefault(post.user_id, (post.user, post.unit_id, post.deputises_id is not None))
    loads = load_of(found)
    made = [
        Hand(user=user, unit_id=unit, stands_in=deputy, load=loads.get(user.pk, 0))
        for user, unit, deputy in found.values()
    ]
    return tuple(sorted(made, key=lambda hand: (hand.load, str(hand.user))))


def load_of(people: Iterable[int]) -> dict[int, int]:
    """How many open cases each of these people has, whatever their type and whoever asks: a number, no case."""
    rows = Case.objects.filter(open=True, person_id__in=list(people)).values("person_id")
    return {row["person_id"]: row["n"] for row in rows.annotate(n=Count("pk")).order_by()}


@dataclass(frozen=True, kw_only=True)
class Load:
    """Somebody with open cases. `gone`: he holds no post any more, so that they wait for nobody."""

    user: User
    count: int
    gone: bool


def loads(actor: Actor, day: date) -> list[Load]:
    """Who has how many of the open cases that the actor may see; those who are gone come first. Three queries."""
    rows = readable(actor).filter(open=True, person__isnull=False).values("person_id").annotate(n=Count("pk"))
    counts = {row["person_id"]: row["n"] for row in rows.order_by()}
    posted = set(posts_on(day).filter(user_id__in=counts).values_list("user_id", flat=True))
    users = User.objects.in_bulk(list(counts))
    found = [
        Load(user=user, count=counts[id], gone=id not in posted or not user.is_active) for id, user in users.items()
    ]
    return sorted(found, key=lambda load: (not load.gone, -load.count, str(load.user)))


def left_behind(actor: Actor, user_id: int) -> list[Case]:
    """The open cases of somebody that the actor may see: what is to be handed over when he goes."""
    rows = readable(actor).filter(open=True, person_id=user_id).select_related("category", "unit", "person")
    return list(rows.order_by("due_at", "pk")[:1000])


def parts_of(actor: Actor, case: Case) -> list[Case]:
    rows = readable(actor).filter(parent=case).select_related("category", "unit", "person")
    return list(rows.order_by("pk")[:200])
