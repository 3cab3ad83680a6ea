"""A report as an official paper: titles, headings and paragraphs in order, before any file format. Pure.

Numbering of GB/T 9704-2012, 7.3.3: 一、 then （一） then 1. then （1）.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from zhen.kernel.plan.models import Report, ReportLine
from zhen.kernel.plan.quantities import plain
from zhen.kernel.plan.rules import Standing
from zhen.kernel.plan.words import WORDS

Kind = Literal["title", "h1", "h2", "h3", "text", "sign"]


@dataclass(frozen=True, slots=True)
class Block:
    kind: Kind
    text: str


def chinese(number: int) -> str:
    """Numbers of headings, up to 99: 二十一."""
    digits = "零一二三四五六七八九"
    if not 1 <= number <= 99:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones else "")


def day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def paper_of(report: Report, lines: Sequence[ReportLine], *, body: str) -> list[Block]:
    """The paper: an overview, the quantified targets, the measures by chapter, the signature. Call it in Chinese."""
    targets = [line for line in lines if line.kind == "target"]
    measures = [line for line in lines if line.kind == "measure"]
    blocks = [
        Block("title", report.title),
        Block("h1", "一、总体情况"),
        Block("text", _overall(report, targets, measures)),
    ]
    if targets:
        blocks += [Block("h1", "二、量化目标")]
        for number, line in enumerate(targets, 1):
            blocks += [Block("h2", f"（{chinese(number)}）{line.text}"), Block("text", _target(line))]
    section = 2 + bool(targets)
    blocks.append(Block("h1", f"{chinese(section)}、重点任务"))
    for number, (chapter, inside) in enumerate(_by_chapter(measures), 1):
        blocks.append(Block("h2", f"（{chinese(number)}）{chapter or '其他'}"))
        for place, line in enumerate(inside, 1):
            blocks.append(Block("text", f"{place}. {line.text}。{_measure(line)}"))
    blocks.append(Block("text", f"本报告于{day(report.frozen_at.date())}固化，校验值（SHA-256）：{report.sha256}。"))
    return [*blocks, Block("sign", body), Block("sign", day(report.as_of))]


def _overall(report: Report, targets: Sequence[ReportLine], measures: Sequence[ReportLine]) -> str:
    text = (
        f"截至{day(report.as_of)}，《{report.document.title}》共确定任务{len(measures)}项、量化目标{len(targets)}项。"
    )
    for name, lines in (("任务", measures), ("量化目标", targets)):
        counts = [(s, sum(line.standing == s for line in lines)) for s in Standing]
        said = "，".join(f"{WORDS[s]}{count}项" for s, count in counts if count)
        if said:
            text += f"{name}中，{said}。"
    return text


def _target(line: ReportLine) -> str:
    due = f"完成期限为{day(line.due_on)}"
    standing = WORDS[Standing(line.standing)]
    parts = [f"计划值：{line.promised or '定性目标'}", due]
    if line.value is not None:
        parts.append(f"当前值：{plain(round(line.value, 2))}{line.unit}")
        if line.denominator is not None:
            parts.append(f"分子{plain(line.numerator)}，分母{plain(line.denominator)}")
    parts.append(f"状态：{standing}")
    if line.formula:
        parts.append(f"计算方法：{line.formula}")
    return "；".join([*parts, *_owners(line)]) + "。"


def _measure(line: ReportLine) -> str:
    said = f"状态：{WORDS[Standing(line.standing)]}"
    if line.note:
        said += f"（{line.note}）"
    return "；".join([said, *_owners(line)]) + "。"


def _owners(line: ReportLine) -> list[str]:
    leads = [owner["name"] for owner in line.owners if owner["lead"]]
    others = [owner["name"] for owner in line.owners if not owner["lead"]]
    said = [f"牵头单位：{'、'.join(leads)}"] if leads else []
    return said + ([f"配合单位：{'、'.join(others)}"] if others else [])


def _by_chapter(lines: Iterable[ReportLine]) -> list[tuple[str, list[ReportLine]]]:
    found: dict[str, list[ReportLine]] = {}
    for line in lines:
        found.setdefault(line.chapter, []).append(line)
    return list(found.items())
