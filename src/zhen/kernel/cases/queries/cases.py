"""Reading cases, always through `restrict`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from zhen.kernel.access.api import Actor, ActorKind, restrict
from zhen.kernel.cases import units
from zhen.kernel.cases.declarations import CASE_TYPES, By, CaseType, Transition
from zhen.kernel.cases.models import Case, Clock, Comment, Link
from zhen.kernel.cases.secret import case_opened_by
from zhen.kernel.pages.api import Missing


def types_for(actor: Actor) -> tuple[CaseType, ...]:
    """The case types of which the actor may see any case."""
    return tuple(type_ for type_ in CASE_TYPES if actor.may(type_.powers.view))


def readable(actor: Actor, types: Iterable[str] | None = None) -> QuerySet[Case]:
    """The cases that the actor may read, of some types or of all that he has a right to."""
    wanted = [CASE_TYPES[id] for id in types] if types is not None else list(types_for(actor))
    ids_by_power: dict[str, list[str]] = {}
    for type_ in wanted:
        ids_by_power.setdefault(type_.powers.view, []).append(type_.id)
    if len(ids_by_power) == 1:
        ((power, ids),) = ids_by_power.items()
        return restrict(actor, power, Case.objects.filter(_of_types(ids)))
    rows = Case.objects.none()
    for power, ids in ids_by_power.items():
        rows = rows | restrict(actor, power, Case.objects.filter(_of_types(ids)))
    return rows


def _of_types(ids: Sequence[str]) -> Q:
    return Q(type=ids[0]) if len(ids) == 1 else Q(type__in=ids)


def case_for(actor: Actor, key: str | int, *, alone: bool = False) -> Case:
    """One case by its id or number, with all that its page names; `alone` for what shows none of that.

    Raises Missing where it is not there, or not for this reader.
    """
    rows = readable(actor)
    if not alone:
        rows = rows.select_related("category", "unit", "person", "area", "place", "parent")
    by = {"pk": int(key)} if str(key).isdigit() and len(str(key)) < 18 else {"number": str(key)}
    found = rows.filter(**by).first()
    if found is None:
        raise Missing(key)
    return found


def is_readable(actor: Actor, case: Case) -> bool:
    """Whether this reader may read the case as it stands now."""
    return readable(actor, [case.type]).filter(pk=case.pk).exists()


def by_number(actor: Actor, numbers: Iterable[str]) -> dict[str, Case]:
    return {case.number: case for case in readable(actor).filter(number__in=set(numbers))}


def steps_for(actor: Actor, case: Case) -> tuple[Transition, ...]:
    """The steps that this actor can take on the case as it stands, in the order of the table."""
    return tuple(step for step in CASE_TYPES[case.type].steps_from(case.state) if _may(actor, case, step))


def _may(actor: Actor, case: Case, step: Transition) -> bool:
    if actor.kind is ActorKind.SYSTEM:
        return True
    if not actor.may(step.permission):
        return False
    match step.by:
        case By.SYSTEM | By.REPORTER:
            return False
        case By.PERSON:
            return case.person_id == actor.user_id
        case By.UNIT:
            return units.belongs(actor, step.permission, case)
        case By.OTHER:
            return case.handled_by_id is None or case.handled_by_id != actor.user_id
    return True


def clocks_of(case: Case) -> list[Clock]:
    """The clocks of a case that has been fetched for its reader, from the first to the last."""
    return list(Clock.objects.filter(case=case).order_by("started_at", "pk"))


def comments_of(case: Case, *, public: bool = False) -> list[Comment]:
    rows = Comment.objects.filter(case=case).select_related("by").order_by("at", "pk")
    return list(rows.filter(public=True) if public else rows)


def links_of(case: Case) -> list[Link]:
    """The links of a case in both directions."""
    return list(Link.objects.filter(Q(case=case) | Q(target=case)).select_related("case", "target").order_by("pk"))


def tracked(number: str, secret: str) -> Case:
    """The case of a reporter who shows its number and secret. Wrong number and wrong secret look the same.

    Raises Missing.
    """
    case_id = case_opened_by(number, secret)
    if case_id is None:
        raise Missing(number)
    return Case.objects.select_related("category", "area", "unit").get(pk=case_id)
