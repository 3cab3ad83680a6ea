"""Campaigns, rounds and draws: who goes where, on which day, and that nobody chose it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext
from tests.dummy_pack.models import Bench

from zhen.kernel.access.api import Denied
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.pages.api import Missing
from zhen.kernel.rounds.actions.campaigns import change, end, make, start
from zhen.kernel.rounds.actions.checklists import begin_draft, move_item, publish, put_item, remove_item
from zhen.kernel.rounds.actions.drawing import draw, publish_draw, recuse
from zhen.kernel.rounds.actions.planning import order_days, plan_all, plan_round
from zhen.kernel.rounds.actions.tallying import fold_tallies
from zhen.kernel.rounds.declarations import CHECKLISTS, Item, When
from zhen.kernel.rounds.laying import lay_checklists
from zhen.kernel.rounds.models import Campaign, ChecklistVersion, Draw, Round, Subject, Visit
from zhen.kernel.rounds.queries.campaigns import by_area, campaign_for, coverage, draw_for, due_by_day
from zhen.kernel.rounds.queries.checklists import in_use, version_for
from zhen.kernel.rounds.queries.visits import ahead, waiting
from zhen.kernel.rounds.testing import a_photo, visited
from zhen.kernel.rounds.tests.conftest import SYSTEM, TODAY, Cast, Hands

pytestmark = pytest.mark.django_db
BENCH = "dummy_pack.bench"
SEED = "双色球 2026105: 03 08 19 22 27 31 + 09"


# checklists


def test_what_a_pack_ships_is_laid_once(cast: Cast) -> None:
    lay_checklists()
    version = ChecklistVersion.objects.get(code=BENCH)
    assert (version.number, version.shipped, version.items) == (1, True, CHECKLISTS[BENCH].items)


def test_the_town_writes_its_own_version_and_the_pack_does_not_take_it_back(cast: Cast) -> None:
    first = version_for(f"{BENCH}@1")
    draft = begin_draft(cast.alice, first)
    draft = put_item(cast.alice, draft, Item(id="paint", text="Is the paint whole?"))
    draft = move_item(cast.alice, draft, "paint", -100)
    draft = remove_item(cast.alice, draft, "wood")
    used = in_use(BENCH)
    assert used is not None
    assert used.number == 1, "a draft is in nobody's hands"
    publish(cast.alice, draft)
    ChecklistVersion.objects.create(
        code=BENCH, number=3, name="Bench", content=[], shipped=True, made_at=draft.made_at, published_at=None
    )
    lay_checklists()
    used = in_use(BENCH)
    assert used is not None
    assert (used.number, used.items[0].id) == (2, "paint")
    assert ChecklistVersion.objects.filter(code=BENCH).latest("number").published_at is None


def test_a_version_in_use_never_changes(cast: Cast) -> None:
    version = version_for(f"{BENCH}@1")
    with pytest.raises(Outdated, match="this version is in use"):
        put_item(cast.alice, version, Item(id="x", text="X"))
    version.content = []
    with pytest.raises(IntegrityError, match="does not change"):
        version.save()


def test_a_faulty_draft_is_not_kept(cast: Cast) -> None:
    draft = begin_draft(cast.alice, version_for(f"{BENCH}@1"))
    with pytest.raises(Refused, match="a draft of it is being written already"):
        begin_draft(cast.alice, draft)
    with pytest.raises(Refused, match="two items have this id"):
        put_item(cast.alice, draft, Item(id="wood", text="Again"))
    with pytest.raises(Outdated, match="somebody has removed it"):
        put_item(cast.alice, draft, Item(id="y", text="Y"), instead_of="nothing")
    with pytest.raises(Denied):
        publish(cast.bob, draft)
    later = Item(id="z", text="Z", when=When(item="unknown", match=CHECKLISTS[BENCH].items[0].good))
    with pytest.raises(Refused, match="its condition names no earlier item"):
        put_item(cast.alice, draft, later)


@pytest.mark.parametrize(
    "key", ["", "@", "dummy_pack.bench", "dummy_pack.bench@x", "a@99999999999", "dummy_pack.bench@²"]
)
def test_a_checklist_that_is_none_is_missing(cast: Cast, key: str) -> None:
    with pytest.raises(Missing):
        version_for(key)


# planning


def test_each_bench_is_visited_once_by_whoever_has_its_part_of_the_town(cast: Cast) -> None:
    areas = {cast.bob.id or 0: cast.places["N1"].pk, cast.carol.id or 0: cast.places["N2"].pk}
    round_ = cast.planned(inspectors=areas)
    rows = Visit.objects.filter(round=round_).select_related("subject", "inspector")
    assert {(row.inspector.name if row.inspector else "", row.subject.name[6:8]) for row in rows} == {
        ("Bob", "N1"),
        ("Carol", "N2"),
    }
    assert (round_.subjects, round_.visits_planned, rows.count()) == (12, 12, 12)
    days = {row.planned_on.day for row in rows}
    assert 19 not in days, "a Saturday"
    assert 20 in days, "a Sunday that is worked (调休)"
    assert {row.due_on for row in rows} == {date(2026, 9, 25)}


def test_a_round_is_planned_once(cast: Cast) -> None:
    round_ = cast.planned()
    again = plan_round(SYSTEM, round_.campaign, TODAY)
    assert again == round_
    assert Visit.objects.count() == 12


def test_a_campaign_comes_round_again_and_ends(cast: Cast, hands: Hands) -> None:
    campaign = cast.running(every="week", ends_on=date(2026, 9, 30))
    for _night in range(20):
        plan_all()
        hands.go(days=1)
    assert [(one.number, one.first.day, one.last.day) for one in Round.objects.order_by("number")] == [
        (1, 15, 21),
        (2, 22, 28),
        (3, 29, 30),
    ]
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.ENDED


def test_subjects_are_narrowed_by_register_area_and_when_they_were_seen(cast: Cast) -> None:
    Bench._default_manager.filter(name="bench N1-B0").update(state="broken")
    assert cast.planned(query={"state": "broken"}, title="Broken").subjects == 1
    assert cast.planned(area_id=cast.places["N2"].pk, title="East").subjects == 6
    Subject.objects.filter(name="bench N2-B1").update(seen_on=TODAY - timedelta(days=29))
    Subject.objects.filter(name="bench N2-B2").update(gone_on=TODAY)
    assert cast.planned(unseen_days=30, title="Unseen").subjects == 10
    assert cast.planned(sample=4, title="Some").visits_planned == 4


def test_two_people_go_together(cast: Cast) -> None:
    round_ = cast.planned(people=2)
    pairs = Counter((row.inspector_id, row.second_id) for row in Visit.objects.filter(round=round_))
    assert set(pairs) == {(cast.bob.id, cast.carol.id), (cast.carol.id, cast.bob.id)}
    assert waiting(cast.bob, date(2026, 9, 30)).count() == 12


def test_days_are_in_the_order_of_a_short_way(cast: Cast) -> None:
    cast.planned(per_day=20, ends_on=TODAY, inspectors={cast.bob.id or 0: None})
    order_days([TODAY])
    names = [visit.subject.name for visit in waiting(cast.bob, TODAY)]
    along = [f"bench N{half}-B{number}" for half in (1, 2) for number in range(6)]
    assert names in (along, along[::-1])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": " "}, "it is empty"),
        ({"checklist": "nothing"}, "none of this name is in use"),
        ({"source": "nothing"}, "there is none"),
        ({"query": {"state": "burnt"}}, "the register has no such choice"),
        ({"query": {"colour": "red"}}, "the register has no such choice"),
        ({"ends_on": date(2026, 9, 14)}, "a campaign ends after it starts"),
        ({"ends_on": date(2036, 9, 14)}, "a campaign ends after it starts"),
        ({"inspectors": {999_999: None}}, "one of them left"),
    ],
)
def test_a_campaign_that_cannot_be_is_refused(cast: Cast, given: dict[str, object], said: str) -> None:
    with pytest.raises(Refused, match=said):
        make(cast.alice, cast.new(**given))


def test_nobody_plans_for_another_unit(cast: Cast) -> None:
    with pytest.raises(Denied):
        make(cast.charlie, cast.new())
    campaign = make(cast.alice, cast.new())
    with pytest.raises(Denied):
        start(cast.charlie, campaign)
    with pytest.raises(Denied):
        change(cast.charlie, campaign, cast.new())
    with pytest.raises(Missing):
        campaign_for(cast.charlie, str(campaign.pk))
    with pytest.raises(Denied):
        make(cast.bob, cast.new())


def test_a_campaign_starts_with_enough_people_and_only_once(cast: Cast) -> None:
    with pytest.raises(Refused, match="nobody goes on its visits"):
        cast.running(inspectors={})
    with pytest.raises(Refused, match="the campaign has fewer inspectors"):
        cast.running(inspectors={cast.bob.id or 0: None}, people=2)
    with pytest.raises(Outdated, match="running"):
        start(cast.alice, cast.running())


def test_an_early_end_calls_off_what_was_planned(cast: Cast) -> None:
    round_ = cast.planned()
    with pytest.raises(Refused, match="an early end needs it"):
        end(cast.alice, round_.campaign, " ")
    end(cast.alice, round_.campaign, "Snow")
    assert set(Visit.objects.values_list("state", flat=True)) == {"called_off"}
    with pytest.raises(Outdated):
        change(cast.alice, round_.campaign, cast.new())


def test_coverage_counts_subjects_not_ways(cast: Cast) -> None:
    round_ = cast.planned()
    rows = list(waiting(cast.bob, date(2026, 9, 30)))
    visited(cast.bob, rows[0], answers={"stands": "yes"})
    visited(cast.bob, rows[1], outcome="nobody")
    visited(cast.bob, rows[2], outcome="refused", note="Not now")
    visited(cast.bob, rows[3], outcome="gone")
    photos = {"stands": [a_photo(cast.bob)]}
    visited(cast.bob, rows[4], photos, answers={"stands": "no"})
    found = coverage(round_, TODAY)
    assert (found.subjects, found.seen, found.refused, found.gone, found.planned) == (12, 2, 1, 1, 8)
    assert (found.with_findings, found.late, found.share) == (1, 0, 18.2)
    assert sum(due_by_day(round_).values()) == 9, "a re-check is due as well"
    assert coverage(round_, date(2026, 9, 26)).late > 0


def test_the_list_of_today_asks_the_same_whatever_its_length(cast: Cast) -> None:
    cast.planned()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(list(waiting(cast.bob, date(2026, 9, 30)))) == 6
        assert len(list(ahead(cast.bob, TODAY - timedelta(days=1)))) > 0
    assert len(asked) == 2


# drawing


def drawn(cast: Cast, **given: object) -> Draw:
    cast.planned(random=True, sample=5, people=2, **given)
    return draw(cast.alice, Draw.objects.latest("pk"), seed=SEED, seed_from="中国福利彩票")


def test_the_same_seed_draws_the_same_and_the_proof_can_be_verified(cast: Cast) -> None:
    found = drawn(cast)
    rows = Visit.objects.filter(round=found.round)
    assert rows.count() == 5
    by_subject = {
        row.subject.key: [str(row.inspector_id), str(row.second_id)] for row in rows.select_related("subject")
    }
    assert by_subject == dict(found.drawn)
    assert found.round.visits_planned == 5


def test_lists_are_frozen_before_the_seed_is_known_and_nothing_is_planned_until_then(cast: Cast) -> None:
    round_ = cast.planned(random=True, sample=5)
    assert (round_.subjects, round_.visits_planned, Visit.objects.count()) == (12, 0, 0)
    frozen = Draw.objects.get()
    assert (len(frozen.lists["subjects"]), frozen.seed, len(frozen.digest)) == (12, "", 64)
    for seed, said in (("123", "fewer than 6"), ("x" * 201, "more than 200")):
        with pytest.raises(Refused, match=said):
            draw(cast.alice, frozen, seed=seed, seed_from="x")
    with pytest.raises(Refused, match="it is empty"):
        draw(cast.alice, frozen, seed=SEED, seed_from=" ")
    with pytest.raises(Denied):
        draw(cast.charlie, frozen, seed=SEED, seed_from="x")
    draw(cast.alice, frozen, seed=SEED, seed_from="x")
    with pytest.raises(Outdated, match="it was drawn already"):
        draw(cast.alice, frozen, seed="another seed", seed_from="x")


def test_whoever_is_recused_is_not_drawn(cast: Cast) -> None:
    campaign = cast.running(random=True, people=1)
    keys = [f"dummy_pack.benches:{bench.pk}" for bench in Bench._default_manager.all()[:6]]
    recuse(cast.alice, campaign, cast.bob.id or 0, keys)
    plan_round(SYSTEM, campaign, TODAY)
    found = draw(cast.alice, Draw.objects.get(), seed=SEED, seed_from="x")
    assert {people[0] for key, people in found.drawn if key in keys} == {str(cast.carol.id)}
    with pytest.raises(Refused, match="he is none of this campaign"):
        recuse(cast.alice, campaign, cast.charlie.id or 0, keys)


def test_a_draw_is_published_when_nothing_is_announced_by_it(cast: Cast) -> None:
    found = drawn(cast)
    with pytest.raises(Refused, match="would be announced"):
        publish_draw(cast.alice, found)
    for visit in Visit.objects.filter(round=found.round):
        visited(cast.alice, visit, outcome="gone")
    assert publish_draw(cast.alice, found).published_at is not None
    with pytest.raises(Outdated):
        publish_draw(cast.alice, found)
    assert draw_for(cast.charlie, str(found.pk)) == found, "draws are public"


def counted(round_: Round) -> tuple[int, ...]:
    """What coverage tells, counted over the visits themselves."""
    rows = Visit.objects.filter(round=round_, kind__in=("round", "again"))
    again = Visit.objects.filter(round=round_, kind="again").values("follows")
    last = rows.exclude(outcome="nobody", pk__in=again)
    outcomes = Counter(last.values_list("outcome", flat=True))
    planned = last.filter(state="planned").count()
    found = last.filter(findings_count__gt=0).count()
    names = ("seen", "nobody", "refused", "gone")
    return (last.count(), *(outcomes[name] for name in names), planned, found)


def told(round_: Round) -> tuple[int, ...]:
    found = coverage(round_, TODAY)
    return (
        found.subjects, found.seen, found.nobody, found.refused, found.gone, found.planned, found.with_findings,
    )  # fmt: skip


def test_what_the_database_tallies_is_what_there_is_and_folding_changes_no_sum(cast: Cast, hands: Hands) -> None:
    round_ = cast.planned()
    rows = list(waiting(cast.bob, date(2026, 9, 30)))
    for number, outcome in enumerate(("seen", "nobody", "refused", "gone", "nobody")):
        visited(cast.bob, rows[number], outcome=outcome, note="So it was", answers={"stands": "yes"})
        assert told(round_) == counted(round_), outcome
    for _attempt in range(2):
        hands.go(days=2)
        visited(cast.bob, Visit.objects.filter(kind="again", state="planned").order_by("pk")[0], outcome="nobody")
        assert told(round_) == counted(round_)
    photos = {"stands": [a_photo(cast.carol)]}
    visited(cast.carol, waiting(cast.carol, date(2026, 9, 30))[0], photos, answers={"stands": "no"})
    before = told(round_), due_by_day(round_), by_area(round_)
    assert before[0] == counted(round_)
    assert sum(one.visits for one in before[2]) == 12
    assert fold_tallies() > 0
    assert (told(round_), due_by_day(round_), by_area(round_)) == before
    assert fold_tallies() == 0
    end(cast.alice, round_.campaign, "Snow")
    assert told(round_) == counted(round_)
    assert due_by_day(round_), "a re-check goes on"


def test_a_hundred_visits_are_planned_with_as_many_queries_as_ten(cast: Cast) -> None:
    spent = []
    for title, more in (("Few", 0), ("Many", 120)):
        Bench._default_manager.bulk_create(
            [Bench(name=f"bench {title} {n}", unit=cast.office, place=cast.places["N1-B0"]) for n in range(more)]
        )
        campaign = cast.running(title=title)
        with CaptureQueriesContext(connection) as asked:
            made = plan_round(SYSTEM, campaign, TODAY)
        assert made is not None
        assert made.visits_planned == 12 + more
        spent.append(len(asked))
    assert spent[0] == spent[1]
