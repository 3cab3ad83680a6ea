"""The measures of a plan: clauses with a verb and a deliverable of their own, under their topic heading."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from .model import Assignment, Heading, Measure, Target
from .targets import DueFinder
from .text import Line, clauses_of
from .verbs import leading_verb

_ADJUNCT = re.compile(
    r"(?:结合|依托|围绕|按照|根据|依据|着眼|针对(?!.*开展)|通过|随着|为了|为(?![^，]{1,12}(?:提供|开展|发放|安装|引入|办|建))|借助|本着|遵循|紧扣|对标|锚定|立足|面向(?![^，]{1,12}(?:开展|推介|征集))|瞄准|鉴于|"
    r"(?:充分|更好)?发挥好?[^，]*优势$|(?:用好|用足|运用)[^，]*手段$|自觉在|始终|利用|善用|基于|针对|坚持(?![^，]{1,16}(?:政务公开|进家庭))|既要|又要|聚焦|抓住[^，]{1,16}(?:机遇|契机)|"
    r"以(?!奖代补|商引商|旧换新|工代赈)[^，]{1,40}(?:为|促|带|引领|推动)|在[^，]{1,40}(?:下|中|上|方面|基础上|过程中|期间)$)"
)
"""How an adjunct opens: it names an occasion, a basis or a platform; what is delivered comes after."""

_EMPTY = re.compile(
    r"(?:要|我们|各位|同志|让我们|这|那|不忘|牢记|必须|高举|紧密团结|全文|提请|请予|现(?:印发|将)|特此|感谢|谢谢|没有|只有|因为|由于|如果|虽然|但|即|也|就是|是|指)"
)
_OWNER_NOTE = re.compile(r"（[^（）]*(?:单位|部门|负责|牵头|责任|局|委|办)[^（）]*(?:（[^（）]*）[^（）]*)*）")


def find_measures(
    norm: str,
    text: str,
    lines: tuple[Line, ...],
    back: Sequence[bool],
    numbered: Sequence[Heading],
    topics: Sequence[Heading],
    targets: Sequence[Target],
    due: DueFinder,
    assignments: Sequence[Assignment],
) -> tuple[Measure, ...]:
    """The measures of the parts that look ahead, in order, each with its targets and owners."""
    first = min((h.start for h in numbered if h.level <= 4), default=0)
    topic_starts = [h.start for h in topics]
    top = min((h.level for h in numbered), default=0)
    chapters = [h for h in numbered if h.level == top]
    chapter_starts = [h.start for h in chapters]
    assigned = {(a.start, a.end): a for a in assignments}
    ordered = sorted(assigned.values(), key=lambda a: a.start)
    assigned_starts = [a.start for a in ordered]
    target_starts = [t.start for t in targets]
    found: list[Measure] = []
    for line, past in zip(lines, back, strict=True):
        if past or line.start < first:
            continue
        topic = _topic_over(line, numbered, topics, topic_starts)
        at = bisect_right(chapter_starts, line.start) - 1
        chapter = chapters[at].text if at >= 0 else ""
        for left, right in _task_clauses(norm, line, topics, topic_starts):
            inside = tuple(
                t for t in targets[bisect_right(target_starts, left - 1) :][:40] if t.start >= left and t.end <= right
            )
            measured = _measure(norm, left, right, bool(inside))
            if measured is None:
                continue
            left, right, verb, object_ = measured
            owner_at = bisect_right(assigned_starts, left) - 1
            owners = ordered[owner_at].owners if owner_at >= 0 and left < ordered[owner_at].end else ()
            found.append(
                Measure(
                    start=left,
                    end=right,
                    text=text[left:right],
                    verb=verb,
                    object=object_,
                    deadline=due(left, right),
                    chapter=chapter,
                    topic=topic,
                    owners=owners,
                    targets=inside,
                )
            )
    return tuple(found)


def _topic_over(line: Line, numbered: Sequence[Heading], topics: Sequence[Heading], starts: list[int]) -> str:
    """The heading a line stands under: its own topic sentence, else the nearest numbered heading."""
    at = bisect_right(starts, line.end) - 1
    if at >= 0 and line.start <= topics[at].start:
        return topics[at].text
    below = bisect_right(numbered, line.start, key=lambda heading: heading.start)
    return numbered[below - 1].text if below else ""


def _task_clauses(norm: str, line: Line, topics: Sequence[Heading], starts: list[int]) -> list[tuple[int, int]]:
    """The clauses of a line below its heading. An item like "1. 新建3所幼儿园" is heading and task in one."""
    begin = line.body
    if line.level is not None and line.level <= 4 and line.heading_end > line.start:
        heading_only = line.heading_end
        begin = heading_only if norm[line.body : line.heading_end].count("，") < 2 else line.body
        if heading_only == line.end and not _OWNER_NOTE.search(norm, line.body, line.end):
            begin = line.end
    at = bisect_right(starts, line.end) - 1
    if at >= 0 and line.start <= topics[at].start < line.end:
        begin = max(begin, topics[at].end)
    return list(clauses_of(norm, begin, line.end))


def _measure(norm: str, left: int, right: int, has_target: bool) -> tuple[int, int, str, str] | None:
    clause = norm[left:right]
    note = _OWNER_NOTE.search(clause)
    if note is not None:
        right = left + note.start()
        clause = norm[left:right]
    trimmed = clause.strip()
    left += len(clause) - len(clause.lstrip())
    right = left + len(trimmed)
    clause = trimmed
    if not clause or (len(clause) < 4 and not has_target):
        return None
    if not has_target and (_ADJUNCT.match(clause) or _EMPTY.match(clause)):
        return None
    span = leading_verb(clause)
    if span is None:
        moved = re.match(r"(?:把|将|为|向|对|给|让|使|与|同|在|从)[^，]{2,30}?(?=[\u4e00-\u9fff]{2})", clause)
        if not has_target and moved is None:
            return None
        return left, right, "", clause
    object_ = clause[span[1] :].lstrip("了好")
    if len(object_) < 2 and not has_target:
        # 强化督促检查: the whole clause is verbs, the first governs the others
        if span[1] - span[0] < 4:
            return None
        return left, right, clause[span[0] : span[0] + 2], clause[span[0] + 2 : span[1]]
    return left, right, clause[span[0] : span[1]], object_
