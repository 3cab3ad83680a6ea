"""Whole documents: the plan of 2020, and reports annotated by hand."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from zhen.kernel.plan.evaluate import evaluate_targets
from zhen.kernel.plan.grammar import ParsedPlan, parse, target_as_line

from .shared import read_shared

GOLD = sorted((Path(__file__).parent / "gold").glob("*.json"))


def the_plan_of_2020() -> tuple[str, ParsedPlan]:
    text = read_shared("seeds", "changzheng-2020-plan.txt")
    return text, parse(text)


@pytest.mark.shared
def test_the_plan_of_2020_has_its_title_year_and_date() -> None:
    _, plan = the_plan_of_2020()
    assert plan.title.endswith("2020年经济与社会发展计划")
    assert plan.year == 2020
    assert plan.issued == "2020-04-20"


@pytest.mark.shared
def test_the_plan_of_2020_has_exactly_its_five_targets() -> None:
    text, plan = the_plan_of_2020()
    read = [(t.text, t.verb, t.comparator, t.value, t.unit, t.kind, str(t.deadline)) for t in plan.targets]
    assert read == [
        ("区级税收增长6%", "增长", "=", 6.0, "%", "growth_rate", "2020"),
        ("完成7个小区屋面及相关设施改造", "完成", "=", 7.0, "个", "count", "2020"),
        ("2个小区雨污水分流改造项目", "完成", "=", 2.0, "个", "count", "2020"),
        ("新增建设4个小区综合改造项目", "新增建设", "=", 4.0, "个", "count", "2020"),
        ("力争完成大渡河路690弄拆落地项目“3个100%”工作", "完成", "=", 100.0, "%", "ratio", "2020"),
    ]
    assert all(text[t.start : t.end] == t.text for t in plan.targets)


@pytest.mark.shared
def test_the_plan_of_2020_has_six_chapters_and_a_topic_over_every_measure() -> None:
    _, plan = the_plan_of_2020()
    assert len(plan.chapters) == 6
    assert len({m.topic for m in plan.measures}) == 16
    assert all(m.chapter and m.topic for m in plan.measures)


@pytest.mark.shared
def test_the_plan_of_2020_has_about_150_measures_without_adjuncts_or_topics() -> None:
    _, plan = the_plan_of_2020()
    assert 145 <= len(plan.measures) <= 165
    topics = {m.topic for m in plan.measures}
    for measure in plan.measures:
        assert measure.text not in topics
        assert not measure.text.startswith(("结合", "依托", "围绕", "按照", "根据"))


@pytest.mark.shared
@pytest.mark.parametrize("fixture", GOLD, ids=lambda path: path.stem)
def test_the_grammar_agrees_with_the_hand_annotation_of_a_report(fixture: Path) -> None:
    gold = json.loads(fixture.read_text(encoding="utf-8"))
    text = read_shared("data", "plans", gold["document"])
    assert hashlib.sha256(text.encode()).hexdigest() == gold["sha256"]
    found = [target_as_line(t) for t in parse(text).targets]
    result = evaluate_targets(found, gold["targets"], tuple(gold["region"]))
    assert result["f1"] >= 0.95, result
    for line in gold["targets"]:
        for target in found:
            if (target["num_start"], target["num_end"]) == (line["num_start"], line["num_end"]):
                assert target["kind"] == line["kind"], target["text"]
                assert target["deadline"] == line["deadline"], target["text"]
