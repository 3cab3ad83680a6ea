"""Which clauses of a plan are measures, and what they stand under."""

from __future__ import annotations

from zhen.kernel.plan.grammar import Measure, parse

PLAN = """白鹭镇2026年经济与社会发展计划
2026年是关键一年，我们要坚定信心，加强团结。
（一）聚力发展
优化营商环境。结合本镇实际，制定惠企措施，完善服务专员制度。新建众创空间3个。
（二）服务群众
办好民生实事。以社区食堂为载体，新增助餐点8处，帮助独居老人解决吃饭难题。依托党群中心，开展便民活动。
"""


def measures() -> tuple[Measure, ...]:
    return parse(PLAN).measures


def test_each_clause_with_a_verb_and_a_deliverable_is_a_measure() -> None:
    assert [m.text for m in measures()] == [
        "制定惠企措施",
        "完善服务专员制度",
        "新建众创空间3个",
        "新增助餐点8处",
        "帮助独居老人解决吃饭难题",
        "开展便民活动",
    ]


def test_a_measure_knows_its_verb_its_object_and_its_targets() -> None:
    space = measures()[2]
    assert (space.verb, space.object) == ("新建", "众创空间3个")
    assert [t.value for t in space.targets] == [3.0]


def test_a_topic_sentence_is_the_heading_of_the_measures_after_it() -> None:
    assert [(m.chapter, m.topic) for m in measures()][2:4] == [
        ("（一）聚力发展", "优化营商环境"),
        ("（二）服务群众", "办好民生实事"),
    ]


def test_the_preamble_has_no_measures() -> None:
    assert all(m.start > PLAN.index("（一）") for m in measures())
