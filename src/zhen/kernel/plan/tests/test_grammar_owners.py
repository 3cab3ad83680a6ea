"""Who answers for what, in the layouts of documents that divide tasks. Tasks and towns are invented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from zhen.kernel.plan.evaluate import evaluate_owners
from zhen.kernel.plan.grammar import assignment_as_line, parse

TITLE = "青湖市2026年重点任务分工方案\n"
Task = tuple[str, list[str], list[str]]
TASKS: list[Task] = [
    (
        "新建3所幼儿园，新增学位1200个",
        ["市教育局"],
        ["市财政局", "市住房和城乡建设局", "各县（市、区）人民政府"],
    ),
    ("完成老旧小区改造45个", ["市住建局"], ["市发展改革委", "各街道办事处"]),
    ("推进“一件事”集成改革", ["市政务服务局", "市委编办"], ["各有关部门"]),
    ("开展送医下乡50场次", ["市卫生健康委"], ["市红十字会", "市中医院"]),
    ("整治黑臭水体12处", ["市水务局"], ["市生态环境局", "市城投公司", "青湖经济技术开发区管委会"]),
]


def document(layout: Callable[[int, Task], tuple[str, str]]) -> tuple[str, list[dict[str, Any]]]:
    """A document in one layout and its gold: the layout gives the task's text and the owners' text."""
    text, gold = TITLE, []
    for number, task in enumerate(TASKS, start=1):
        body, note = layout(number, task)
        start = len(text) + body.index(task[0])
        owners = [{"name": n, "role": "lead"} for n in task[1]]
        owners += [{"name": n, "role": "cooperating"} for n in task[2]]
        gold.append({"start": start, "end": start + len(task[0]), "owners": owners})
        text += body + note
    return text, gold


def labelled(number: int, task: Task) -> tuple[str, str]:
    return f"{number}.{task[0]}。", f"（牵头单位：{'、'.join(task[1])}；责任单位：{'、'.join(task[2])}）\n"


def half_width(number: int, task: Task) -> tuple[str, str]:
    return f"{number}. {task[0]}", f"(牵头部门:{'、'.join(task[1])};配合部门:{','.join(task[2])})\n"


def predicates(number: int, task: Task) -> tuple[str, str]:
    return (
        f"（{'一二三四五'[number - 1]}）{task[0]}",
        f"（{'、'.join(task[1])}牵头，{'、'.join(task[2])}配合）。\n",
    )


def by_duty(number: int, task: Task) -> tuple[str, str]:
    return (
        f"{number}．{task[0]}。",
        f"〔{'、'.join(task[1])}牵头负责；{'、'.join(task[2])}等按职责分工负责〕\n",
    )


def own_lines(number: int, task: Task) -> tuple[str, str]:
    note = f"\n牵头单位：{'、'.join(task[1])}\n配合单位：{'、'.join(task[2])}\n完成时限：12月底前\n"
    return f"{number}.{task[0]}。", note


def leaders(number: int, task: Task) -> tuple[str, str]:
    return (
        f"{number}、{task[0]}。",
        f"(责任领导:张三;牵头部门:{'、'.join(task[1])};协办单位:{'、'.join(task[2])})\n",
    )


def sentence(number: int, task: Task) -> tuple[str, str]:
    return f"由{'、'.join(task[1])}牵头，{'、'.join(task[2])}配合，{task[0]}", "。\n"


def marked_lead(number: int, task: Task) -> tuple[str, str]:
    names = [f"{n}（牵头）" for n in task[1]] + task[2]
    return f"{number}.{task[0]}。", f"\n责任单位：{'、'.join(names)}\n"


def one_line(number: int, task: Task) -> tuple[str, str]:
    return (
        f"{number}.{task[0]}。",
        f"牵头单位：{'、'.join(task[1])} 责任单位：{'、'.join(task[2])} 时限：10月\n",
    )


@pytest.mark.parametrize(
    "layout",
    [labelled, half_width, predicates, by_duty, own_lines, leaders, sentence, marked_lead, one_line],
    ids=lambda f: f.__name__,
)
def test_owners_are_read_one_by_one_with_their_role(layout: Callable[[int, Task], tuple[str, str]]) -> None:
    text, gold = document(layout)
    result = evaluate_owners([assignment_as_line(a) for a in parse(text).assignments], gold)
    assert (result["f1"], result["role_accuracy"]) == (1.0, 1.0), result


def test_owners_are_read_from_the_cells_of_a_table() -> None:
    text, gold = TITLE + "序号\t工作任务\t牵头单位\t配合单位\t完成时限\n", []
    for number, (task, lead, help_) in enumerate(TASKS, start=1):
        start = len(text) + len(f"{number}\t")
        gold.append({"start": start, "end": start + len(task), "owners": lead + help_})
        text += f"{number}\t{task}\t{'、'.join(lead)}\t{'、'.join(help_)}\t10月底\n"
    result = evaluate_owners([assignment_as_line(a) for a in parse(text).assignments], gold)
    assert result["f1"] == 1.0, result


def test_owners_are_read_from_a_table_that_came_one_cell_to_a_line() -> None:
    text, gold = TITLE + "序号\n工作任务\n牵头单位\n配合单位\n", []
    for number, (task, lead, help_) in enumerate(TASKS, start=1):
        text += f"{number}\n"
        gold.append({"start": len(text), "end": len(text) + len(task), "owners": lead + help_})
        text += f"{task}\n{'、'.join(lead)}\n{'、'.join(help_)}\n"
    result = evaluate_owners([assignment_as_line(a) for a in parse(text).assignments], gold)
    assert result["f1"] == 1.0, result


def owners_of(text: str) -> list[tuple[str, str, bool]]:
    return [(o.name, o.role, o.generic) for a in parse(TITLE + text).assignments for o in a.owners]


def test_names_that_name_nobody_are_kept_and_marked_generic() -> None:
    assert owners_of("1.推进殡葬改革。（责任单位：市民政局、各相关单位、市有关部门）") == [
        ("市民政局", "lead", False),
        ("各相关单位", "lead", True),
        ("市有关部门", "lead", True),
    ]


def test_a_unit_with_a_conjunction_in_its_name_stays_whole() -> None:
    assert [
        n for n, _, _ in owners_of("1.稳就业（市人力资源和社会保障局、市发展和改革局和市工业和信息化局负责）。")
    ] == [
        "市人力资源和社会保障局",
        "市发展和改革局",
        "市工业和信息化局",
    ]


def test_each_leads_where_they_lead_in_turn() -> None:
    assert owners_of("1.办好荷花节。（市委宣传部、市文化旅游局分别牵头）") == [
        ("市委宣传部", "lead", False),
        ("市文化旅游局", "lead", False),
    ]


def test_who_is_joined_by_another_cooperates() -> None:
    assert owners_of("1.开展治本攻坚。（区应急局会同区工信局负责）") == [
        ("区应急局", "lead", False),
        ("区工信局", "cooperating", False),
    ]


def test_the_first_leads_where_the_document_says_so() -> None:
    first = "1.稳增长。（市发展改革委、市财政局、各区人民政府；列首位的为牵头单位，下同）\n"
    assert owners_of(first + "2.保民生。（市民政局、市医保局）") == [
        ("市发展改革委", "lead", False),
        ("市财政局", "cooperating", False),
        ("各区人民政府", "cooperating", True),
        ("市民政局", "lead", False),
        ("市医保局", "cooperating", False),
    ]


def test_leaders_are_persons_and_no_units() -> None:
    plan = parse(TITLE + "1.建设绿道30公里。（市领导：王某；责任单位：市园林局；完成时限：9月底）")
    assert [(o.name, o.person) for o in plan.assignments[0].owners] == [("王某", True), ("市园林局", False)]
    assert str(plan.targets[0].deadline) == "2026-09"
    assert [o["name"] for o in assignment_as_line(plan.assignments[0])["owners"]] == ["市园林局"]


def test_a_unit_and_the_units_it_stands_for_are_kept_apart() -> None:
    text = "1.稳外贸。（商务部牵头，海关总署、财政部等国务院相关部门及各地区按职责分工负责）"
    assert [n for n, _, _ in owners_of(text)] == ["商务部", "海关总署", "财政部", "各地区"]


def test_brackets_that_hold_no_owners_are_left_alone() -> None:
    assert owners_of("1.推进综合执法改革（试行），新（改）建公厕6座（含续建），覆盖各县（市、区）。") == []
    assert owners_of("1.改造道路3条（城关镇、大河镇），新建泵站（东风村）。") == []


def test_the_owner_of_the_document_itself_is_no_owner_of_a_task() -> None:
    assert owners_of("本方案由市政府办公室负责解释。") == []


def test_a_paragraph_with_two_notes_is_two_tasks() -> None:
    text = TITLE + "1.建设绿道30公里（市园林局负责）；改造菜场6个（市商务局负责）。"
    plan = parse(text)
    assert [(text[a.start : a.end], [o.name for o in a.owners]) for a in plan.assignments] == [
        ("建设绿道30公里", ["市园林局"]),
        ("改造菜场6个", ["市商务局"]),
    ]


def test_targets_and_measures_carry_the_owners_of_their_task() -> None:
    plan = parse(TITLE + "一、民生\n1.建设绿道30公里，新增学位50个。（责任单位：市园林局）\n2.改造菜场6个。\n")
    assert [[o.name for o in t.owners] for t in plan.targets] == [["市园林局"], ["市园林局"], []]
    assert [[o.name for o in m.owners] for m in plan.measures] == [["市园林局"], ["市园林局"], []]
    assert [t.text for t in plan.targets] == ["建设绿道30公里", "新增学位50个", "改造菜场6个"]


def test_a_time_limit_on_its_own_line_is_the_deadline_of_the_task() -> None:
    plan = parse(TITLE + "1.建设绿道30公里。\n责任单位：市园林局\n完成时限：9月底前\n2.改造菜场6个。\n")
    assert [str(t.deadline) for t in plan.targets] == ["2026-09", "2026"]
