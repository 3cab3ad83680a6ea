"""Chinese order and typing."""

from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.lib.pinyin import KEY_LENGTH, sort_key, spell


def test_names_sort_by_pinyin_then_tone_then_character() -> None:
    names = ["章三", "李四", "张五", "安宁", "张三", "立夏"]
    assert sorted(names, key=sort_key) == ["安宁", "李四", "立夏", "张三", "张五", "章三"]


def test_numbers_in_names_sort_by_their_value() -> None:
    assert sorted(["10号楼", "2号楼", "1号楼"], key=sort_key) == ["1号楼", "2号楼", "10号楼"]


def test_a_phrase_gives_a_character_its_reading() -> None:
    assert sort_key("重庆").startswith("chong2")
    assert sort_key("重量").startswith("zhong4")


def test_surnames_have_readings_of_their_own() -> None:
    assert sort_key("曾祥", person=True).startswith("zeng1")
    assert sort_key("尉迟恭", person=True).startswith("yu4尉 chi2迟")
    assert spell("单小龙", person=True) == ("shanxiaolong", "sxl")


def test_latin_and_full_width_letters_sort_alike() -> None:
    assert sort_key("Ａ座") == sort_key("a座")


def test_a_rare_character_without_reading_sorts_last_and_raises_nothing() -> None:
    assert sort_key("\U0003106c") > sort_key("卒")


@given(st.text(max_size=400))
def test_any_text_has_a_bounded_key_that_is_the_same_each_time(text: str) -> None:
    assert sort_key(text) == sort_key(text)
    assert len(sort_key(text, person=True)) <= KEY_LENGTH


@given(st.text(max_size=60))
def test_any_text_can_be_spelled(text: str) -> None:
    letters, initials = spell(text)
    assert len(initials) <= len(letters)
