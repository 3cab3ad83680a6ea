"""Registers, the stock of unauthorised structures, campaigns over premises, and what the plan reads of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from shapely import box

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.cases.api import Case, Move, move
from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import a_post
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.packs.api import DemoBuild
from zhen.kernel.pages.api import Missing
from zhen.kernel.places.api import Kind, NewPlace, create_many
from zhen.kernel.plan.api import INDICATORS, Period
from zhen.kernel.rounds.api import (
    CHECKLISTS,
    Finding,
    NewCampaign,
    Recheck,
    Visit,
    in_use,
    make_campaign,
    plan_round,
    start_campaign,
    waiting,
)
from zhen.kernel.rounds.testing import visited
from zhen.packs.upkeep import actions, queries
from zhen.packs.upkeep.actions import Discovery, discover
from zhen.packs.upkeep.demo import build
from zhen.packs.upkeep.models import Premises, Structure
from zhen.packs.upkeep.registers import looked_at
from zhen.packs.upkeep.tests.conftest import POINT, SINCE, TODAY, Cast, Hands, a_photo

pytestmark = pytest.mark.django_db
YEAR = Period.year(2026)


def counted(id: str) -> tuple[int, int | None]:
    indicator = INDICATORS[id]
    below = indicator.denominator(YEAR).count() if indicator.denominator else None
    return indicator.numerator(YEAR).count(), below


def a_structure(cast: Cast, **given: Any) -> Structure:
    facts = {"kind": "new", "what": "彩钢板房", "address": "1弄2号", "area_m2": 12.5, "point": POINT}
    seen = Discovery(**{**facts, "unit_id": cast.office.pk, **given})
    return discover(cast.bob, seen, [a_photo(cast.bob)])


def step(actor: Actor, case: Case, id: str, **given: Any) -> Case:
    case.refresh_from_db()
    return move(actor, case.pk, case.revision, id, Move(**given))


# structures


def test_nothing_enters_the_stock_that_was_not_photographed(cast: Cast) -> None:
    seen = Discovery(kind="new", what="x", address="y", area_m2=3)
    with pytest.raises(Refused, match="nothing enters the stock"):
        discover(cast.bob, seen, [])
    with pytest.raises(Refused, match="it is no area"):
        a_structure(cast, area_m2=0)
    assert counted("upkeep.structures_standing") == (0, None)


def test_a_structure_leaves_the_stock_when_somebody_else_has_seen_that_it_is_gone(cast: Cast, hands: Hands) -> None:
    structure = a_structure(cast)
    case = structure.case
    assert (case.number, case.area_id, structure.found_on) == ("WJ-2026-000001", cast.area.pk, TODAY)
    assert counted("upkeep.structures_standing") == counted("upkeep.structures_new") == (1, None)
    step(cast.alice, case, "stop", files=(a_photo(cast.alice),))
    step(cast.alice, case, "decide", reason="限期拆除决定书", files=(a_photo(cast.alice, 1),))
    with pytest.raises(Refused, match="evidence"):
        step(cast.alice, Case.objects.get(pk=a_structure(cast).case_id), "removed", result="Gone")
    hands.go(days=3)
    step(cast.alice, case, "removed", result="已拆除", files=(a_photo(cast.alice, 2),))
    structure.refresh_from_db()
    assert structure.removed_on is None, "said is not seen"
    with pytest.raises((Refused, Denied)):
        step(cast.alice, case, "verify", reason="I say so")
    step(cast.bob, case, "verify", files=(a_photo(cast.bob, 3),))
    structure.refresh_from_db()
    assert structure.removed_on == TODAY + timedelta(days=3)
    assert (counted("upkeep.structures_standing"), counted("upkeep.structures_removed")) == ((1, None), (1, None))


def test_what_still_stands_goes_back_and_what_was_none_never_counted(cast: Cast) -> None:
    structure = a_structure(cast)
    step(cast.alice, structure.case, "removed", result="已拆除", files=(a_photo(cast.alice),))
    assert step(cast.bob, structure.case, "still_there", reason="原样").state == "decided"
    other = a_structure(cast)
    step(cast.alice, other.case, "void", reason="有规划许可证")
    assert counted("upkeep.structures_standing") == counted("upkeep.structures_new") == (1, None)


def test_the_database_keeps_the_stock_in_order(cast: Cast) -> None:
    structure = a_structure(cast)
    structure.removed_on = TODAY - timedelta(days=1)
    with pytest.raises(IntegrityError, match="upkeep_structure_dates"):
        structure.save()


# premises and campaigns


def test_premises_lie_in_the_area_of_their_point_and_are_closed_once(cast: Cast) -> None:
    premises = cast.premises()
    assert premises.area_id == cast.area.pk
    assert queries.premises(cast.bob).get() == premises
    with pytest.raises(Refused, match="it lies before its beginning or ahead"):
        actions.close_premises(cast.alice, premises, TODAY + timedelta(days=1))
    actions.close_premises(cast.alice, premises, TODAY)
    with pytest.raises(Outdated, match="they are closed already"):
        actions.close_premises(cast.alice, premises, TODAY)


def test_nobody_enters_premises_for_another_unit(cast: Cast) -> None:
    with pytest.raises(Denied):
        cast.premises(unit=cast.other)
    premises = cast.premises()
    with pytest.raises(Denied):
        actions.change_premises(cast.charlie, premises, {"name": "Mine"})
    with pytest.raises(Missing):
        queries.premises_for(cast.charlie, str(premises.pk))
    assert Premises.objects.get().name == "聚香园饭店"


def a_campaign(cast: Cast, checklist: str = "upkeep.safety") -> list[Visit]:
    new = NewCampaign(
        title="检查", checklist=checklist, source="upkeep.premises", query={"kind": "restaurant"},
        unit_id=cast.office.pk, starts_on=TODAY, ends_on=date(2026, 9, 30), inspectors={cast.bob.id or 0: None},
    )  # fmt: skip
    plan_round(Actor.system("test"), start_campaign(cast.alice, make_campaign(cast.alice, new)), TODAY)
    return list(waiting(cast.bob, date(2026, 9, 30)))


SAFE = {
    "exits": "yes", "extinguishers": "yes", "lights": "yes", "hydrants": "yes", "wiring": "yes", "fuel": "electric",
    "living": "yes", "training": "yes",
}  # fmt: skip


def test_the_plan_reads_what_was_seen_and_put_right(cast: Cast) -> None:
    cast.premises(), cast.premises("老街面馆"), cast.premises("便民超市", kind="shop")
    first, second = a_campaign(cast)
    assert counted("upkeep.key_premises_seen") == (0, 2)
    photos = {"exits": [a_photo(cast.bob)]}
    visited(cast.bob, first, photos, answers={**SAFE, "exits": "no"})
    visited(cast.bob, second, outcome="nobody")
    assert counted("upkeep.key_premises_seen") == (1, 2)
    finding = Finding.objects.get()
    assert finding.case is not None
    assert (finding.case.number, finding.law) == ("ZG-2026-000001", "《消防法》第二十八条")
    assert counted("upkeep.findings_rectified") == (0, 1)
    assert finding.recheck is not None
    visited(cast.bob, finding.recheck, rechecks={finding.pk: Recheck(right=True)})
    assert counted("upkeep.findings_rectified") == (1, 1)


def test_low_pressure_is_a_finding_and_gas_asks_for_an_alarm(cast: Cast) -> None:
    cast.premises()
    (visit,) = a_campaign(cast)
    with pytest.raises(Refused, match="可燃气体报警装置"):
        visited(cast.bob, visit, answers={**SAFE, "fuel": "bottle"})
    visited(cast.bob, visit, answers={**SAFE, "pressure": 0.02})
    assert Finding.objects.get().title == "消火栓水压不足"


def test_every_shipped_checklist_is_in_use(cast: Cast) -> None:
    ours = [one for one in CHECKLISTS if one.id.startswith("upkeep.")]
    assert len(ours) == 16
    for one in ours:
        version = in_use(one.id)
        assert version is not None
        assert version.items == one.items


def test_each_indicator_opens_what_it_counted(cast: Cast) -> None:
    a_structure(cast)
    cast.premises()
    for indicator in INDICATORS:
        if indicator.id.startswith("upkeep."):
            assert indicator.row_url is not None
            for row in (indicator.denominator or indicator.numerator)(YEAR):
                assert indicator.row_label(row)
                assert indicator.row_url(row).startswith("/desk/")


# pages


def signed_in(cast: Cast, actor: Actor, role: str) -> Client:
    user = User.objects.get(pk=actor.id or 0)
    a_post(user, role, cast.other if actor is cast.charlie else cast.office)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    return client


def url(name: str, key: object = None) -> str:
    return reverse(f"page:upkeep.{name}", kwargs={"key": str(key)} if key is not None else None)


def test_pages_show_and_forms_write(cast: Cast) -> None:
    alice = signed_in(cast, cast.alice, "unit_head")
    given = {"kind": "hotel", "name": "悦来宾馆", "unit": cast.office.pk, "since": "2024-01-01", "lon": "121.385"}
    assert alice.post(url("premises_new"), given).status_code == 422
    assert alice.post(url("premises_new"), {**given, "lat": "31.245"}).status_code == 302
    premises = Premises.objects.get()
    edited = {**given, "lat": "31.245", "name": "悦来大酒店"}
    assert alice.post(url("premises_edit", premises.pk), edited).status_code == 302
    a_structure(cast)
    for address in (url("premises"), url("premises_one", premises.pk), url("structures"), url("structure_new")):
        assert alice.get(address).status_code == 200, address
    assert "悦来大酒店" in alice.get(url("premises") + "?q=大酒店&kind=hotel").content.decode()
    assert "彩钢板房" in alice.get(url("structures") + "?state=stands").content.decode()
    assert alice.post(url("premises_close", premises.pk), {"on": "2026-09-15"}).status_code == 302
    charlie = signed_in(cast, cast.charlie, "unit_head")
    assert charlie.get(url("premises_one", premises.pk)).status_code == 404


def test_a_river_and_a_let_flat_show_when_they_were_last_looked_at_and_what_was_found(cast: Cast, hands: Hands) -> None:
    alice = signed_in(cast, cast.alice, "unit_head")
    river = cast.premises("桃浦河", kind="river", steward_id=cast.bob.id)
    flat = cast.premises("芝巷1弄2号302室", kind="group_rental")
    cast.premises("聚香园饭店")
    rivers = alice.get(url("rivers")).content.decode()
    assert "桃浦河" in rivers
    assert "从未" in rivers
    assert "302室" not in rivers + alice.get(url("rivers") + "?steward=none").content.decode()
    assert "聚香园" not in alice.get(url("rentals")).content.decode()
    new = NewCampaign(
        title="巡查", checklist="upkeep.group_rental", source="upkeep.premises", query={"kind": "group_rental"},
        unit_id=cast.office.pk, starts_on=TODAY, ends_on=date(2026, 9, 30), inspectors={cast.bob.id or 0: None},
    )  # fmt: skip
    plan_round(Actor.system("test"), start_campaign(cast.alice, make_campaign(cast.alice, new)), TODAY)
    (visit,) = waiting(cast.bob, date(2026, 9, 30))
    answers = {one.id: "yes" for one in CHECKLISTS["upkeep.group_rental"].items if one.kind == "yes_no"}
    wrong = next(iter(answers))
    needed = [one.id for one in CHECKLISTS["upkeep.group_rental"].items if one.kind == "photo" and one.needed]
    photos = {id: [a_photo(cast.bob, number)] for number, id in enumerate([wrong, *needed])}
    visited(cast.bob, visit, photos, answers={**answers, wrong: "no", "rooms": 4})
    rows: Any = looked_at(cast.alice, "group_rental")
    assert [(one.pk, one.seen_on, one.found) for one in rows] == [(flat.pk, TODAY, 1)]
    assert not looked_at(cast.charlie, "river").exists()
    hands.go(days=40)
    assert "302室" in signed_in(cast, cast.alice, "unit_head").get(url("rentals") + "?seen=long").content.decode()
    assert river.steward_id == cast.bob.id


def test_lists_ask_the_same_whatever_their_length(cast: Cast) -> None:
    alice = signed_in(cast, cast.alice, "unit_head")
    counts = []
    for _times in range(3):
        cast.premises(), a_structure(cast), cast.premises(kind="river")
        found = []
        for address in (url("premises"), url("structures"), url("rivers")):
            with CaptureQueriesContext(connection) as asked:
                assert alice.get(address).status_code == 200
            found.append(len(asked))
        counts.append(found)
    assert counts[1] == counts[2]


def test_the_demo_is_built_through_actions(cast: Cast) -> None:
    news = [
        NewPlace(
            kind=Kind.BUILDING, code=f"B{n}", name=f"{n}号楼", parent="N", valid_from=SINCE,
            shape=box(121.381 + n / 1000, 31.242, 121.3815 + n / 1000, 31.2425),
        )
        for n in range(6)
    ]  # fmt: skip
    create_many(Actor.system("test"), news)
    a_post(User.objects.get(pk=cast.bob.id or 0), "grid_worker", cast.office, area=cast.area)
    build(DemoBuild(seed=3, say=lambda _words: None))
    assert Premises.objects.count() >= 60
    assert Visit.objects.filter(state="done").exclude(kind="recheck").count() > 10
    assert 0 < Structure.objects.filter(removed_on__isnull=False).count() < Structure.objects.count() == 25
    assert not Visit.objects.filter(done_at__gt=clock.now()).exists(), "nothing lies ahead"
