"""Visits of two inspectors, who both sign; and enumerations, of which only counts are kept."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.urls import reverse
from pypdf import PdfReader

from zhen.kernel.access.api import Denied
from zhen.kernel.lib import typesetting
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.rounds.actions.campaigns import end, make
from zhen.kernel.rounds.actions.counting import count_all
from zhen.kernel.rounds.actions.visiting import cosign
from zhen.kernel.rounds.declarations import Item, ItemKind, Option
from zhen.kernel.rounds.models import ChecklistVersion, Count, Round, Visit
from zhen.kernel.rounds.models.checklists import as_content
from zhen.kernel.rounds.queries.campaigns import answers_left
from zhen.kernel.rounds.queries.visits import to_sign, waiting
from zhen.kernel.rounds.record import record_pdf
from zhen.kernel.rounds.testing import a_photo, visited
from zhen.kernel.rounds.tests.conftest import NOW, Cast
from zhen.kernel.rounds.tests.test_pages import signed_in

pytestmark = pytest.mark.django_db
LATER = date(2026, 9, 30)
BENCH = "dummy_pack.bench"


def demanded(items: tuple[Item, ...] | None = None, *, people: int = 2) -> None:
    """The next version of the checklist, in use: it demands two people, or asks otherwise."""
    before = ChecklistVersion.objects.get(code=BENCH)
    ChecklistVersion.objects.create(
        code=BENCH,
        number=2,
        name="Bench",
        people=people,
        content=as_content(items) if items else before.content,
        made_at=NOW,
        published_at=NOW,
    )


def a_visit_of_two(cast: Cast) -> Visit:
    demanded()
    cast.planned()
    visit = waiting(cast.bob, LATER).filter(inspector=cast.bob.id)[0]
    assert (visit.people, visit.second_id) == (2, cast.carol.id), "the campaign said one, the checklist demands two"
    return visit


def test_a_visit_of_two_is_recorded_by_one_and_signed_by_the_other(cast: Cast) -> None:
    visit = visited(cast.bob, a_visit_of_two(cast), answers={"stands": "yes"})
    assert list(to_sign(cast.carol)) == [visit]
    assert list(to_sign(cast.bob)) == []
    with pytest.raises(Refused, match="does not sign for the other one"):
        cosign(cast.bob, visit)
    with pytest.raises(Denied):
        cosign(cast.charlie, visit)
    signed = cosign(cast.carol, visit)
    assert (signed.recorded_by_id, signed.cosigned_by_id, signed.cosigned_at) == (cast.bob.id, cast.carol.id, NOW)
    assert list(to_sign(cast.carol)) == []
    with pytest.raises(Outdated, match="has it already"):
        cosign(cast.carol, visit)


def test_either_of_two_records_and_then_the_other_signs(cast: Cast) -> None:
    visit = visited(cast.carol, a_visit_of_two(cast), answers={"stands": "yes"}, second=cast.carol.id)
    assert (visit.inspector_id, visit.second_id, visit.recorded_by_id) == (cast.bob.id, cast.carol.id, cast.carol.id)
    assert cosign(cast.bob, visit).cosigned_by_id == cast.bob.id


def test_nobody_makes_a_visit_of_two_alone(cast: Cast) -> None:
    visit = a_visit_of_two(cast)
    Visit.objects.filter(pk=visit.pk).update(second=None)
    with pytest.raises(Refused, match="two inspectors make this visit"):
        visited(cast.bob, visit, answers={"stands": "yes"})
    with pytest.raises(Refused, match="two inspectors make this visit"):
        visited(cast.bob, visit, answers={"stands": "yes"}, second=cast.bob.id)
    assert visited(cast.bob, visit, answers={"stands": "yes"}, second=cast.carol.id).second_id == cast.carol.id


def test_the_checklist_may_come_to_demand_two_while_the_visit_is_planned(cast: Cast) -> None:
    cast.planned()
    visit = waiting(cast.bob, LATER)[0]
    demanded()
    with pytest.raises(Refused, match="two inspectors make this visit"):
        visited(cast.bob, visit, answers={"stands": "yes"})
    done = visited(cast.bob, visit, answers={"stands": "yes"}, version=1)
    assert done.people == 1, "asked by the version that was on the phone"


@pytest.mark.parametrize(
    ("facts", "broken"),
    [
        ({"second": None}, "rounds_visit_pair"),
        ({"cosigned_by": "bob", "cosigned_at": NOW}, "rounds_visit_cosigned"),
        ({"cosigned_by": "charlie", "cosigned_at": NOW}, "rounds_visit_cosigned"),
        ({"cosigned_at": NOW}, "rounds_visit_cosigned"),
    ],
)
def test_the_database_holds_that_they_are_two(cast: Cast, facts: dict[str, Any], broken: str) -> None:
    visit = visited(cast.bob, a_visit_of_two(cast), answers={"stands": "yes"})
    if name := facts.get("cosigned_by"):
        facts = {**facts, "cosigned_by": getattr(cast, name).id}
    with pytest.raises(IntegrityError, match=broken), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(**facts)


def test_a_second_record_of_two_keeps_both_names(cast: Cast) -> None:
    visit = a_visit_of_two(cast)
    visited(cast.bob, visit, answers={"stands": "yes"})
    conflict = visited(cast.carol, visit, answers={"stands": "yes"}, second=cast.carol.id)
    assert (conflict.kind, conflict.inspector_id, conflict.second_id) == ("conflict", cast.carol.id, cast.bob.id)


@pytest.mark.skipif(not typesetting.font_paths(), reason="the assets with the documents' font are not built")
def test_the_paper_shows_both_and_the_signature_itself(cast: Cast) -> None:
    visit = a_visit_of_two(cast)
    photos = {"sitter": [a_photo(cast.bob)]}
    done = visited(cast.bob, visit, photos, answers={"stands": "yes", "sitter": "王先生"})
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(record_pdf(done, []))).pages)
    assert "Carol（未确认）" in text
    done = cosign(cast.carol, done)
    pages = PdfReader(io.BytesIO(record_pdf(done, []))).pages
    text = "".join(page.extract_text() for page in pages)
    assert [
        word
        for word in ("Bob（2026-09-15 10:00 确认）", "Carol（2026-09-15 10:00 确认）", "王先生")
        if word not in text
    ] == []
    assert "现场照片" not in text, "the signature is no photo of the place"
    assert sum(len(page.images) for page in pages) == 1


# enumerations

HOME = Item(id="people", text="家中几人？", kind=ItemKind.NUMBER, low=0, high=50)
TAP = Item(id="tap", text="有无自来水？")
FUEL = Item(
    id="fuel",
    text="做饭用什么？",
    kind=ItemKind.CHOICE,
    needed=False,
    choices=(Option(value="gas", text="燃气"), Option(value="power", text="电")),
)


def enumerated(cast: Cast) -> Round:
    demanded((HOME, TAP, FUEL), people=1)
    round_ = cast.planned(counts_only=True)
    for number, visit in enumerate(Visit.objects.filter(round=round_).order_by("subject__name")[:11]):
        answers = {"people": number, "tap": "yes" if number % 2 else "no", "fuel": "gas"}
        visited(cast.alice, visit, answers=answers, note="Second floor left")
    return round_


def test_an_enumeration_keeps_counts_and_no_answer_of_any_household(cast: Cast) -> None:
    round_ = enumerated(cast)
    campaign = round_.campaign
    assert answers_left(campaign) == 11
    last = Visit.objects.get(round=round_, state="planned")
    end(cast.alice, campaign, "All are counted")
    count_all()
    campaign.refresh_from_db()
    assert campaign.counted_at is not None
    assert answers_left(campaign) == 0
    told = {(one.item, one.answer): (one.number, one.total) for one in Count.objects.filter(campaign=campaign)}
    assert told == {
        ("people", ""): (11, 55.0),
        ("tap", "yes"): (5, 0.0),
        ("tap", "no"): (6, 0.0),
        ("fuel", "gas"): (11, 0.0),
    }
    assert set(Count.objects.values_list("area_id", flat=True)) == {None}, "six households are too few to stand alone"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM rounds_visit AS v WHERE v::text LIKE '%Second floor%' OR v::text LIKE '%gas%'"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM journal_event AS e WHERE e::text LIKE '%Second floor%'")
        assert cursor.fetchone() == (0,)
    count_all()
    assert Count.objects.count() == 4, "once"
    for visit in (last, Visit.objects.filter(round=round_, state="done")[0]):
        with pytest.raises(Outdated):
            visited(cast.alice, visit, answers={"people": 1, "tap": "yes"})


def test_what_no_count_can_keep_is_not_enumerated(cast: Cast) -> None:
    with pytest.raises(Refused, match="a campaign that keeps only counts asks"):
        make(cast.alice, cast.new(counts_only=True))
    demanded((HOME,), people=1)
    round_ = cast.planned(counts_only=True)
    with pytest.raises(Refused, match="an enumeration keeps none"):
        visited(cast.alice, round_.visits.all()[0], {"": [a_photo(cast.alice)]}, answers={"people": 1})


def test_the_page_of_an_enumeration_says_that_nothing_is_left(cast: Cast) -> None:
    alice = signed_in(cast, cast.alice, "unit_head")
    campaign = enumerated(cast).campaign
    end(cast.alice, campaign, "All are counted")
    count_all()
    page = alice.get(reverse("page:rounds.campaign", kwargs={"key": campaign.pk})).content.decode()
    assert "家中几人？" in page
    assert "Second floor" not in page
