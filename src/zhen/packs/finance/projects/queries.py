"""Reading the project library, restricted."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from zhen.kernel.access.api import Actor, actionable, restrict
from zhen.kernel.identity.api import Unit, open_units
from zhen.kernel.lib import clock
from zhen.packs.finance import queries as money
from zhen.packs.finance import rights as money_rights
from zhen.packs.finance.models import Budget, BudgetLine
from zhen.packs.finance.projects import rights
from zhen.packs.finance.projects.models import Project, ProjectNeed


def projects(actor: Actor) -> QuerySet[Project]:
    """Each with what it needs in all, as `total`."""
    rows = Project.objects.select_related("unit", "asked_by", "decided_by")
    return restrict(actor, money_rights.VIEW, rows.annotate(total=Coalesce(Sum("needs__amount"), 0)))


def project_for(actor: Actor, key: str) -> Project:
    return money.one(projects(actor), key)


def lines(actor: Actor, project: Project) -> QuerySet[BudgetLine]:
    """The budget lines that were drawn from it."""
    return money.lines(actor).filter(project=project)


def drawable(actor: Actor, budget: Budget) -> QuerySet[Project]:
    """What somebody's draft of a year can take: in the library, with a need in that year, and not drawn yet."""
    drawn = BudgetLine.objects.filter(budget=budget, project=OuterRef("pk"))
    rows = Project.objects.filter(~Exists(drawn), state=Project.State.ADMITTED, needs__year=budget.book.year)
    needed = Sum("needs__amount", filter=Q(needs__year=budget.book.year))
    rows = actionable(actor, money_rights.DRAFT, rows)
    return rows.select_related("unit").annotate(needed=needed).order_by("priority", "unit__name_key", "pk")


def years() -> list[int]:
    return list(ProjectNeed.objects.order_by("-year").values_list("year", flat=True).distinct()[:30])


def own_units(actor: Actor) -> QuerySet[Unit]:
    """The departments for which somebody may propose."""
    return actionable(actor, rights.PROPOSE, open_units(clock.today()))
