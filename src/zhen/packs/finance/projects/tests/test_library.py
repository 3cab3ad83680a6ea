"""The project library: who proposes and admits, what is drawn into a draft, and what cannot be."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from zhen.kernel.access.api import Denied
from zhen.kernel.journal import api as journal
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance.actions import budgets
from zhen.packs.finance.models import Budget, BudgetLine
from zhen.packs.finance.projects import actions, queries
from zhen.packs.finance.projects.models import Project, ProjectNeed
from zhen.packs.finance.projects.tests.conftest import admitted, proposed
from zhen.packs.finance.tests.conftest import Cast

pytestmark = pytest.mark.django_db


def a_draft(cast: Cast) -> Budget:
    return budgets.begin(cast.anna, cast.book)


def facts_of(project: Project) -> dict[str, object]:
    return {name: getattr(project, name) for name in actions.WRITTEN}


def test_what_is_admitted_becomes_lines_of_the_years_draft(cast: Cast) -> None:
    draft, roof = a_draft(cast), admitted(cast)
    lines = actions.draw(cast.anna, draft, [roof])
    assert [(line.economic, line.amount, line.name, line.unit_id, line.project_id) for line in lines] == [
        ("30213", 60_000, "Roof", cast.office.pk, roof.pk),
        ("31002", 40_000, "Roof", cast.office.pk, roof.pk),
    ]
    cast.in_force()
    granted = BudgetLine.objects.filter(project=roof).values_list("quota__granted", flat=True)
    assert sorted(granted) == [40_000, 60_000]
    kinds = journal.Event.objects.filter(kind__startswith="finance.project").order_by("id")
    assert [event.kind.removeprefix("finance.project_") for event in kinds] == ["proposed", "admitted", "drawn"]


def test_a_project_is_drawn_once_and_only_in_a_year_in_which_it_needs_something(cast: Cast) -> None:
    draft, roof = a_draft(cast), admitted(cast)
    later = admitted(cast, ((2027, "30213", 1),), name="Later")
    waiting = proposed(cast, name="Waiting")
    assert [(found.pk, vars(found)["needed"]) for found in queries.drawable(cast.anna, draft)] == [(roof.pk, 100_000)]
    actions.draw(cast.anna, draft, [roof])
    assert not queries.drawable(cast.anna, draft).exists()
    for project in (roof, later, waiting):
        with pytest.raises(Outdated), transaction.atomic():
            actions.draw(cast.anna, draft, [project])
    with pytest.raises(Refused), transaction.atomic():
        actions.draw(cast.anna, draft, [])
    assert BudgetLine.objects.count() == 2


def test_a_draft_that_was_reviewed_takes_nothing_more(cast: Cast) -> None:
    draft, first, second = a_draft(cast), admitted(cast), admitted(cast, name="Wall")
    actions.draw(cast.anna, draft, [first])
    budgets.review(cast.frank, draft)
    with pytest.raises(Outdated):
        actions.draw(cast.anna, draft, [second])


def test_sent_back_it_is_mended_and_asked_for_again(cast: Cast) -> None:
    roof = proposed(cast)
    with pytest.raises(Refused), transaction.atomic():
        actions.send_back(cast.frank, roof.pk, said=" ")
    actions.send_back(cast.frank, roof.pk, said="Three offers are missing")
    with pytest.raises(Outdated), transaction.atomic():
        actions.admit(cast.frank, roof.pk)
    mended = actions.change(cast.alice, roof.pk, facts_of(roof) | {"priority": 1}, [(2026, "30213", 70_000)])
    assert (mended.state, mended.said, mended.priority) == (Project.State.ASKED, "", 1)
    assert list(ProjectNeed.objects.values_list("year", "economic", "amount")) == [(2026, "30213", 70_000)]
    actions.admit(cast.frank, roof.pk)
    with pytest.raises(Outdated):
        actions.change(cast.alice, roof.pk, facts_of(roof), [(2026, "30213", 1)])


def test_ended_it_gives_nothing_more_and_its_name_is_free(cast: Cast) -> None:
    draft, roof = a_draft(cast), admitted(cast)
    actions.end(cast.frank, roof.pk, said="The house is sold")
    with pytest.raises(Outdated), transaction.atomic():
        actions.draw(cast.anna, draft, [roof])
    assert proposed(cast).pk != roof.pk


def test_who_proposes_does_not_admit(cast: Cast) -> None:
    roof = proposed(cast)
    Project.objects.filter(pk=roof.pk).update(asked_by=cast.frank.user_id)
    with pytest.raises(Refused, match="N44"), transaction.atomic():
        actions.admit(cast.frank, roof.pk)
    with pytest.raises(IntegrityError):
        Project.objects.filter(pk=roof.pk).update(decided_by=cast.frank.user_id)


@pytest.mark.parametrize("deed", ["propose", "admit", "draw"])
def test_whoever_may_not_is_refused(cast: Cast, deed: str) -> None:
    roof, draft = proposed(cast), a_draft(cast)
    another = facts_of(roof) | {"unit": cast.office, "name": "Another"}
    deeds: dict[str, Callable[[], object]] = {
        "propose": lambda: actions.propose(cast.charlie, another, [(2026, "30213", 1)]),
        "admit": lambda: actions.admit(cast.alice, roof.pk),
        "draw": lambda: actions.draw(cast.frank, draft, [roof]),
    }
    with pytest.raises(Denied), transaction.atomic():
        deeds[deed]()
    assert Project.objects.count() == 1


def test_a_name_stands_once_in_a_departments_library(cast: Cast) -> None:
    proposed(cast)
    with pytest.raises(Refused), transaction.atomic():
        proposed(cast)
    other = proposed(cast, name="Wall")
    with pytest.raises(Refused):
        actions.change(cast.alice, other.pk, facts_of(other) | {"name": "Roof"}, [(2026, "30213", 1)])
