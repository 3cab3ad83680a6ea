"""Every page of supervision shows what it should, to whom it should."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.models import User
from zhen.packs.supervision import actions
from zhen.packs.supervision.models import Milestone, Slip
from zhen.packs.supervision.tests.conftest import Cast, under_way

pytestmark = pytest.mark.django_db


def signed_in(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(User.objects.get(pk=actor.id or 0))
    return client


@pytest.fixture
def worked(cast: Cast) -> dict[str, str]:
    """A task that was reported on, with a slip: the address of each of its pages."""
    case = under_way(cast)
    report = actions.report(cast.clerk, case.pk, state="under_way", text="Begun", evidence="Minutes")
    first = Milestone.objects.filter(case=case).order_by("due_on")[0]
    actions.issue_slips(actions.SYSTEM, first.due_on + timedelta(days=1))
    keys = {"task": case.number, "report": report.pk, "milestone": first.pk, "slip": Slip.objects.get().pk}
    return {name: reverse(f"page:supervision.{name}", kwargs={"key": str(key)}) for name, key in keys.items()}


def test_each_page_of_a_task_opens_for_its_unit(cast: Cast, worked: dict[str, str]) -> None:
    client = signed_in(cast.head)
    for name, url in worked.items():
        response = client.get(url)
        assert response.status_code == 200, name
        assert cast.task.number in response.content.decode(), name


def test_the_task_leads_to_its_measure(cast: Cast, worked: dict[str, str]) -> None:
    page = signed_in(cast.head).get(worked["task"]).content.decode()
    measure = cast.task.links.get().subject_id
    url = reverse("plan:measure", args=[measure])
    assert url in page
    assert signed_in(cast.head).get(url).status_code == 200


def test_another_unit_finds_none_of_them(cast: Cast, worked: dict[str, str]) -> None:
    client = signed_in(cast.stranger)
    assert {client.get(url).status_code for url in worked.values()} == {404}


def test_the_lists_show_the_task(cast: Cast, worked: dict[str, str]) -> None:
    client = signed_in(cast.head)
    for name in ("tasks", "reports", "slips"):
        page = client.get(reverse(f"page:supervision.{name}"))
        assert cast.task.number in page.content.decode(), name


def test_chosen_measures_become_tasks_with_the_milestones_of_a_template(cast: Cast) -> None:
    page = signed_in(cast.planner).get(reverse("page:supervision.measures")).content.decode()
    for name in ("建设项目", "专项整治", "制度建设"):
        assert f"纳入督办 · {name}" in page
