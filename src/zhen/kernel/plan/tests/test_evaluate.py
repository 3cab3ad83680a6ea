"""The scoring of findings against annotations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from zhen.kernel.plan.evaluate import evaluate_files, evaluate_owners, evaluate_targets


def line(start: int, value: object, **more: object) -> dict[str, Any]:
    return {"num_start": start, "num_end": start + 3, "value": value, "unit": "个", "comparator": "="} | more


def test_a_hit_needs_an_overlapping_number_and_equal_value_unit_and_comparator() -> None:
    gold = [line(10, 5)]
    assert evaluate_targets([line(12, 5.0)], gold)["f1"] == 1.0
    for wrong in (line(13, 5), line(10, 6), line(10, 5, unit="家"), line(10, 5, comparator=">=")):
        result = evaluate_targets([wrong], gold)
        assert (result["f1"], len(result["misses"]), len(result["false_alarms"])) == (0.0, 1, 1)


def test_ranges_compare_as_numbers() -> None:
    assert evaluate_targets([line(1, (4.5, 5.0))], [line(1, [4.5, 5])])["f1"] == 1.0


def test_optional_lines_count_neither_way() -> None:
    gold = [line(10, 5), line(20, 7, optional=True)]
    with_it = evaluate_targets([line(10, 5), line(20, 8)], gold)
    without = evaluate_targets([line(10, 5)], gold)
    assert with_it["f1"] == without["f1"] == 1.0
    assert (with_it["optional_found"], without["optional_found"]) == (1, 0)


def test_findings_outside_the_region_do_not_count() -> None:
    assert evaluate_targets([line(10, 5), line(90, 5)], [line(10, 5)], (0, 50))["precision"] == 1.0


def test_owners_are_compared_by_task_and_name_and_may_be_plain_strings() -> None:
    gold = [{"start": 0, "end": 10, "owners": ["市教育局", "市 财政局"]}]
    found = [
        {
            "start": 2,
            "end": 9,
            "owners": [{"name": "市教育局", "role": "lead"}, {"name": "市水务局", "role": "lead"}],
        }
    ]
    result = evaluate_owners(found, gold)
    assert (result["precision"], result["recall"], result["role_accuracy"]) == (0.5, 0.5, None)
    assert [m["owner"] for m in result["misses"]] == ["市财政局"]


def test_roles_are_told_apart_from_names() -> None:
    gold = [{"start": 0, "end": 10, "owners": [{"name": "市教育局", "role": "cooperating", "generic": False}]}]
    found = [{"start": 0, "end": 10, "owners": [{"name": "市教育局", "role": "lead"}]}]
    result = evaluate_owners(found, gold)
    assert (result["f1"], result["role_accuracy"]) == (1.0, 0.0)


def test_files_are_scored_with_offsets_kept(tmp_path: Path) -> None:
    text = "镇2026年工作计划\r\n一、民生\r\n新建公厕12座。（责任单位：镇城建办）\r\n"
    at = text.index("12座")
    document, targets, tasks = tmp_path / "plan.txt", tmp_path / "targets.jsonl", tmp_path / "tasks.jsonl"
    document.write_bytes(text.encode())
    targets.write_text(json.dumps(line(at, 12, unit="座")), encoding="utf-8")
    tasks.write_text(json.dumps({"start": at - 4, "end": at, "owners": ["镇城建办"]}), encoding="utf-8")
    assert evaluate_files(document, targets, (0, len(text)))["f1"] == 1.0
    assert evaluate_files(document, tasks, tasks=True)["f1"] == 1.0
