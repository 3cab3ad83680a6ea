"""Visits: recorded once, with findings that are looked at again until they are right."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from django.db.models import Model

from zhen.kernel.access.api import Denied
from zhen.kernel.cases.api import Case, Move, move
from zhen.kernel.forms.api import Faulty
from zhen.kernel.identity.models import User
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.pages.api import Missing
from zhen.kernel.rounds.actions.checklists import begin_draft, publish, put_item
from zhen.kernel.rounds.actions.visiting import call_off, give, record, settle_conflict
from zhen.kernel.rounds.declarations import Item
from zhen.kernel.rounds.models import Finding, Subject, Visit, VisitFile
from zhen.kernel.rounds.queries.checklists import version_for
from zhen.kernel.rounds.queries.visits import visit_for, visits, waiting
from zhen.kernel.rounds.testing import a_photo, a_record, visited
from zhen.kernel.rounds.tests.conftest import NOW, SYSTEM, TODAY, Cast, Hands
from zhen.kernel.rounds.values import Position, Recheck, read_record

pytestmark = pytest.mark.django_db
LATER = date(2026, 9, 30)


@pytest.fixture
def visit(cast: Cast) -> Visit:
    cast.planned()
    return waiting(cast.bob, LATER)[0]


def fallen(cast: Cast, visit: Visit) -> Visit:
    """The bench fell over: a visit with one finding."""
    return visited(cast.bob, visit, {"stands": [a_photo(cast.bob)]}, answers={"stands": "no"})


def fresh(row: Model) -> Any:
    return type(row)._default_manager.get(pk=row.pk)


def test_a_visit_keeps_answers_score_place_and_time(cast: Cast, visit: Visit) -> None:
    photos = {"view": [a_photo(cast.bob)], "": [a_photo(cast.bob, 1)]}
    done = visited(cast.bob, visit, photos, answers={"stands": "yes", "wobble": 3, "sitter": "王先生"}, note=" Fine ")
    done = fresh(done)
    assert (done.state, done.outcome, done.answers["wobble"], done.note) == ("done", "seen", 3, "Fine")
    assert (done.points, done.points_most, done.findings_count) == (10, 10, 0)
    assert (done.done_at, done.recorded_at, done.clock_off) == (NOW, NOW, 0)
    assert done.distance_m is not None
    assert VisitFile.objects.filter(visit=done).count() == 2
    assert Subject.objects.get(pk=done.subject_id).seen_on == TODAY


def test_the_same_record_sent_again_is_the_same_visit(cast: Cast, visit: Visit) -> None:
    sent = a_record(visit, answers={"stands": "yes"})
    first, again = record(cast.bob, sent, {}), record(cast.bob, sent, {})
    assert first.pk == again.pk
    assert Visit.objects.filter(state="done").count() == 1
    with pytest.raises(Refused, match="somebody else has sent it"):
        record(cast.carol, sent, {})


def test_a_second_record_of_a_visit_is_kept_and_shown(cast: Cast, visit: Visit) -> None:
    visited(cast.bob, visit, answers={"stands": "yes"})
    photos = {"stands": [a_photo(cast.bob)]}
    second = visited(cast.bob, visit, photos, answers={"stands": "no"})
    assert (second.kind, second.follows_id, second.answers) == ("conflict", visit.pk, {"stands": "no"})
    assert not Finding.objects.exists(), "somebody looks at both first"
    with pytest.raises(Denied):
        settle_conflict(cast.bob, second, findings=True)
    settle_conflict(cast.alice, second, findings=True)
    assert Finding.objects.get().visit_id == second.pk
    with pytest.raises(Outdated):
        settle_conflict(cast.alice, second, findings=False)


def test_a_finding_opens_a_case_and_is_looked_at_again_until_it_is_right(
    cast: Cast, hands: Hands, visit: Visit
) -> None:
    done = fallen(cast, visit)
    finding = Finding.objects.get(visit=done)
    case = finding.case
    assert case is not None
    assert (case.type, case.source, case.unit_id, case.title[-12:]) == (
        "dummy_pack.finding",
        "round",
        cast.office.pk,
        "It fell over",
    )
    recheck = finding.recheck
    assert recheck is not None
    assert (recheck.kind, recheck.planned_on, recheck.inspector_id) == ("recheck", date(2026, 9, 19), cast.bob.id)

    hands.go(days=4)
    with pytest.raises(Refused, match="it was not looked at again"):
        visited(cast.bob, recheck)
    visited(
        cast.bob,
        recheck,
        {f"finding.{finding.pk}": [a_photo(cast.bob, 2)]},
        rechecks={finding.pk: Recheck(right=False, note="Still")},
    )
    finding, case = fresh(finding), fresh(case)
    assert (finding.over_at, case.state) == (None, "rectifying")
    assert finding.recheck is not None
    assert finding.recheck.pk != recheck.pk

    case = move(cast.alice, case.pk, case.revision, "said_right", Move(result="Set up again", reason="No camera"))
    last = fresh(finding).recheck
    assert last.planned_on == clock.today(), "it is due as soon as it is said to be right"
    visited(cast.bob, last, rechecks={finding.pk: Recheck(right=True)})
    finding, case = fresh(finding), fresh(case)
    assert (finding.rectified_on_id, case.state, case.outcome) == (last.pk, "closed", "rectified")
    assert not Visit.objects.filter(kind="recheck", state="planned").exists()


def test_nobody_signs_off_from_his_desk_what_nobody_has_seen(cast: Cast, visit: Visit) -> None:
    fallen(cast, visit)
    case = Case.objects.get()
    with pytest.raises(Denied):
        move(cast.alice, case.pk, case.revision, "right", Move(result="Trust me"))


def test_a_finding_that_is_handed_over_is_not_looked_at_again(cast: Cast, visit: Visit) -> None:
    fallen(cast, visit)
    case = Case.objects.get()
    move(cast.alice, case.pk, case.revision, "hand_over", Move(reason="The park owns it"))
    assert Finding.objects.get().over_at is not None
    assert Visit.objects.get(kind="recheck").state == "called_off"


def test_what_is_mended_at_once_opens_no_case(cast: Cast, visit: Visit) -> None:
    photos = {"stands": [a_photo(cast.bob)]}
    done = visited(cast.bob, visit, photos, answers={"stands": "no"}, mended=("stands",))
    finding = Finding.objects.get()
    assert (finding.case, finding.recheck, finding.rectified_on_id) == (None, None, done.pk)


def test_nobody_there_means_again_three_times_in_all(cast: Cast, hands: Hands, visit: Visit) -> None:
    for _attempt in range(3):
        visited(cast.bob, visit, outcome="nobody")
        following = visit.followed_by.first()
        hands.go(days=2)
        if following is None:
            break
        assert (following.kind, following.planned_on) == ("again", clock.today())
        visit = following
    assert Visit.objects.filter(subject=visit.subject).count() == 3


def test_a_recheck_at_which_nobody_is_there_goes_on(cast: Cast, visit: Visit) -> None:
    fallen(cast, visit)
    finding = Finding.objects.get()
    assert finding.recheck is not None
    before = finding.recheck.pk
    visited(cast.bob, finding.recheck, outcome="nobody")
    finding = fresh(finding)
    assert finding.over_at is None
    assert finding.recheck_id != before


def test_a_subject_that_is_gone_takes_its_findings_along(cast: Cast, visit: Visit) -> None:
    fallen(cast, visit)
    finding = Finding.objects.get()
    assert finding.recheck is not None
    visited(cast.bob, finding.recheck, outcome="gone")
    assert fresh(finding).over_at is not None
    assert Subject.objects.get(pk=visit.subject_id).gone_on == TODAY


def test_a_refusal_says_what_was_said(cast: Cast, visit: Visit) -> None:
    with pytest.raises(Refused, match="a refusal needs it"):
        visited(cast.bob, visit, outcome="refused")
    assert visited(cast.bob, visit, outcome="refused", note="The owner shut the door").outcome == "refused"


def test_answers_keep_the_version_that_they_were_given_to(cast: Cast, visit: Visit) -> None:
    sent = a_record(visit, answers={"stands": "yes", "wood": "oak"})
    draft = begin_draft(cast.alice, version_for("dummy_pack.bench@1"))
    publish(cast.alice, put_item(cast.alice, draft, Item(id="paint", text="Is the paint whole?")))
    done = record(cast.bob, sent, {})
    assert done.version is not None
    assert done.version.number == 1, "the checklist was changed while somebody stood there"
    other = waiting(cast.bob, LATER)[0]
    with pytest.raises(Faulty, match="Is the paint whole"):
        visited(cast.bob, other, answers={"stands": "yes"})


def test_what_is_met_on_the_way_is_recorded_too(cast: Cast, visit: Visit) -> None:
    met = visited(cast.carol, visit, visit=None, subject=visit.subject.key, answers={"stands": "yes"})
    assert (met.kind, met.inspector_id, met.round_id) == ("on_the_way", cast.carol.id, None)
    with pytest.raises(Refused, match="it is in no register"):
        visited(cast.carol, visit, visit=None, subject="dummy_pack.benches:0", answers={"stands": "yes"})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"outcome": "eaten"}, "there is none of this name"),
        ({"version": 7}, "no such version was ever in use"),
        ({"checklist": "other"}, "this visit asks another one"),
        ({"answers": {}}, "it is not answered"),
        ({"answers": {"stands": "no"}}, "there is no photo of it"),
        ({"position": Position(lon=200, lat=1)}, "it is nowhere on the earth"),
        ({"visit": uuid4()}, "it is not yours"),
        ({"second": 999_999}, "there is none"),
        ({"ended_at": NOW + timedelta(hours=2)}, "it is not within the last 60 days"),
        ({"started_at": NOW - timedelta(days=90)}, "it is not within the last 60 days"),
        ({"started_at": NOW, "ended_at": NOW - timedelta(minutes=1)}, "it is not within the last 60 days"),
        ({"started_at": datetime(2026, 9, 15, 2)}, "it has no zone"),  # noqa: DTZ001
    ],
)
def test_a_record_that_cannot_be_is_refused_and_nothing_is_written(
    cast: Cast, visit: Visit, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        visited(cast.bob, visit, **{"answers": {"stands": "yes"}, **given})
    assert fresh(visit).state == "planned"


def test_a_phone_whose_clock_is_wrong_is_put_right(cast: Cast, visit: Visit) -> None:
    ahead = timedelta(hours=9)
    done = visited(
        cast.bob, visit, answers={"stands": "yes"},
        started_at=NOW + ahead - timedelta(minutes=20), ended_at=NOW + ahead - timedelta(minutes=5),
        sent_at=NOW + ahead,
    )  # fmt: skip
    assert (done.done_at, done.clock_off) == (NOW - timedelta(minutes=5), 9 * 3600)


def test_a_photo_belongs_to_one_visit_and_to_whoever_sent_it(cast: Cast, visit: Visit) -> None:
    photo = a_photo(cast.bob)
    other = waiting(cast.bob, LATER)[1]
    visited(cast.bob, visit, {"view": [photo]}, answers={"stands": "yes"})
    with pytest.raises(Refused, match="one shows another visit already"):
        visited(cast.bob, other, {"view": [photo]}, answers={"stands": "yes"})
    with pytest.raises(Refused, match="somebody else has sent it"):
        visited(cast.bob, other, {"view": [a_photo(cast.carol)]}, answers={"stands": "yes"})


def test_whoever_goes_reaches_his_visit_and_nobody_else_does(cast: Cast, visit: Visit) -> None:
    assert visit_for(cast.alice, visit.key) == visit
    assert visit_for(cast.bob, visit.key) == visit
    for stranger in (cast.charlie, cast.carol):
        if visit in waiting(stranger, LATER):
            continue
        assert visit not in visits(cast.charlie)
    with pytest.raises(Missing):
        visit_for(cast.charlie, visit.key)
    with pytest.raises(Refused, match="it is not yours"):
        visited(cast.charlie, visit, answers={"stands": "yes"})
    for key in ("x", str(uuid4()), "\x00"):
        with pytest.raises(Missing):
            visit_for(cast.alice, key)


def test_visits_are_given_on_and_called_off_but_no_open_finding_is_forgotten(cast: Cast, visit: Visit) -> None:
    carol = User.objects.get(pk=cast.carol.id or 0)
    assert give(cast.alice, [visit], carol, on=date(2026, 9, 28)) == 1
    moved = fresh(visit)
    assert (moved.inspector_id, moved.planned_on, moved.due_on) == (cast.carol.id, date(2026, 9, 28), date(2026, 9, 28))
    done = fallen(cast, waiting(cast.bob, LATER)[0])
    recheck = Finding.objects.get(visit=done).recheck
    assert recheck is not None
    with pytest.raises(Refused, match="a finding is still open"):
        call_off(cast.alice, recheck, "Why bother")
    with pytest.raises(Refused, match="a visit is not left out without"):
        call_off(cast.alice, moved, " ")
    call_off(cast.alice, moved, "The street is closed")
    with pytest.raises(Outdated):
        visited(cast.carol, moved, answers={"stands": "yes"})
    with pytest.raises(Outdated):
        give(cast.alice, [moved], carol)


def test_the_record_is_one_json_document(cast: Cast, visit: Visit) -> None:
    sent = a_record(visit, answers={"stands": "yes"}, rechecks={7: Recheck(right=True)})
    assert read_record(msgspec.json.encode(sent)) == sent
    for bad in (b"", b"[]", b'{"id": 1}', b"\xff", msgspec.json.encode({**msgspec.to_builtins(sent), "version": "x"})):
        with pytest.raises(Refused, match="record of a visit"):
            read_record(bad)


def test_the_engine_itself_may_record(cast: Cast, visit: Visit) -> None:
    assert visited(SYSTEM, visit, answers={"stands": "yes"}).recorded_by_id is None
    assert clock.now() == datetime(2026, 9, 15, 2, tzinfo=UTC)
