"""What holds for any text at all."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from zhen.kernel.plan.grammar import ParsedPlan, parse
from zhen.kernel.plan.grammar.text import normalise

WORDS = """
    新建 改造 完成 力争 增长 达到 控制在 不低于 超过 以上 左右 以内 分别 从 提高到 3 45 2.5% 8万亩 三所 百名
    4.5%—5% 翻一番 清零 公园 小区 、 和 ， 。 ； ： （ ） “ ” 《 》 一、 （一） 1. 2026年 到2030年
    “十五五”时期 工作回顾 工作安排 责任单位：市教育局 （市水务局牵头，各镇配合） 由市教育局牵头 | 名词解释
    ∶ % / 每 的 等
"""
PIECES = st.sampled_from([*WORDS.split(), "\n", "\t", " "])
PLANLIKE = st.lists(PIECES, max_size=60).map("".join)
ANYTHING = st.text(max_size=300) | PLANLIKE


def spans(plan: ParsedPlan) -> list[tuple[int, int, str]]:
    return [
        *((t.start, t.end, t.text) for t in plan.targets),
        *((m.start, m.end, m.text) for m in plan.measures),
        *((q.start, q.end, q.text) for q in plan.qualitative),
        *((h.start, h.end, h.text) for h in (*plan.chapters, *plan.sections)),
    ]


@given(ANYTHING)
@settings(max_examples=300, deadline=None)
def test_parsing_is_total_deterministic_and_its_offsets_slice_the_text(text: str) -> None:
    plan = parse(text)
    assert plan == parse(text)
    for start, end, words in spans(plan):
        assert 0 <= start < end <= len(text)
        assert text[start:end] == words


@given(ANYTHING)
@settings(max_examples=300, deadline=None)
def test_numbers_lie_in_their_targets_and_owners_in_the_text(text: str) -> None:
    plan = parse(text)
    for target in plan.targets:
        assert target.start <= target.num_start < target.num_end <= target.end
        if isinstance(target.value, tuple):
            assert target.comparator == "range"
            assert target.value[0] < target.value[1]
    for assignment in plan.assignments:
        assert 0 <= assignment.start < assignment.end <= len(text)
        assert assignment.owners
        for owner in assignment.owners:
            assert "".join(text[owner.start : owner.end].split()) == owner.name


@given(st.lists(st.text("新建改造公园三所3 个，、。（）“", min_size=28, max_size=34), min_size=12, max_size=20))
@settings(max_examples=50, deadline=None)
def test_a_text_broken_into_page_lines_keeps_its_offsets(lines: list[str]) -> None:
    text = "\n".join(lines)
    for start, end, words in spans(parse(text)):
        assert text[start:end] == words


@given(st.text(max_size=400))
def test_normalisation_keeps_the_length(text: str) -> None:
    assert len(normalise(text)) == len(text)


@given(PLANLIKE)
@settings(max_examples=200, deadline=None)
def test_targets_do_not_share_a_number(text: str) -> None:
    numbers = [(t.num_start, t.num_end) for t in parse(text).targets]
    assert numbers == sorted(numbers)
    assert all(a[1] <= b[0] for a, b in pairwise(numbers))
