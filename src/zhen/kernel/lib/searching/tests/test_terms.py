"""Terms and their keys."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.lib.searching.asking import ask, required
from zhen.kernel.lib.searching.folding import fold, fold_with_places, sound
from zhen.kernel.lib.searching.terms import FIRST_DAY, WEEK, key_sql, keys_of, terms_of, week_of

WRITING = st.text(alphabet=st.sampled_from("路面窨井盖缺失電梯壞了Ab1２ ，。ﬁ狗号楼"), max_size=40)


def test_traditional_wide_and_capital_characters_fold() -> None:
    assert fold("窨井蓋 缺失ＡＢ１２") == "窨井盖 缺失ab12"


@given(WRITING, WRITING)
def test_a_part_of_a_text_folds_as_it_folds_within_the_text(one: str, other: str) -> None:
    assert fold(one) + fold(other) == fold(one + other)


@given(WRITING)
def test_every_folded_character_has_the_place_it_came_from(text: str) -> None:
    folded, places = fold_with_places(text)
    assert folded == fold(text)
    assert len(places) == len(folded)
    assert places == sorted(places)


def test_a_chinese_run_gives_characters_and_pairs_and_other_words_themselves() -> None:
    assert terms_of(["3号楼 Lift坏"]) == {"3", "号", "楼", "号楼", "lift", "坏"}


@given(WRITING, st.data())
def test_whatever_part_of_a_text_is_asked_for_the_text_has_all_its_terms(text: str, data: st.DataObject) -> None:
    chinese = "".join(char for char in text if "\u4e00" <= char <= "\u9fff")
    start = data.draw(st.integers(0, max(len(chinese) - 1, 0)))
    part = chinese[start : data.draw(st.integers(start, len(chinese)))]
    assert set(required(ask(part).words)) <= terms_of([chinese])


@given(st.text(max_size=300))
def test_any_text_at_all_can_be_asked_for_and_indexed(text: str) -> None:
    asked = ask(text)
    assert len(asked.words) <= 8
    keys = keys_of(terms_of([text]), 1390)
    assert keys == sorted(set(keys))


@given(st.integers(0, 4095), WRITING)
def test_keys_are_signed_32_bit_integers_and_their_upper_bits_are_the_week(week: int, text: str) -> None:
    for key in keys_of(terms_of([text]), week):
        assert -(1 << 31) <= key < 1 << 31
        assert (key % (1 << 32)) >> 20 == week


@given(st.integers(-(10**9), 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_weeks_rise_with_time_and_stay_within_twelve_bits(at: datetime) -> None:
    week = week_of(at)
    assert 0 <= week < 4096
    assert week_of(at + WEEK) >= week


def test_the_first_week_begins_on_a_monday() -> None:
    assert FIRST_DAY.weekday() == 0
    assert week_of(FIRST_DAY + timedelta(days=6, hours=23)) == 0
    assert week_of(FIRST_DAY + WEEK) == 1


def test_the_sql_of_a_key_holds_numbers_only() -> None:
    assert key_sql("week", ["'; DROP TABLE cases_case; --"]).startswith("ARRAY[((week) << 20) | ")
    assert "DROP" not in key_sql("week", ["'; DROP TABLE cases_case; --"])


def test_words_that_say_nothing_are_left_out_unless_they_are_all_there_is() -> None:
    assert "的" not in ask("坏了的路灯").words
    assert ask("的").words == ("的",)
    assert not ask("，。！ ")


def test_what_sounds_alike_has_one_sound() -> None:
    assert sound("井盖") == sound("警概") == "jin gai"
    assert sound("主") == sound("组")
    assert sound("路灯") != sound("路边")
