"""Two texts of one plan."""

from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.plan.comparison import align, compare, sentences

OLD = "区级税收增长6%。完成7个小区改造。推进普法工作。"


def test_a_reworded_sentence_shows_its_words() -> None:
    changes = compare(OLD, OLD.replace("7个", "9个"))
    assert [change.kind for change in changes] == ["equal", "replaced", "equal"]
    assert ("removed", "7") in changes[1].words
    assert ("added", "9") in changes[1].words


def test_added_and_removed_sentences_are_told_apart() -> None:
    changes = compare(OLD, OLD.replace("推进普法工作。", "") + "新的一句。")
    assert [change.kind for change in changes] in (["equal", "replaced"], ["equal", "removed", "added"])
    assert [change.kind for change in compare(OLD, OLD + "新的一句。")] == ["equal", "added"]


def test_blanks_alone_are_no_change() -> None:
    assert [change.kind for change in compare(OLD, OLD.replace("。", "。\n\n  "))] == ["equal"]


def test_what_moved_is_found_where_it_is_there_once() -> None:
    assert align(["a", "b", "c"], ["c", "a", "b"]) == {1: 0, 2: 1, 0: 2}
    assert align(["a", "a"], ["b", "a"]) in ({1: 0}, {1: 1})


texts = st.text(alphabet="税收增长。；\n 一二三", max_size=60)


@given(old=texts, new=texts)
def test_both_texts_come_back_whole(old: str, new: str) -> None:
    changes = compare(old, new)
    assert [p.text for c in changes for p in c.old] == [p.text for p in sentences(old)]
    assert [p.text for c in changes for p in c.new] == [p.text for p in sentences(new)]


@given(texts)
def test_offsets_of_sentences_hold(text: str) -> None:
    assert all(text[piece.start : piece.end] == piece.text for piece in sentences(text))


@given(st.lists(st.integers(0, 4), max_size=12), st.lists(st.integers(0, 4), max_size=12))
def test_alignment_pairs_equal_things_each_once(old: list[int], new: list[int]) -> None:
    pairs = align(old, new)
    assert len(set(pairs.values())) == len(pairs)
    assert all(old[o] == new[n] for n, o in pairs.items())
