"""Projects from being proposed to being drawn into a year's draft of the budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor, Denied, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance import duties
from zhen.packs.finance import rights as money
from zhen.packs.finance.actions import budgets
from zhen.packs.finance.models import Budget, BudgetLine
from zhen.packs.finance.projects import rights
from zhen.packs.finance.projects.models import Project, ProjectNeed

State = Project.State
Given = tuple[int, str, int]
"""What a project needs: year, economic class, fen."""
WRITTEN = ("name", "kind", "basis", "objective", "function", "source", "priority")


@action(rights.PROPOSE)
def propose(actor: Actor, given: Mapping[str, Any], needs: Sequence[Given]) -> Project:
    """Ask for a project of one's department: `given` has its facts, `needs` what it takes year by year."""
    if Project.objects.filter(unit=given["unit"], name=given["name"]).exclude(state=State.ENDED).exists():
        raise Refused(
            field=_("project"),
            value=given["name"],
            reason=_("the library has it already"),
            remedy=_("Change that project, or give this one another name"),
        )
    made = Project.objects.create(**given, asked_by_id=actor.user_id, asked_at=clock.now())
    if not actionable(actor, rights.PROPOSE, Project.objects.filter(pk=made.pk)).exists():
        raise Denied(rights.PROPOSE, actor)
    _write(made, needs)
    _tell("project_proposed", actor, made, amount=str(Money(_total(needs))))
    return made


@action(rights.PROPOSE)
def change(actor: Actor, key: int, given: Mapping[str, Any], needs: Sequence[Given]) -> Project:
    """Change a project that is not admitted yet; one that was sent back is asked for again by this."""
    held = _held(actor, rights.PROPOSE, key, State.ASKED, State.RETURNED)
    for name in WRITTEN:
        setattr(held, name, given[name])
    others = Project.objects.filter(unit=held.unit_id, name=held.name).exclude(pk=held.pk).exclude(state=State.ENDED)
    if others.exists():
        raise Refused(
            field=_("project"),
            value=held.name,
            reason=_("the library has it already"),
            remedy=_("Change that project, or give this one another name"),
        )
    held.state, held.said, held.decided_by, held.decided_at = State.ASKED, "", None, None
    held.asked_by_id, held.asked_at = actor.user_id, clock.now()
    held.save()
    held.needs.all().delete()
    _write(held, needs)
    _tell("project_changed", actor, held, amount=str(Money(_total(needs))))
    return held


@action(rights.ADMIT)
def admit(actor: Actor, key: int) -> Project:
    """Take a project into the library: from now on it can be drawn into a budget."""
    held = _decidable(actor, key)
    return _decide(actor, held, State.ADMITTED, "", "project_admitted")


@action(rights.ADMIT)
def send_back(actor: Actor, key: int, *, said: str) -> Project:
    """Send a project back to its department, with what is missing."""
    held = _decidable(actor, key)
    return _decide(actor, held, State.RETURNED, said, "project_returned")


@action(rights.ADMIT)
def end(actor: Actor, key: int, *, said: str) -> Project:
    """Take a project out of the library: nothing more is drawn from it. Lines that were drawn stay."""
    held = _held(actor, rights.ADMIT, key, State.ADMITTED)
    duties.check(actor, "project.admit", {"project.propose": held.asked_by_id})
    return _decide(actor, held, State.ENDED, said, "project_ended")


@action(money.DRAFT)
def draw(actor: Actor, budget: Budget, projects: Iterable[Project]) -> list[BudgetLine]:
    """Draw projects that somebody drafts for: a line for each economic class that one needs in the budget's year."""
    year = budget.book.year
    keys = sorted(project.pk for project in projects)
    rows = Project.objects.select_for_update(of=("self",)).select_related("unit").prefetch_related("needs")
    held = list(actionable(actor, money.DRAFT, rows).filter(pk__in=keys).order_by("priority", "pk"))
    if len(held) < len(keys):
        raise Denied(money.DRAFT, actor)
    drawn = set(BudgetLine.objects.filter(budget=budget, project__in=keys).values_list("project_id", flat=True))
    made: list[BudgetLine] = []
    for project in held:
        needs = [need for need in project.needs.all() if need.year == year]
        if project.state != State.ADMITTED or project.pk in drawn or not needs:
            raise Outdated(
                field=_("project"),
                value=project,
                reason=_("it is not in the library, is drawn already, or needs nothing in %(year)s") % {"year": year},
                remedy=_("Look at it as it stands"),
            )
        made += [budgets.add_line(actor, budget, line_of(project, need)) for need in needs]
        _tell("project_drawn", actor, project, budget=str(budget))
    if not made:
        raise Refused(field=_("project"), value="", reason=_("none is chosen"), remedy=_("Choose one or more"))
    return made


def line_of(project: Project, need: ProjectNeed) -> dict[str, Any]:
    return {
        "unit": project.unit,
        "name": project.name,
        "function": project.function,
        "economic": need.economic,
        "source": project.source,
        "amount": need.amount,
        "project": project,
    }


def _total(needs: Iterable[Given]) -> int:
    return sum(fen for _year, _economic, fen in needs)


def _write(project: Project, needs: Sequence[Given]) -> None:
    if not needs:
        raise Refused(field=_("needs"), value="", reason=_("it needs nothing"), remedy=_("Write a line for each year"))
    ProjectNeed.objects.bulk_create(
        ProjectNeed(project=project, year=year, economic=economic, amount=fen) for year, economic, fen in needs
    )


def _decidable(actor: Actor, key: int) -> Project:
    held = _held(actor, rights.ADMIT, key, State.ASKED)
    duties.check(actor, "project.admit", {"project.propose": held.asked_by_id})
    return held


def _decide(actor: Actor, held: Project, state: Project.State, said: str, event: str) -> Project:
    if state != State.ADMITTED and not said.strip():
        raise Refused(
            field=_("reason"), value="", reason=_("it stays beside the project"), remedy=_("Say it in a sentence")
        )
    held.state, held.said = state, said.strip()
    held.decided_by_id, held.decided_at = actor.user_id, clock.now()
    held.save(update_fields=["state", "said", "decided_by", "decided_at"])
    _tell(event, actor, held, **({"reason": held.said} if held.said else {}))
    return held


def _held(actor: Actor, permission: str, key: int, *states: Project.State) -> Project:
    rows = Project.objects.select_for_update(of=("self",)).select_related("unit")
    held = actionable(actor, permission, rows).get(pk=key)
    if held.state not in states:
        raise Outdated(
            field=_("project"),
            value=held,
            reason=pgettext_lazy("a project", "it is %(state)s") % {"state": held.get_state_display()},
            remedy=_("Look at it as it stands"),
        )
    return held


def _tell(kind: str, actor: Actor, project: Project, **data: str) -> None:
    facts = {"project": project.name, **data}
    journal.record(f"finance.{kind}", by=actor, subject=project, unit=project.unit_id, data=facts)
