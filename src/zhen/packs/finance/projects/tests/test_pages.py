"""The pages of the project library, as departments and the finance office use them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.urls import reverse

from zhen.kernel.identity.models import Unit, User
from zhen.kernel.identity.testing import a_post
from zhen.packs.finance.actions import budgets
from zhen.packs.finance.models import Budget, BudgetLine
from zhen.packs.finance.projects.models import Project
from zhen.packs.finance.projects.tests.conftest import admitted
from zhen.packs.finance.tests.conftest import Cast

pytestmark = pytest.mark.django_db
MOST = 40
Most = Callable[[int], AbstractContextManager[object]]


def browser(name: str, role: str, unit: Unit) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    user = User.objects.get(username=name)
    a_post(user, role, unit)
    client.force_login(user)
    return client


def url(name: str, key: object = None) -> str:
    return reverse(f"page:finance.{name}", kwargs={"key": str(key)} if key is not None else None)


def asked(cast: Cast, **given: object) -> dict[str, object]:
    return {
        "unit": cast.office.pk,
        "name": "社区活动室修缮",
        "kind": "specific",
        "basis": "镇党政联席会纪要",
        "objective": "屋面不再渗漏",
        "function": "2120303",
        "source": "一般公共预算",
        "priority": 10,
        "needs": "2026 | 30213 | 50万\n2027 ｜ 30213 ｜ 20,000",
        **given,
    }


def test_from_a_proposal_to_lines_of_the_budget_by_the_pages(cast: Cast) -> None:
    alice = browser("alice", "unit_clerk", cast.office)
    assert alice.post(url("project_new"), asked(cast)).status_code == 302
    project = Project.objects.get()
    page = url("project", project.pk)
    told = alice.get(page).content.decode()
    assert [word for word in ("520,000.00", "屋面不再渗漏", "特定目标类") if word not in told] == []
    frank = browser("frank", "finance_officer", cast.office)
    assert frank.post(url("project_return", project.pk), {"said": "缺少设计方案"}).status_code == 302
    assert "缺少设计方案" in alice.get(page).content.decode()
    assert "2027 | 30213 | 20000.00" in alice.get(url("project_change", project.pk)).content.decode()
    assert alice.post(url("project_change", project.pk), asked(cast, priority=5)).status_code == 302
    assert frank.post(page, {"action": "admit", "confirmed": "1"}).status_code == 302
    draft = budgets.begin(cast.anna, cast.book)
    anna = browser("anna", "finance.accountant", cast.office)
    assert url("budget_draw", draft.pk) in anna.get(url("budget", draft.pk)).content.decode()
    assert "社区活动室修缮" in anna.get(url("budget_draw", draft.pk)).content.decode()
    assert anna.post(url("budget_draw", draft.pk), {"projects": []}).status_code == 422
    assert anna.post(url("budget_draw", draft.pk), {"projects": [project.pk]}).status_code == 302
    line = BudgetLine.objects.get()
    assert line.amount == 50_000_000
    assert page in anna.get(url("line", line.pk)).content.decode(), "the line opens to its project"
    assert url("line", line.pk) in anna.get(page).content.decode(), "and the project to its line"


@pytest.mark.parametrize(
    ("needs", "says"),
    [
        ("2026 30213 50万", "第1行"),
        ("2026 | 30213 | 很多", "“很多”不是金额"),
        ("2026 | 30213 | 9999999999999", "最多填写"),
        ("2026 | 30213 | 1\n2026 | 30213 | 2", "第2行"),
        ("2026 | 30213 | 0", "大于零"),
        ("1999 | 30213 | 1", "2000"),
        ("2026 | x | 1", "第1行"),
        ("", "必填"),
    ],
)
def test_a_need_that_cannot_be_read_is_named(cast: Cast, needs: str, says: str) -> None:
    alice = browser("alice", "unit_clerk", cast.office)
    answer = alice.post(url("project_new"), asked(cast, needs=needs))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Project.objects.exists()


def test_another_department_is_out_of_reach(cast: Cast) -> None:
    project = admitted(cast)
    charlie = browser("charlie", "unit_clerk", cast.other)
    assert charlie.get(url("project", project.pk)).status_code == 404
    assert charlie.post(url("project_new"), asked(cast)).status_code == 422, "not a department of his"
    assert "Roof" not in charlie.get(url("projects")).content.decode()


def test_the_library_is_found_by_state_and_year_with_few_queries(
    cast: Cast, django_assert_max_num_queries: Most
) -> None:
    first = admitted(cast)
    for number in range(9):
        admitted(cast, ((2026, "30213", 1),), name=f"Wall {number}")
    frank = browser("frank", "finance_officer", cast.office)
    Budget.objects.create(book=cast.book)
    with django_assert_max_num_queries(MOST):
        told = frank.get(url("projects") + "?year=2027&state=admitted").content.decode()
    assert "Roof" in told
    assert "1,200.00" in told, "what it needs in all, not in that year"
    assert "Wall 1" not in told
    with django_assert_max_num_queries(MOST):
        assert frank.get(url("project", first.pk)).status_code == 200
    anna = browser("anna", "finance.accountant", cast.office)
    with django_assert_max_num_queries(MOST):
        assert anna.get(url("budget_draw", Budget.objects.get().pk)).status_code == 200
