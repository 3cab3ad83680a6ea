"""The page of false alarms: every number opens to the very alarms that it counts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zhen.kernel.identity.models import Unit
from zhen.kernel.identity.testing import a_user
from zhen.kernel.lib.testing import Hands
from zhen.kernel.places.api import Place
from zhen.kernel.telemetry.alarms import rates
from zhen.kernel.telemetry.models import Alarm, Device, Incident
from zhen.kernel.telemetry.testing import TESTER, a_device, a_place
from zhen.web.tests.conftest import signed_in

NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
PAGE = "/desk/telemetry/false_alarms/"
LINK = re.compile(r'<a href="(/desk/telemetry/alarms/\?[^"]+)">([\d,]+)</a>')
ROWS = re.compile(r'<a class="row-link" href="/desk/telemetry/alarms/\d+/"')


@pytest.fixture
def hands() -> Iterator[Hands]:
    with Hands(NOW) as held:
        yield held


@pytest.fixture
def dispatcher(hands: Hands, office: Unit) -> Client:
    return signed_in(a_user("dora", "朵拉"), "dispatcher", office)


class Town:
    """Two houses: the detector of the first cries wolf."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.first, self.second = a_place("B1", "No. 1"), a_place("B2", "No. 2")
        self.wolf, self.good = a_device("S-1", self.first, unit), a_device("S-2", self.second, unit)

    def closed(self, device: Device, cause: str, *, days: int = 1) -> Alarm:
        at = NOW - timedelta(days=days)
        facts: dict[str, Any] = {"unit": self.unit, "severity": 3, "opened_at": at, "closed_at": at, "cause": cause}
        incident = Incident.objects.create(building_id=device.place_id, last_at=at, alarm_count=1, **facts)
        more = {"profile": device.profile, "place_id": device.place_id, "received_at": at, "cleared_at": at}
        return Alarm.objects.create(device=device, rule="too_heavy", incident=incident, **facts, **more)


@pytest.fixture
def town(hands: Hands, office: Unit) -> Town:
    found = Town(office)
    for cause in ("dust", "dust", "cooking", "fire", "test", "passed"):
        found.closed(found.wolf, cause)
    for cause in ("fire", "fault"):
        found.closed(found.good, cause)
    found.closed(found.good, "dust", days=40)
    return found


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize("query", ["", "?closed=month", "?closed=year&profile=dummy_pack.seat", "?closed=2026-08"])
def test_every_number_opens_to_the_alarms_that_it_counts(dispatcher: Client, town: Town, query: str) -> None:
    links = LINK.findall(text(dispatcher, PAGE + query))
    assert links
    for address, number in links:
        assert len(ROWS.findall(text(dispatcher, address))) == int(number), address


def test_the_rate_is_false_of_those_that_count(dispatcher: Client, town: Town) -> None:
    page = text(dispatcher, f"{PAGE}?closed=month")
    assert "4 ÷ 6" in page
    assert "66.7" in page
    evidence = re.findall(r'class="figure-evidence" href="([^"]+)"', page)
    assert [len(ROWS.findall(text(dispatcher, address))) for address in evidence] == [6, 4, 2, 2]


def test_the_worst_device_and_building_come_first(dispatcher: Client, town: Town) -> None:
    page = text(dispatcher, "/desk/telemetry/false_alarm_devices/")
    assert page.index("device S-1") < page.index("device S-2")
    assert "75.0 %" in page
    page = text(dispatcher, "/desk/telemetry/false_alarm_buildings/?closed=month")
    assert page.index("No. 1") < page.index("No. 2")
    assert 'href="/desk/telemetry/building/B1/"' in page


def test_an_area_and_a_month_narrow_it(dispatcher: Client, town: Town) -> None:
    assert "1 ÷ 1" in text(dispatcher, f"{PAGE}?closed=2026-08")
    assert dispatcher.get(f"{PAGE}?closed=2011-01").status_code == 422
    assert rates.in_area(Alarm.objects.all(), "B2").count() == 3
    assert not rates.in_area(Alarm.objects.all(), "nowhere").exists()


def test_device_and_building_say_their_own_rate(dispatcher: Client, town: Town) -> None:
    assert "3 ÷ 4" in text(dispatcher, "/desk/telemetry/devices/S-1/")
    assert "2 ÷ 3" in text(dispatcher, "/desk/telemetry/devices/S-2/")
    assert rates.of_building(TESTER, Place.objects.get(code="B2").pk) == rates.Rate(counted=3, false=2)


def test_more_alarms_need_no_more_queries(dispatcher: Client, town: Town) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            text(dispatcher, PAGE)
        return len(seen)

    queries()
    before = queries()
    for number in range(5):
        device = a_device(f"M-{number}", a_place(f"M{number}"), town.unit)
        town.closed(device, "dust")
    assert queries() == before <= 25


def test_without_the_right_there_is_no_such_page(hands: Hands, office: Unit) -> None:
    assert signed_in(a_user("karl", "卡尔"), "finance_officer", office).get(PAGE).status_code in (403, 404)


def test_a_town_without_alarms_says_so(dispatcher: Client) -> None:
    assert "In this time no alarm was closed as false." in text(dispatcher, PAGE)


@pytest.mark.parametrize(
    ("first", "back", "expected"), [("2026-01", 1, "2025-12"), ("2026-12", -1, "2027-01"), ("2026-03", 12, "2025-03")]
)
def test_months_are_counted_over_the_turn_of_the_year(first: str, back: int, expected: str) -> None:
    day = datetime.strptime(f"{first}-01", "%Y-%m-%d").replace(tzinfo=UTC).date()
    assert f"{rates.months_back(day, back):%Y-%m}" == expected
