"""The first screens: portal, desk, field, cockpit."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.models import Unit
from zhen.kernel.identity.testing import a_user
from zhen.kernel.lib import clock
from zhen.kernel.plan.api import Document, publish
from zhen.kernel.plan.testing import a_plan, confirmed, town_units
from zhen.web.tests.conftest import signed_in

pytestmark = pytest.mark.django_db
SPRING = datetime(2024, 4, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def units() -> dict[str, Unit]:
    return town_units()


@pytest.fixture
def plan(units: dict[str, Unit]) -> Document:
    with clock.frozen(SPRING):
        return confirmed(a_plan())


@pytest.fixture
def leader(units: dict[str, Unit]) -> Client:
    return signed_in(a_user("erin", "艾琳"), "town_leader", units["财政所"])


@pytest.fixture
def head(units: dict[str, Unit]) -> Client:
    """Heads the office for the economy, which answers for the industrial park."""
    return signed_in(a_user("gus", "顾斯"), "unit_head", units["经济发展办公室"])


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_public_sees_only_what_is_published(plan: Document) -> None:
    assert "平安" not in text(Client(), "/")
    assert plan.title not in text(Client(), "/")

    publish(Actor.system("test"), plan.pk)

    assert plan.title in text(Client(), "/")


def test_the_cockpit_shows_each_promise_as_one_shape(leader: Client, plan: Document) -> None:
    page = text(leader, "/cockpit/?on=2024-04-02")
    promises = plan.measures.count() + plan.targets.count()

    assert page.count('data-due="') == promises
    assert f"<b>{promises}</b> promises" in page


def test_each_number_of_the_cockpit_opens_the_promises_that_it_counts(leader: Client, plan: Document) -> None:
    response = leader.get("/cockpit/?on=2024-04-02")

    for count in response.context["counts"]:
        assert leader.get(count.url).context["total"] == count.count


def test_the_cockpit_needs_as_many_queries_for_a_large_plan_as_for_a_small_one(
    leader: Client, plan: Document, django_assert_max_num_queries: object
) -> None:
    def queries(address: str) -> int:
        with django_assert_max_num_queries(30) as captured:  # type: ignore[operator]  # pytest-django's type
            leader.get(address)
        return len(captured)

    large = "桃源镇2024年工作安排\n\n" + "\n\n".join(
        f"（{n}）第{n}项工作\n\n推进甲项目建设。完成{i + 3}个小区改造。" for i, n in enumerate("一二三四五六")
    )
    with clock.frozen(SPRING):
        other = confirmed(a_plan(large, file_name="large.txt"))
    leader.get("/cockpit/")  # what a process remembers is remembered now

    assert queries(f"/cockpit/?plan={plan.pk}") == queries(f"/cockpit/?plan={other.pk}")


@pytest.mark.parametrize(
    ("address", "status"),
    [("/cockpit/?on=yesterday", 422), ("/cockpit/?plan=9999", 404), ("/cockpit/promises/?standing=lovely", 422)],
)
def test_a_wrong_address_of_the_cockpit_is_refused(leader: Client, plan: Document, address: str, status: int) -> None:
    assert leader.get(address).status_code == status


def test_the_cockpit_is_for_readers_of_the_plan(plan: Document) -> None:
    stranger = Client()
    stranger.force_login(a_user("charlie"))

    assert stranger.get("/cockpit/").status_code == 403
    assert Client().get("/cockpit/").status_code == 302


def test_without_a_plan_the_cockpit_says_how_one_comes(leader: Client) -> None:
    assert "There is no plan yet" in text(leader, "/cockpit/")


def test_the_desk_shows_the_promises_of_ones_own_unit(head: Client, leader: Client, plan: Document) -> None:
    response = head.get("/desk/")
    mine = response.context["mine"]

    assert mine
    assert all(any(owner.name == "经济发展办公室" for owner in promise.owners) for promise in mine)
    assert leader.get("/desk/").context["mine"] == []


def test_the_desk_tells_what_just_came_in(units: dict[str, Unit], head: Client) -> None:
    confirmed(a_plan())

    assert "confirmed" in text(head, "/desk/")


def test_the_field_says_when_there_is_nowhere_to_go(units: dict[str, Unit]) -> None:
    client = signed_in(a_user("ivy"), "grid_worker", units["财政所"])

    assert "No way to go today" in text(client, "/field/")


def test_the_field_app_says_honestly_that_there_is_no_signal() -> None:
    worker = Client().get("/field/worker.js")
    manifest = Client().get("/field/manifest.webmanifest")

    assert worker["Content-Type"] == "text/javascript"
    assert manifest.json()["scope"] == "/field/"
    assert Client().get("/field/offline/").status_code == 200


def test_the_style_guide_draws_every_component() -> None:
    page = text(Client(), "/style-guide/")

    for name in (
        "figure",
        "slip",
        "chip",
        "table",
        "bar",
        "ring",
        "chart",
        "timeline",
        "empty",
        "error-summary",
        "tabs",
    ):
        assert f'class="{name}' in page, name


def test_areas_of_the_town_leave_as_geojson_and_are_kept_by_their_edition() -> None:
    first = Client().get("/areas.geojson")
    again = Client().get("/areas.geojson", headers={"If-None-Match": first["ETag"]})

    assert first.json()["type"] == "FeatureCollection"
    assert again.status_code == 304
