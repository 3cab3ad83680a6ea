"""Typing errors, and how the found is ranked and explained."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.lib.searching.asking import ask
from zhen.kernel.lib.searching.ranking import Field, How, marks, rank
from zhen.kernel.lib.searching.terms import terms_of
from zhen.kernel.lib.searching.tests.counted import Counted
from zhen.kernel.lib.searching.tolerance import Change, loosened, meant_by, near_pattern, variants_of

NOW = datetime(2026, 9, 15, tzinfo=UTC)
TEXTS = (
    "路面窨井盖缺失，行人容易跌倒",
    "人行道井盖松动，夜里声音很大",
    "电动自行车充电桩坏了",
    "小区充电桩不能用，充电桩烧焦",
    "路灯不亮，请修理路灯",
    "楼道堆放杂物，消防通道堵塞",
    "消防通道停车",
)
VOCABULARY = Counted(TEXTS)


@pytest.mark.parametrize(
    ("typed", "meant", "change"),
    [
        ("井概", "井盖", Change.SOUND),
        ("警盖", "井盖", Change.SOUND),
        ("充电庄", "充电桩", Change.SOUND),
        ("冲电桩", "充电桩", Change.SOUND),
        ("消防痛道", "消防通道", Change.SOUND),
        ("消访通道", "消防通道", Change.SOUND),
        ("消防桶路通道", "消防桶路通道", None),
        ("充点电桩", "充电桩", Change.EXTRA),
        ("消通道", "消防通道", Change.MISSING),
        ("消防道通", "消防通道", Change.SWAPPED),
        ("充气桩", "充电桩", Change.OTHER),
        ("窨井益缺失", "窨井盖缺失", Change.OTHER),
    ],
)
def test_one_wrong_missing_or_extra_character_is_corrected_from_what_the_cases_hold(
    typed: str, meant: str, change: Change | None
) -> None:
    found = {variant.meant: variant.change for variant in variants_of(ask(typed), VOCABULARY)}
    if change is None:
        assert meant not in found
    else:
        assert found.get(meant) is change


def test_two_wrong_runs_are_corrected_together() -> None:
    first = meant_by(ask("警盖 充电庄"), VOCABULARY)[0]
    assert set(first.asked.words) == {"井盖", "充电", "桩"} or set(first.asked.words) == {"井盖", "充电桩"}


@given(st.text(alphabet="路面窨井盖缺失充电桩消防通道楼", min_size=3, max_size=8), st.data())
def test_a_word_with_one_character_changed_still_shares_one_loosened_set_with_its_text(
    word: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    typed = word[:place] + data.draw(st.sampled_from("天地")) + word[place + 1 :]
    asked = ask(typed)
    if len(asked.words) == 1:
        assert any(set(terms) <= terms_of([word]) for terms in loosened(asked))
        pattern = near_pattern(asked.words[0])
        assert pattern
        assert pattern.search(word)


@given(st.text(max_size=60))
def test_whatever_is_typed_the_corrections_are_few_and_are_texts_of_known_pairs(text: str) -> None:
    for variant in variants_of(ask(text), VOCABULARY):
        assert variant.meant != variant.run
    assert len(variants_of(ask(text), VOCABULARY)) <= 6


def ranked(query: str, title: str, text: str = "", days: float = 0):  # type: ignore[no-untyped-def]
    asked = ask(query)
    return rank({Field.TITLE: title, Field.TEXT: text}, asked, meant_by(asked, VOCABULARY), NOW - timedelta(days), NOW)


def test_a_word_inside_a_longer_one_is_found_and_the_reason_names_word_field_and_points() -> None:
    found = ranked("井盖", "路面窨井盖缺失")
    reason, recent = found.reasons
    assert (reason.how, reason.asked, reason.found, reason.field, reason.points) == (
        How.EXACT, "井盖", "井盖", Field.TITLE, 4.0,
    )  # fmt: skip
    assert (recent.how, recent.points) == (How.RECENT, 2.0)
    assert found.score == 6.0


def test_a_homophone_says_what_it_was_taken_for() -> None:
    found = ranked("警盖", "路面窨井盖缺失")
    assert (found.reasons[0].how, found.reasons[0].asked, found.reasons[0].found) == (How.SOUND, "警盖", "井盖")


def test_exact_stands_above_sound_title_above_text_and_new_above_old() -> None:
    assert ranked("井盖", "井盖").score > ranked("警盖", "井盖").score
    assert ranked("井盖", "井盖").score > ranked("井盖", "路面", "井盖").score
    assert ranked("井盖", "井盖").score > ranked("井盖", "井盖", days=200).score


def test_the_whole_query_as_typed_stands_above_its_words_apart() -> None:
    assert ranked("井盖缺失", "窨井盖缺失").score > ranked("井盖缺失", "缺失的是井盖").score


@given(st.text(alphabet="路面窨井盖缺失充电桩 消防通道楼", max_size=10), st.text(max_size=40), st.floats(0, 4000))
def test_the_score_is_the_sum_of_the_reasons_points(query: str, title: str, days: float) -> None:
    found = ranked(query, title, days=days)
    assert found.score == pytest.approx(sum(reason.points for reason in found.reasons))
    assert all(0 <= reason.points <= 8 for reason in found.reasons)


@given(
    st.text(alphabet="路面窨井蓋缺失ﬁA充電樁 ", max_size=12), st.text(alphabet="路面窨井蓋缺失ﬁA充電樁 ", max_size=40)
)
def test_marks_lie_within_the_text_and_hold_what_was_found(query: str, title: str) -> None:
    spans = marks(title, ranked(query, title).reasons)
    assert all(0 <= start < end <= len(title) for start, end in spans)
    assert all(one[1] < other[0] for one, other in pairwise(spans))


def test_marks_show_the_word_as_it_was_written() -> None:
    title = "路面窨井蓋缺失"
    assert [title[a:b] for a, b in marks(title, ranked("井盖", title).reasons)] == ["井蓋"]
