"""The desk for cases: who sees what, what is done from a page, and how many queries it takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case, CaseUnit, Clock, Comment, NewCase, NewReporter, case_for, comment, receive
from zhen.kernel.identity.models import Unit
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.journal.api import reads_of
from zhen.web.models import Draft

pytestmark = pytest.mark.django_db
REPAIR = "dummy_pack.repair"
SYSTEM = Actor.system("test")
SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"


@pytest.fixture
def carpenters(db: None) -> Unit:
    return a_unit("carpenters", "木工组")


@pytest.fixture
def painters(db: None) -> Unit:
    return a_unit("painters", "油漆组")


def of(unit: Unit, username: str, role: str = "dummy_pack.carpenter") -> Client:
    user = a_user(username)
    if role:
        a_post(user, role, unit)
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


@pytest.fixture
def alice(carpenters: Unit) -> Client:
    return of(carpenters, "alice")


@pytest.fixture
def bob(painters: Unit) -> Client:
    return of(painters, "bob")


def a_case(unit: Unit | None, title: str = "The bench wobbles", **given: Any) -> Case:
    reporter = NewReporter(secret=SECRET, name="王小明", phone="13812345678")
    new = NewCase(title=title, unit_id=unit.pk if unit else None, point=(121.4, 31.23), reporter=reporter, **given)
    return receive(SYSTEM, REPAIR, new)


def page(case: Case, *more: str) -> str:
    return "/".join(["", "desk/cases", case.number, *more, ""])


def test_a_unit_sees_its_own_cases_and_no_others(alice: Client, bob: Client, carpenters: Unit) -> None:
    case = a_case(carpenters)
    assert "The bench wobbles" in alice.get("/desk/cases/").content.decode()
    assert "The bench wobbles" not in bob.get("/desk/cases/").content.decode()
    assert alice.get(page(case)).status_code == 200
    for address in (page(case), page(case, "print"), "/desk/cases/BR-2026-999999/"):
        assert bob.get(address).status_code == 404
    for deed in ("comment", "assign", "edit", "mended", "reporter"):
        assert bob.post(page(case, deed), {"text": "x", "purpose": "to know"}).status_code == 404


@pytest.mark.parametrize(
    ("source", "ref", "name", "shown"),
    [
        ("round", "47/handrail", "a visit of a round", False),
        ("dummy_pack.apprentice", "apprentice/47", "an apprentice", False),
        ("12345", "HL261201000042", "the 12345 hotline", True),
        ("another town", "A-7", "another town", True),
    ],
)
def test_where_a_case_came_from_is_said_in_words_and_a_number_where_people_know_it(
    source: str, ref: str, name: str, shown: bool, alice: Client, carpenters: Unit
) -> None:
    case = a_case(carpenters, source=source, source_ref=ref)
    for address in (page(case), page(case, "print")):
        told = alice.get(address).content.decode()
        assert name in told
        assert (ref in told) is shown
    assert (case.title in alice.get("/desk/cases/?source=hotline").content.decode()) is (source == "12345")


def test_whoever_may_see_no_cases_is_turned_away(carpenters: Unit) -> None:
    nobody = of(carpenters, "charlie", role="")
    for address in ("/desk/cases/", "/desk/cases/map.geojson?bbox=121,31,122,32&zoom=12", "/desk/cases/people/"):
        assert nobody.get(address).status_code == 403
        assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    "query",
    [
        "queue=none",
        "type=x",
        "state=x",
        "category=999",
        "area=a",
        "unit=-1",
        "since=2026-02-30",
        "after=x",
        "after=~",
        "after=2026~1",
    ],
)
def test_a_filter_that_nobody_can_choose_is_refused(alice: Client, query: str) -> None:
    assert alice.get(f"/desk/cases/?{query}").status_code == 422


@pytest.mark.parametrize(
    "query", ["", "bbox=1,2,3&zoom=3", "bbox=3,2,1,4&zoom=3", "bbox=1,2,3,4&zoom=x", "bbox=nan,1,2,3&zoom=1"]
)
def test_a_map_without_a_box_is_refused(alice: Client, query: str) -> None:
    assert alice.get(f"/desk/cases/map.geojson?{query}").status_code == 422


def test_the_map_shows_only_what_the_reader_may_see(alice: Client, bob: Client, carpenters: Unit) -> None:
    case = a_case(carpenters)
    address = "/desk/cases/map.geojson?bbox=121.3,31.2,121.5,31.3&zoom=17"
    (feature,) = alice.get(address).json()["features"]
    assert feature["properties"]["number"] == case.number
    assert bob.get(address).json()["features"] == []


def test_a_number_in_the_search_leads_straight_to_its_case(alice: Client, bob: Client, carpenters: Unit) -> None:
    case = a_case(carpenters)
    assert alice.get("/desk/cases/", {"q": case.number.lower()})["location"] == page(case)
    assert bob.get("/desk/cases/", {"q": case.number}).status_code == 200


def test_the_inbox_takes_a_fixed_number_of_queries(
    alice: Client, carpenters: Unit, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        a_case(carpenters, f"Bench {number}")
    alice.get("/desk/cases/")
    with django_assert_max_num_queries(16):
        html = alice.get("/desk/cases/?queue=unit").content.decode()
    assert html.count('case-row"') == 30
    assert "Next page" in html


def test_the_page_of_a_case_takes_a_fixed_number_of_queries(
    alice: Client, carpenters: Unit, django_assert_max_num_queries: Any
) -> None:
    case = a_case(carpenters)
    for number in range(30):
        comment(SYSTEM, case.pk, f"Word {number}")
    alice.get(page(case))
    with django_assert_max_num_queries(27):
        html = alice.get(page(case)).content.decode()
    assert "Word 29" in html


def test_a_step_asks_for_what_it_needs_and_says_what_it_will_do(alice: Client, carpenters: Unit) -> None:
    case = a_case(carpenters)
    html = alice.get(page(case)).content.decode()
    assert f'action="{page(case, "dispatch")}"' in html
    assert f'action="{page(case, "mended")}"' not in html
    assert "The case then stands at “being mended”" in html
    assert alice.post(page(case, "dispatch"), {"revision": case.revision, "unit": carpenters.pk}).status_code == 302
    case.refresh_from_db()
    assert case.state == "handling"
    assert alice.post(page(case, "mended"), {"revision": case.revision, "result": " "}).status_code == 422


def test_nothing_typed_is_lost_when_somebody_was_faster(alice: Client, carpenters: Unit) -> None:
    case = a_case(carpenters)
    alice.post(page(case, "dispatch"), {"revision": case.revision, "unit": carpenters.pk})
    case.refresh_from_db()
    seen = {"revision": case.revision, "seen": 0, "result": "Two new legs, screwed and glued"}
    comment(SYSTEM, case.pk, "The wood is oak")
    alice.post(page(case, "edit"), {"revision": case.revision, "title": "Another title", "text": "", "address": ""})
    answer = alice.post(page(case, "mended"), seen)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Two new legs, screwed and glued" in html
    assert "Another title" in html
    assert "The wood is oak" in html
    case.refresh_from_db()
    assert (case.state, case.result) == ("handling", "")
    again = alice.post(page(case, "mended"), {**seen, "revision": case.revision})
    assert again.status_code == 302


def test_words_for_a_step_that_is_over_are_shown_again(alice: Client, carpenters: Unit) -> None:
    case = a_case(carpenters)
    answer = alice.post(page(case, "mended"), {"revision": case.revision, "result": "Long words of mine"})
    assert answer.status_code == 409
    assert "Long words of mine" in answer.content.decode()


def test_pausing_and_extending_move_the_clocks(alice: Client, carpenters: Unit) -> None:
    case = a_case(carpenters)
    alice.post(page(case, "dispatch"), {"revision": case.revision, "unit": carpenters.pk})
    case.refresh_from_db()
    before = Clock.objects.get(case=case, deadline="handle").due_at
    assert alice.post(page(case, "pause"), {"revision": case.revision, "reason": "rain"}).status_code == 302
    assert "stands still" in alice.get(page(case)).content.decode()
    case.refresh_from_db()
    assert alice.post(page(case, "resume"), {"revision": case.revision}).status_code == 302
    case.refresh_from_db()
    resumed = Clock.objects.get(case=case, deadline="handle").due_at
    extended = {"revision": case.revision, "deadline": "handle", "amount": 2, "reason": "wood comes late"}
    assert alice.post(page(case, "extend"), extended).status_code == 302
    assert Clock.objects.get(case=case, deadline="handle").due_at == resumed
    case.refresh_from_db()
    html = alice.get(page(case)).content.decode()
    assert 'id="do-decide"' not in html  # nobody grants what he asks for
    decided = {"revision": case.revision, "deadline": "handle", "answer": "approve"}
    assert alice.post(page(case, "decide"), decided).status_code >= 400
    other = a_user("abel")
    a_post(other, "dummy_pack.carpenter", carpenters)
    desk = Client()
    desk.force_login(other)
    assert 'id="do-decide"' in desk.get(page(case)).content.decode()
    assert desk.post(page(case, "decide"), decided).status_code == 302
    after = Clock.objects.get(case=case, deadline="handle").due_at
    assert before is not None
    assert after is not None
    assert after > before
    html = alice.get(page(case)).content.decode()
    assert "wood comes late" in html
    assert "held its clocks still" in html


def test_the_reporter_stays_masked_until_a_purpose_is_given(alice: Client, carpenters: Unit) -> None:
    case = a_case(carpenters)
    html = alice.get(page(case)).content.decode()
    assert "13812345678" not in html
    assert "王小明" not in html
    assert alice.post(page(case, "reporter"), {"purpose": ""}).status_code == 422
    assert reads_of(case).count() == 0
    opened = alice.post(page(case, "reporter"), {"purpose": "ask where the bench stands"})
    assert "13812345678" in opened.content.decode()
    assert opened["Cache-Control"] == "no-store"
    (read,) = reads_of(case)
    assert read.data["purpose"] == "ask where the bench stands"
    assert "13812345678" not in alice.get(page(case)).content.decode()


def test_a_comment_being_typed_is_kept_until_it_is_sent(alice: Client, carpenters: Unit) -> None:
    case = a_case(carpenters)
    kept = alice.post(page(case, "draft") + "?deed=comment", {"text": "Half a tho", "kind": "note"})
    assert kept.status_code == 204
    assert "Half a tho" in alice.get(page(case)).content.decode()
    alice.post(page(case, "comment"), {"text": "A whole thought", "kind": "answer"})
    assert Comment.objects.get(case=case).public
    assert not Draft.objects.exists()


def test_several_are_done_together_or_not_at_all(alice: Client, carpenters: Unit) -> None:
    first, second = a_case(carpenters), a_case(carpenters, "Another bench")
    shown = alice.post("/desk/cases/together/", {"key": [first.pk, second.pk]}).content.decode()
    assert "All 2 cases then stand at" in shown
    seen = [f"{first.pk}:{first.revision}", f"{second.pk}:{second.revision}"]
    comment_on = {"text": "The carpenter comes on Monday", "chosen": seen}
    assert alice.post("/desk/cases/together/comment/", comment_on).status_code == 302
    stale = {"unit": carpenters.pk, "chosen": [seen[0], f"{second.pk}:{second.revision + 5}"]}
    assert alice.post("/desk/cases/together/dispatch/", stale).status_code == 409
    assert set(Case.objects.values_list("state", flat=True)) == {"received"}
    assert alice.post("/desk/cases/together/dispatch/", {"unit": carpenters.pk, "chosen": seen}).status_code == 302
    assert set(Case.objects.values_list("state", flat=True)) == {"handling"}


def test_others_cases_cannot_be_slipped_among_the_chosen(
    alice: Client, bob: Client, carpenters: Unit, painters: Unit
) -> None:
    own, other = a_case(carpenters), a_case(painters)
    assert alice.post("/desk/cases/together/", {"key": [own.pk, other.pk]}).status_code == 404
    assert alice.post("/desk/cases/together/", {}).status_code == 422
    assert alice.post("/desk/cases/together/dispatch/", {"chosen": "x"}).status_code == 422


def test_a_case_is_assigned_to_whom_has_least_and_transferred_with_a_reason(
    alice: Client, carpenters: Unit, painters: Unit
) -> None:
    helper = a_user("helper", "帮手")
    a_post(helper, "dummy_pack.carpenter", carpenters)
    case = a_case(carpenters)
    html = alice.get(page(case)).content.decode()
    assert "帮手 · 0 open cases" in html
    given = {"revision": case.revision, "unit": carpenters.pk, "person": helper.pk}
    assert alice.post(page(case, "assign"), given).status_code == 302
    assert case_for(SYSTEM, case.pk).person_id == helper.pk
    case.refresh_from_db()
    move = {"revision": case.revision, "unit": painters.pk, "person": helper.pk}
    assert alice.post(page(case, "assign"), move).status_code == 422
    sent = alice.post(page(case, "assign"), {**move, "reason": "it needs paint"})
    assert sent["location"] == "/desk/cases/"
    assert CaseUnit.objects.filter(case=case, until__isnull=True).get().unit_id == painters.pk


def test_what_somebody_leaves_behind_is_handed_over(alice: Client, carpenters: Unit) -> None:
    gone, heir = a_user("gone", "走了"), a_user("heir", "接手")
    a_post(heir, "dummy_pack.carpenter", carpenters)
    for number in range(3):
        Case.objects.filter(pk=a_case(carpenters, f"Bench {number}").pk).update(person=gone)
    assert "holds no post any more" in alice.get("/desk/cases/people/").content.decode()
    address = f"/desk/cases/people/{gone.pk}/"
    assert "接手" in alice.get(address).content.decode()
    assert alice.post(address, {"person": heir.pk}).status_code == 302
    assert Case.objects.filter(person=heir).count() == 3
    assert alice.get(address).status_code == 404


def test_the_undo_offers_the_way_back(alice: Client, carpenters: Unit) -> None:
    case = a_case(carpenters)
    alice.post(page(case, "dispatch"), {"revision": case.revision, "unit": carpenters.pk})
    case.refresh_from_db()
    alice.post(page(case, "defer"), {"revision": case.revision, "reason": "no wood"})
    assert "Undo" in alice.get(page(case)).content.decode()


def test_a_case_prints_on_paper(alice: Client, carpenters: Unit) -> None:
    case = a_case(carpenters, text="It fell over twice")
    html = alice.get(page(case, "print")).content.decode()
    assert case.number in html
    assert "It fell over twice" in html
    assert "王小明" not in html
