"""Typhoon and flood: warnings open checks, duty, supplies, shelters, alarms, and the report on one page."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import a_post
from zhen.kernel.lib import typesetting
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.rounds.api import Finding, Visit, plan_round, waiting
from zhen.kernel.rounds.testing import visited
from zhen.kernel.telemetry.api import PROFILES
from zhen.packs.upkeep.flood import actions, queries
from zhen.packs.upkeep.flood.models import Alert, CheckRule, Level, Shelter, Supply
from zhen.packs.upkeep.flood.report import report_pdf
from zhen.packs.upkeep.flood.rules import end_rule, enter_rule
from zhen.packs.upkeep.tests.conftest import NOW, POINT, TODAY, Cast, Hands, a_photo
from zhen.packs.upkeep.tests.test_upkeep import signed_in, url

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def a_typhoon(cast: Cast, level: int = Level.BLUE, **given: Any) -> Alert:
    facts = {
        "kind": "typhoon",
        "title": "台风“普拉桑”",
        "unit_id": cast.office.pk,
        "source": "区防指1号",
        "level": level,
    }
    return actions.declare(cast.alice, **{**facts, **given})


def on_the_grid(cast: Cast) -> None:
    """Bob is on his post, and there is a site and a shed to look at."""
    a_post(User.objects.get(pk=cast.bob.id or 0), "grid_worker", cast.office, area=cast.area)
    cast.premises("住宅修缮工地", kind="building_site")
    cast.premises("彩钢板仓库", kind="shed")
    cast.premises("标准化菜市场", kind="market")


def checks(alert: Alert) -> set[tuple[str, str]]:
    return set(alert.checks.values_list("phase", "campaign__title"))


def a_supply(cast: Cast, **given: Any) -> Supply:
    facts = {"name": "沙袋", "measure": "只", "stock": 90, "wanted": 100, "store": "仓库", "unit": cast.office}
    return actions.add_supply(cast.alice, {**facts, **given})


def a_shelter(cast: Cast, **given: Any) -> Shelter:
    facts = {
        "name": "社区学校",
        "address": "1弄",
        "capacity": 50,
        "unit": cast.office,
        "lon": POINT[0],
        "lat": POINT[1],
    }
    return actions.add_shelter(cast.alice, {**facts, **given})


def test_a_warning_opens_the_checks_of_its_level_and_a_higher_one_only_what_is_new(cast: Cast, hands: Hands) -> None:
    on_the_grid(cast)
    alert = a_typhoon(cast)
    blue = checks(alert)
    assert {phase for phase, _title in blue} == {"before"}
    assert len(blue) == 2, "building sites and sheds"
    hands.go(hours=3)
    actions.set_level(cast.alice, alert, level=Level.ORANGE, source="区防指2号")
    assert {phase for phase, _title in checks(alert)} == {"before", "during"}
    assert blue < checks(alert)
    assert alert.checks.count() == 6
    with pytest.raises(Outdated, match="it is this level already"):
        actions.set_level(cast.alice, alert, level=Level.ORANGE, source="区防指2号")
    hands.go(days=1)
    actions.lift(cast.alice, alert, "区防指3号")
    assert alert.checks.filter(phase="after").count() == 3
    assert list(alert.steps.values_list("level", "response")) == [(1, 4), (3, 2)]
    alert.refresh_from_db()
    with pytest.raises(Outdated, match="it is lifted"):
        actions.set_level(cast.alice, alert, level=Level.RED, source="x")


def test_rules_are_dated_and_only_those_in_force_open_checks(cast: Cast) -> None:
    on_the_grid(cast)
    CheckRule.objects.filter(premises="shed").update(valid_to=TODAY - timedelta(days=1))
    CheckRule.objects.filter(premises="building_site").update(valid_from=TODAY + timedelta(days=1))
    assert checks(a_typhoon(cast)) == set()


def test_one_warning_of_a_kind_holds_at_a_time(cast: Cast) -> None:
    alert = a_typhoon(cast)
    with pytest.raises(Refused, match="one of this kind holds already"):
        a_typhoon(cast)
    with pytest.raises(IntegrityError, match="upkeep_alert_one_of_a_kind"), transaction.atomic():
        Alert.objects.create(kind="typhoon", title="2", unit=cast.office, level=1, response=4, began_at=NOW)
    assert a_typhoon(cast, kind="rain").pk != alert.pk


def test_whoever_does_not_command_declares_nothing(cast: Cast) -> None:
    with pytest.raises(Denied):
        actions.declare(cast.bob, kind="rain", title="x", unit_id=cast.office.pk, level=1, source="x")
    with pytest.raises(Denied):
        a_typhoon(cast, unit_id=cast.other.pk)
    alert = a_typhoon(cast)
    with pytest.raises(Denied):
        actions.lift(cast.charlie, alert, "x")
    with pytest.raises(Refused, match="by whose order"):
        actions.lift(cast.alice, alert, " ")


def test_nobody_is_on_duty_twice_at_once(cast: Cast, hands: Hands) -> None:
    alert = a_typhoon(cast)
    duty: dict[str, Any] = {
        "user_id": cast.bob.id or 0,
        "task": "officer",
        "from_at": NOW,
        "to_at": NOW + timedelta(hours=12),
    }
    actions.put_on_duty(cast.alice, alert, **duty)
    assert [one.user_id for one in queries.on_duty(alert, NOW)] == [cast.bob.id]
    assert queries.on_duty(alert, NOW + timedelta(hours=12)) == []
    with pytest.raises(Refused, match="is on duty then already"):
        actions.put_on_duty(
            cast.alice, alert, **{**duty, "from_at": NOW + timedelta(hours=11), "to_at": NOW + timedelta(hours=13)}
        )
    with pytest.raises(Refused, match="within three days"):
        actions.put_on_duty(cast.alice, alert, **{**duty, "to_at": NOW})


def test_a_stock_changes_with_a_reason(cast: Cast) -> None:
    supply = a_supply(cast)
    assert list(queries.short(cast.alice)) == [supply]
    with pytest.raises(Refused, match="no stock changes without one"):
        actions.set_stock(cast.alice, supply, 120, " ")
    with pytest.raises(Refused, match="it cannot be"):
        actions.set_stock(cast.alice, supply, -1, "lost")
    actions.set_stock(cast.alice, supply, 120, "bought 30")
    assert list(queries.short(cast.alice)) == []
    with pytest.raises(Denied):
        actions.set_stock(cast.charlie, supply, 0, "taken")


def test_a_shelter_holds_as_many_as_it_has_places_and_nobody_once_it_is_closed(cast: Cast) -> None:
    shelter = a_shelter(cast)
    assert shelter.area_id == cast.area.pk
    with pytest.raises(Refused, match="only 50 places"):
        actions.tell_shelter(cast.alice, shelter, is_open=True, people=51)
    with pytest.raises(Refused, match="it is closed"):
        actions.tell_shelter(cast.alice, shelter, is_open=False, people=1)
    assert actions.tell_shelter(cast.alice, shelter, is_open=True, people=20).opened_at == NOW
    assert actions.tell_shelter(cast.alice, shelter, is_open=False).people == 0
    for wrong, name in (({"people": 3}, "closed_is_empty"), ({"people": 60, "opened_at": NOW}, "shelter_capacity")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Shelter.objects.filter(pk=shelter.pk).update(**wrong)


def test_the_situation_tells_what_was_seen_and_the_paper_is_one_page(cast: Cast) -> None:
    on_the_grid(cast)
    alert = a_typhoon(cast)
    for check in alert.checks.select_related("campaign"):
        plan_round(SYSTEM, check.campaign, TODAY)
    mine = list(waiting(cast.bob, date(2026, 9, 30)))
    assert len(mine) == 2
    fine = dict.fromkeys(("hung", "roof", "drains", "pumps", "power", "people"), "yes")
    visited(cast.bob, mine[0], {"roof": [a_photo(cast.bob)]}, answers={**fine, "roof": "no"})
    a_supply(cast), actions.tell_shelter(cast.alice, a_shelter(cast), is_open=True, people=20)
    now = queries.situation(cast.alice, alert)
    assert (sum(one.coverage.subjects for one in now.checks), sum(one.coverage.seen for one in now.checks)) == (2, 1)
    assert (now.findings, now.findings_open, now.shelters_open, now.people, now.places) == (1, 1, 1, 20, 50)
    assert [one.name for one in now.short] == ["沙袋"]
    if typesetting.font_paths():
        made = report_pdf(cast.alice, alert)
        pages = PdfReader(io.BytesIO(made.data)).pages
        text = "".join("".join(page.extract_text().split()) for page in pages)
        assert (len(pages), made.name.endswith(".pdf")) == (1, True)
        assert [word for word in ("台风蓝色预警", "安置20人", "沙袋", "发现1处") if word not in text] == []


def test_deep_water_is_a_finding(cast: Cast) -> None:
    on_the_grid(cast)
    alert = a_typhoon(cast, Level.ORANGE)
    for check in alert.checks.filter(phase="during").select_related("campaign"):
        plan_round(SYSTEM, check.campaign, TODAY)
    visit = Visit.objects.filter(checklist="upkeep.flood_during")[0]
    visited(cast.alice, visit, answers={"water": 30, "safe": "yes", "closed": "yes", "moved": 12})
    assert Finding.objects.get().title == "积水超过15厘米"


def test_pages_show_and_forms_write_in_the_units_reach(cast: Cast) -> None:
    alice = signed_in(cast, cast.alice, "unit_head")
    given = {"kind": "rain", "title": "暴雨", "unit": cast.office.pk, "level": "2", "source": "区防指"}
    assert alice.post(url("alert_new"), {**given, "source": ""}).status_code == 422
    assert alice.post(url("alert_new"), given).status_code == 302
    alert = Alert.objects.get()
    assert (alert.level, alert.response) == (2, 3)
    assert (
        alice.post(url("alert_level", alert.pk), {"level": "3", "response": "1", "source": "区防指"}).status_code == 302
    )
    bob = {"user": cast.alice.id, "task": "leader", "from_at": "2026-09-15T08:00", "to_at": "2026-09-16T08:00"}
    assert alice.post(url("alert_duty", alert.pk), bob).status_code == 302
    supply = {"name": "水泵", "measure": "台", "stock": "3", "wanted": "5", "store": "仓库", "unit": cast.office.pk}
    assert alice.post(url("supply_new"), supply).status_code == 302
    assert (
        alice.post(url("supply_stock", Supply.objects.get().pk), {"stock": "4", "reason": "bought"}).status_code == 302
    )
    shelter = {"name": "学校", "address": "1弄", "capacity": "30", "unit": cast.office.pk}
    assert alice.post(url("shelter_new"), shelter).status_code == 302
    told = alice.post(url("shelter_people", Shelter.objects.get().pk), {"is_open": "on", "people": "31"})
    assert (told.status_code, "31" in told.content.decode()) == (422, True), "what was written stays"
    assert (
        alice.post(url("shelter_people", Shelter.objects.get().pk), {"is_open": "on", "people": "30"}).status_code
        == 302
    )
    page = alice.get(url("alert", alert.pk)).content.decode()
    assert [word for word in ("暴雨", "水泵", "学校", "Ⅰ") if word not in page] == []
    for address in ("alerts", "supplies", "shelters", "alert_rules"):
        assert alice.get(url(address)).status_code == 200, address
    charlie = signed_in(cast, cast.charlie, "unit_head")
    for name, key in (("alert", alert.pk), ("supply", Supply.objects.get().pk), ("shelter", Shelter.objects.get().pk)):
        assert charlie.get(url(name, key)).status_code == 404, name
    assert alice.post(url("alert_lift", alert.pk), {"source": "区防指"}).status_code == 302


def test_the_situation_asks_the_same_whatever_there_is(cast: Cast) -> None:
    on_the_grid(cast)
    asked = []
    for level in (Level.BLUE, Level.ORANGE):
        alert = a_typhoon(cast, level, kind="typhoon" if level == Level.BLUE else "rain", title=str(level))
        a_supply(cast, name=f"沙袋{level}"), a_shelter(cast, name=f"学校{level}")
        for check in alert.checks.select_related("campaign"):
            plan_round(SYSTEM, check.campaign, TODAY)
        with CaptureQueriesContext(connection) as found:
            queries.situation(cast.alice, alert)
        asked.append(len(found))
    assert asked[0] == asked[1]


def test_gauges_measure_rain_and_water_and_nothing_else() -> None:
    for code in ("upkeep.rain", "upkeep.water_level"):
        assert {metric.unit for metric in PROFILES[code].metrics} <= {"mm", "m", "%", ""}
        assert PROFILES[code].case_type == "upkeep.flood_alarm"


# which checks a warning opens


def a_rule(cast: Cast, **given: Any) -> CheckRule:
    facts = {
        "kind": "", "level": Level.YELLOW, "phase": "before", "premises": "hotel", "checklist": "upkeep.flood_before",
        "days": 2, "valid_from": TODAY, "source": "镇防汛办〔2026〕3号",
    }  # fmt: skip
    return enter_rule(cast.alice, {**facts, **given})


def test_a_rule_that_staff_enter_opens_its_check_and_one_that_they_end_opens_none(cast: Cast, hands: Hands) -> None:
    on_the_grid(cast)
    cast.premises("悦来宾馆", kind="hotel")
    rule = a_rule(cast)
    first = a_typhoon(cast, Level.YELLOW)
    assert "hotel" in first.checks.values_list("rule__premises", flat=True)
    actions.lift(cast.alice, first, "区防指2号")
    end_rule(cast.alice, rule, TODAY)
    hands.go(days=1)
    later = a_typhoon(cast, Level.YELLOW, title="台风“贝碧嘉”")
    assert "hotel" not in later.checks.values_list("rule__premises", flat=True)
    with pytest.raises(Outdated, match="its end is set already"):
        end_rule(cast.alice, rule, TODAY + timedelta(days=9))


def test_two_rules_never_say_the_same_and_none_begins_in_the_past(cast: Cast) -> None:
    rule = a_rule(cast)
    with pytest.raises(Refused, match="a rule for the same is in force then"):
        a_rule(cast, level=Level.RED)
    with pytest.raises(Refused, match="what has been is not ruled anew"):
        a_rule(cast, premises="shop", valid_from=TODAY - timedelta(days=1))
    with pytest.raises(Refused, match="no version of it is in use"):
        a_rule(cast, premises="shop", checklist="upkeep.nothing")
    with pytest.raises(Refused, match="it lies before its beginning or behind us"):
        end_rule(cast.alice, rule, TODAY - timedelta(days=1))
    with pytest.raises(Denied):
        enter_rule(cast.bob, {"premises": "shop"})
    end_rule(cast.alice, rule, TODAY)
    assert a_rule(cast, valid_from=TODAY + timedelta(days=1)).pk != rule.pk


def test_the_desk_enters_a_rule_and_ends_it(cast: Cast) -> None:
    alice = signed_in(cast, cast.alice, "unit_head")
    given = {
        "kind": "", "level": 2, "phase": "during", "premises": "river", "checklist": "upkeep.river", "days": "1",
        "valid_from": TODAY.isoformat(), "source": "镇防汛办〔2026〕4号",
    }  # fmt: skip
    assert alice.post(url("alert_rule_new"), {**given, "days": "0"}).status_code == 422
    assert alice.post(url("alert_rule_new"), given).status_code == 302
    rule = CheckRule.objects.get(premises="river")
    assert "河长巡河" in alice.get(url("alert_rules")).content.decode()
    assert "镇防汛办〔2026〕4号" in alice.get(url("alert_rule", rule.pk)).content.decode()
    assert alice.post(url("alert_rule_end", rule.pk), {"last": TODAY.isoformat()}).status_code == 302
    rule.refresh_from_db()
    assert rule.valid_to == TODAY
    bob = signed_in(cast, cast.bob, "grid_worker")
    assert bob.get(url("alert_rule_new")).status_code == 403
