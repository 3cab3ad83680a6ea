"""The pages of rounds: at the desk, on the portal, and on a phone."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from zhen.kernel.access.api import Actor
from zhen.kernel.files.testing import an_image, an_upload
from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import a_post
from zhen.kernel.lib import typesetting
from zhen.kernel.rounds.actions.drawing import draw, publish_draw
from zhen.kernel.rounds.actions.planning import plan_round
from zhen.kernel.rounds.models import Campaign, ChecklistVersion, Draw, Finding, Visit
from zhen.kernel.rounds.queries.visits import findings_of, waiting
from zhen.kernel.rounds.record import record_pdf
from zhen.kernel.rounds.testing import a_photo, visited
from zhen.kernel.rounds.tests.conftest import SYSTEM, TODAY, Cast
from zhen.kernel.rounds.tests.test_visits import LATER, fallen

pytestmark = pytest.mark.django_db
BENCH = "dummy_pack.bench"


def signed_in(cast: Cast, actor: Actor, role: str, area: str = "") -> Client:
    unit = cast.other if actor is cast.charlie else cast.office
    a_post(User.objects.get(pk=actor.id or 0), role, unit, area=cast.places[area] if area else None)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(User.objects.get(pk=actor.id or 0))
    return client


def url(name: str, key: object = None) -> str:
    return reverse(f"page:{name}", kwargs={"key": str(key)} if key is not None else None)


@pytest.fixture
def alice(cast: Cast) -> Client:
    return signed_in(cast, cast.alice, "unit_head")


@pytest.fixture
def bob(cast: Cast) -> Client:
    return signed_in(cast, cast.bob, "grid_worker", "N1")


def test_each_page_opens_for_the_unit_and_for_nobody_elses(cast: Cast, alice: Client) -> None:
    round_ = cast.planned()
    done = fallen(cast, waiting(cast.bob, LATER)[0])
    own = [url("rounds.campaign", round_.campaign_id), url("rounds.visit", done.key)]
    lists = ("rounds.campaigns", "rounds.visits", "rounds.findings", "rounds.checklists")
    shared = [url(name) for name in lists] + [
        url("rounds.checklist", f"{BENCH}@1"),
        url("rounds.item", f"{BENCH}@1~wobble"),
    ]
    forms = [url("rounds.campaign_new"), url("rounds.visit_give", waiting(cast.bob, LATER)[0].key)]
    for address in (*own, *shared, *forms):
        assert alice.get(address).status_code == 200, address
    page = alice.get(own[0]).content.decode()
    assert [word for word in ("Benches in autumn", "It fell over", "8.3") if word not in page] == []
    page = alice.get(own[1]).content.decode()
    assert [word for word in ("Does it stand?", "It fell over", "BF-2026-000001") if word not in page] == []
    charlie = signed_in(cast, cast.charlie, "unit_head")
    assert {charlie.get(address).status_code for address in own} == {404}
    assert Client().get(own[0]).status_code == 302


def test_a_campaign_is_planned_at_the_desk(cast: Cast, alice: Client) -> None:
    given = {
        "title": "秋季检查", "checklist": BENCH, "source": "dummy_pack.benches", "unit": cast.office.pk,
        "inspectors": [cast.bob.id], "starts_on": "2026-09-15", "ends_on": "2026-09-30", "every": "week", "people": "1",
        "per_day": "10", "dummy_pack.benches:state": "whole",
    }  # fmt: skip
    assert alice.post(url("rounds.campaign_new"), {**given, "ends_on": "2026-09-01"}).status_code == 422
    a_post(User.objects.get(pk=cast.bob.id or 0), "grid_worker", cast.office, area=cast.places["N1"])
    assert alice.post(url("rounds.campaign_new"), given).status_code == 302
    campaign = Campaign.objects.get()
    assert (campaign.query, campaign.inspectors.get().area_id) == ({"state": "whole"}, cast.places["N1"].pk)
    page = url("rounds.campaign", campaign.pk)
    assert alice.get(url("rounds.campaign_edit", campaign.pk)).status_code == 200
    assert alice.post(page, {"action": "start", "confirmed": "1"}).status_code == 302
    assert alice.post(url("rounds.campaign_end", campaign.pk), {"reason": "雨"}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.state == "ended"


def test_a_checklist_is_written_item_by_item(cast: Cast, alice: Client) -> None:
    first = url("rounds.checklist", f"{BENCH}@1")
    assert alice.post(first, {"action": "begin"}).status_code == 302
    item = {
        "id": "paint", "text": "油漆完好吗？", "kind": "yes_no", "needed": "on", "finding": "油漆剥落",
        "finding_answer": "否", "case_type": "dummy_pack.finding", "severity": "minor", "days": "10", "points": "5",
    }  # fmt: skip
    new = url("rounds.item_new", f"{BENCH}@2")
    assert alice.post(new, {**item, "case_type": ""}).status_code == 422
    assert alice.post(new, {**item, "finding_answer": "< x"}).status_code == 422
    assert alice.post(new, item).status_code == 302
    line = url("rounds.item", f"{BENCH}@2~paint")
    assert alice.post(line, {"action": "up"}).status_code == 302
    edit = {
        **item,
        "kind": "choice",
        "choices": "好\n差",
        "finding_answer": "差",
        "when_item": "wobble",
        "when_answer": "> 5",
    }
    assert alice.post(url("rounds.item_edit", f"{BENCH}@2~paint"), edit).status_code == 302
    assert alice.post(url("rounds.item", f"{BENCH}@2~wood"), {"action": "remove", "confirmed": "1"}).status_code == 302
    assert alice.post(url("rounds.checklist", f"{BENCH}@2"), {"action": "publish", "confirmed": "1"}).status_code == 302
    made = ChecklistVersion.objects.get(code=BENCH, number=2)
    paint = next(one for one in made.items if one.id == "paint")
    assert made.published_at is not None
    assert (paint.findings[0].on.values, paint.findings[0].limit) == (("差",), (10, "working_days"))
    assert paint.when is not None
    assert paint.when.match.above == 5
    assert "wood" not in {one.id for one in made.items}


def test_visits_are_given_on_and_called_off_at_the_desk(cast: Cast, alice: Client) -> None:
    cast.planned()
    a_post(User.objects.get(pk=cast.carol.id or 0), "grid_worker", cast.office)
    visit = waiting(cast.bob, LATER)[0]
    given = {"user": cast.carol.id, "on": "2026-09-18"}
    assert alice.post(url("rounds.visit_give", visit.key), given).status_code == 302
    assert alice.post(url("rounds.visit_call_off", visit.key), {"reason": "道路封闭"}).status_code == 302
    visit.refresh_from_db()
    assert (visit.inspector_id, visit.state) == (cast.carol.id, "called_off")


def test_two_records_of_a_visit_are_settled_at_the_desk(cast: Cast, alice: Client) -> None:
    cast.planned()
    visit = waiting(cast.bob, LATER)[0]
    visited(cast.bob, visit, answers={"stands": "yes"})
    second = visited(cast.bob, visit, {"stands": [a_photo(cast.bob)]}, answers={"stands": "no"})
    assert alice.get(url("rounds.visits") + "?kind=conflict").content.decode().count(second.subject.name) >= 1
    assert alice.post(url("rounds.visit", second.key), {"action": "take", "confirmed": "1"}).status_code == 302
    assert Finding.objects.count() == 1


def test_the_draw_is_made_at_the_desk_and_everybody_can_repeat_it(cast: Cast, alice: Client, tmp_path: Path) -> None:
    cast.planned(random=True, sample=5, people=2)
    frozen = Draw.objects.get()
    assert Client().get(url("inspections.draw", frozen.pk)).status_code == 404
    given = {"seed": "2026105 03 08 19", "seed_from": "中国福利彩票"}
    assert alice.post(url("rounds.draw_now", frozen.pk), given).status_code == 302
    proof = reverse("rounds:proof", kwargs={"draw_id": frozen.pk})
    page = Client().get(url("inspections.draw", frozen.pk)).content.decode()
    assert frozen.digest in page
    assert "bench N" not in page, "an inspection that is announced finds nothing"
    assert Client().get(proof).status_code == 404
    for visit in Visit.objects.all():
        visited(SYSTEM, visit, outcome="gone")
    assert alice.post(url("rounds.draw", frozen.pk), {"action": "publish", "confirmed": "1"}).status_code == 302
    assert "bench N" in Client().get(url("inspections.draw", frozen.pk)).content.decode()
    assert Client().get(url("inspections.draws")).status_code == 200
    published = Client().get(proof).content
    assert verified(published, tmp_path) == "True True"
    forged = published.replace(b'"count": 5', b'"count": 4')
    assert verified(forged, tmp_path) == "False False"


def verified(proof: bytes, folder: Path) -> str:
    """What the script of the howto says of a proof."""
    howto = Path(__file__).parents[5] / "docs" / "howto" / "verify-draw.md"
    script = howto.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    (folder / "proof.json").write_bytes(proof)
    command = [sys.executable, "-I", "-c", script, str(folder / "proof.json")]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


@pytest.mark.skipif(not typesetting.font_paths(), reason="the assets with the documents' font are not built")
def test_the_record_is_a_paper_with_photo_law_and_names(cast: Cast, alice: Client) -> None:
    cast.planned()
    done = visited(
        cast.bob,
        waiting(cast.bob, LATER)[0],
        {"stands": [a_photo(cast.bob)]},
        answers={"stands": "no", "sitter": "王先生"},
    )
    answer = alice.get(reverse("rounds:record", kwargs={"key": done.pk}))
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    text = "".join(page.extract_text() for page in pages)
    assert [word for word in ("检查记录", "EN 581-1, 5.2", "BF-2026-000001", "王先生", "Bob") if word not in text] == []
    assert sum(len(page.images) for page in pages) == 1
    recheck = Visit.objects.get(kind="recheck")
    assert alice.get(reverse("rounds:record", kwargs={"key": recheck.pk})).status_code == 302, "it is not done yet"
    visited(cast.bob, recheck, outcome="gone")
    recheck.refresh_from_db()
    assert record_pdf(recheck, findings_of(recheck)).startswith(b"%PDF")


# on a phone


def test_a_visit_is_recorded_on_a_phone_and_sent_twice_is_one(cast: Cast, bob: Client) -> None:
    cast.planned()
    visit = waiting(cast.bob, TODAY)[0]
    assert visit.subject.name in bob.get("/field/").content.decode()
    address = reverse("field:visit", kwargs={"key": visit.pk})
    page = bob.get(address).content.decode()
    assert [word for word in ("Does it stand?", "Moisture (%)", "1. Is it whole?") if word not in page] == []
    given = {
        "request_id": str(uuid4()), "version": "1", "outcome": "seen", "lon": "121.3805", "lat": "31.2415",
        "stands": "no", "legs.0.whole": "yes", "note": "倒了",
    }  # fmt: skip
    again = bob.post(address, given)
    assert again.status_code == 422
    assert "请拍摄照片" in again.content.decode(), "the fault stands beside its field"
    for _time in range(2):
        photo = an_upload(an_image())
        assert bob.post(address, {**given, "photo-stands-new": photo}).status_code == 302
    done = Visit.objects.get(state="done")
    assert (done.answers, done.note, done.photos.count()) == ({"stands": "no", "legs": [{"whole": "yes"}]}, "倒了", 1)
    assert Finding.objects.count() == 1


def test_a_recheck_on_a_phone_asks_for_each_finding(cast: Cast, bob: Client) -> None:
    cast.planned()
    fallen(cast, waiting(cast.bob, LATER)[0])
    finding = Finding.objects.get()
    address = reverse("field:visit", kwargs={"key": finding.recheck_id})
    assert "It fell over" in bob.get(address).content.decode()
    given = {"outcome": "seen", "no_position": "地下室"}
    assert bob.post(address, given).status_code == 422
    assert bob.post(address, {**given, f"right-{finding.pk}": "yes"}).status_code == 302
    finding.refresh_from_db()
    assert finding.rectified_at is not None


def test_without_a_position_somebody_says_why(cast: Cast, bob: Client) -> None:
    cast.planned()
    visit = waiting(cast.bob, TODAY)[0]
    address = reverse("field:visit", kwargs={"key": visit.pk})
    assert bob.post(address, {"outcome": "seen", "stands": "yes"}).status_code == 422
    assert bob.post(address, {"outcome": "nobody"}).status_code == 302
    assert signed_in(cast, cast.charlie, "unit_clerk").get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_pages_ask_the_same_whatever_their_length(cast: Cast, alice: Client) -> None:
    campaign = cast.running()
    plan_round(SYSTEM, campaign, TODAY)
    rows = list(waiting(cast.bob, LATER))
    addresses = [
        url("rounds.campaign", campaign.pk),
        url("rounds.visits"),
        url("rounds.findings"),
        url("rounds.campaigns"),
    ]
    counts = []
    for address in addresses:
        alice.get(address)  # what is remembered between requests is read now
    for many in (2, 4):
        for visit in rows[many - 2 : many]:
            visited(cast.bob, visit, {"stands": [a_photo(cast.bob, visit.pk.int % 99)]}, answers={"stands": "no"})
        counts.append([asked(alice, address) for address in addresses])
    assert counts[0] == counts[1]
    assert max(counts[1]) < 45


def asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_a_draw_that_nobody_may_see_yet_is_missing(cast: Cast, bob: Client) -> None:
    cast.planned(random=True, sample=2)
    found = draw(cast.alice, Draw.objects.get(), seed="123456", seed_from="x")
    for visit in Visit.objects.all():
        visited(SYSTEM, visit, outcome="gone")
    publish_draw(cast.alice, found)
    for key in ("0", "x", "9" * 30):
        assert Client().get(url("inspections.draw", key)).status_code == 404
