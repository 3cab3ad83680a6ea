"""Publishing a budget: by somebody, once, as it stood; everybody reads it. The leader's page adds up to the lines."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook

from zhen.kernel.access.api import Denied
from zhen.kernel.journal.api import Event
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance.actions import budgets
from zhen.packs.finance.actions.publishing import publish
from zhen.packs.finance.models import Budget, Publication
from zhen.packs.finance.screens import overview
from zhen.packs.finance.tests.conftest import Cast

pytestmark = pytest.mark.django_db
WAN = 1_000_000


def approved(cast: Cast) -> Budget:
    line = cast.funded(30 * WAN)
    return line.budget


def test_what_was_published_stays_as_it_was(cast: Cast) -> None:
    budget = approved(cast)
    made = publish(cast.frank, budget, kind="budget")
    functions = next(table for table in made.tables if table["id"] == "functions")
    assert functions["rows"][-1] == ["合计", made.total]
    assert made.total == sum(line.amount for line in budget.lines.all())
    budget.lines.update(amount=1)
    assert Publication.objects.get().tables == made.tables
    event = Event.objects.get(kind="finance.budget_published")
    assert (event.actor_id, event.data["amount"]) == (cast.frank.id, "¥300,000.00")


def test_it_is_published_once_when_approved_and_by_who_may(cast: Cast) -> None:
    budget = approved(cast)
    with pytest.raises(Denied):
        publish(cast.alice, budget, kind="budget")
    with pytest.raises(Refused, match="the year is not closed yet"):
        publish(cast.frank, budget, kind="accounts")
    publish(cast.frank, budget, kind="budget")
    with pytest.raises(Outdated, match="published already"):
        publish(cast.frank, budget, kind="budget")


def test_a_draft_is_not_published(cast: Cast) -> None:
    budget = budgets.begin(cast.anna, cast.book)
    with pytest.raises(Refused, match="the congress has not approved it yet"):
        publish(cast.frank, budget, kind="budget")


def test_everybody_reads_it_and_takes_it_along(cast: Cast, client: Client) -> None:
    made = publish(cast.frank, approved(cast), kind="budget")
    assert "预决算公开" in client.get("/finance/public/", headers={"Accept-Language": "zh-hans"}).content.decode()
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"/finance/public/{made.pk}/").content.decode()
    assert len(asked) < 12
    assert page.count("300,000.00") >= 4
    file = client.get(f"/finance/publication_xlsx/{made.pk}/")
    sheet = load_workbook(BytesIO(file.getvalue())).active
    assert sheet is not None
    assert "三公经费" in {cell.value for row in sheet.iter_rows() for cell in row}
    assert client.get("/finance/public/999999/").status_code == 404


def test_the_leaders_page_adds_up_to_the_lines(cast: Cast) -> None:
    line = cast.funded(30 * WAN)
    cast.paid(cast.ask(line, 12 * WAN))
    with translation.override("zh-hans"):
        granted, spent, done, *rest = overview.figures(cast.leo, {})
        (unit,) = overview.by_unit(cast.leo, {})
        chart = overview.course(cast.leo, {})
    assert (granted.value, spent.value, done.value) == (300_000, 120_000, 40.0)
    (page,) = overview.PAGES
    panels = {f"#{panel.id}" for panel in page.panels}  # type: ignore[attr-defined]
    leads = {figure.evidence for figure in rest}
    assert {lead for lead in leads if lead.startswith("#")} <= panels
    assert "" not in leads, "every figure opens"
    assert (unit.granted, unit.spent, unit.done) == (30 * WAN, 12 * WAN, "40.0%")
    assert chart is not None
    assert [value for value in chart.series[0].values if value is not None][-1] == 12.0
    cast.ask(line, 5 * WAN)
    assert [payment.amount for payment in overview.coming(cast.leo, {})] == [5 * WAN]
