"""Who answers for what: the owners written after a task, in a bracket, on a line of their own, or in the sentence.

Layouts read here, all in the wild of 重点任务分工 documents:

    1. 新建3所幼儿园。（牵头单位：区教育局；责任单位：区住建局、各镇）
    新建3所幼儿园（区教育局牵头，区住建局、各镇配合）。
    新建3所幼儿园（区教育局、区住建局按职责分工负责）
    责任单位：区教育局、区住建局
    由区教育局牵头，区住建局配合，新建3所幼儿园。
    序号⇥任务⇥牵头单位⇥配合单位
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from .model import Assignment, Owner, QualitativeTarget, Role, Target
from .owner_names import looks_like_unit, split_names
from .owner_tables import table_assignments
from .text import Line

LABEL = re.compile(
    r"(?P<kind>牵头|主要?牵头|总牵头|责任|主办|承办|主责|实施|落实|主体责任|第一责任|具体责任|配合|协办|协同|协作|参与|参加|配合责任|支持|指导|督办|督导|监督|分管|包保|包抓|联系|完成|挂钩|认领|主管|业务|协助|联办|会办)"
    r"(?P<body>责任单位|责任部门|责任人|单位|部门|领导|人员|人|科室|处室|股室|股站所|站所|办所|主体|村居|镇街|街道|机构|组织|方|县领导|市领导|区领导|镇领导)"
    r"(?:及(?:责任)?(?:人|领导))?(?:（[^）]{0,8}）)?\s*(?:[：]|为(?=[^了])|\s(?=\S))\s*"
)
_COOPERATING = {"配合", "协办", "协同", "协作", "参与", "参加", "支持", "指导", "督办", "督导", "监督", "配合责任", "协助", "联办", "会办"}
_FIRST = {"牵头", "主牵头", "主要牵头", "总牵头", "主办", "主责", "第一责任"}
_OTHER_LABEL = re.compile(
    r"(?:完成时限|完成时间|办结时限|时间节点|时限要求|工作目标|工作措施|任务内容|具体措施|进度安排|目标任务|计划完成时间|时限|备注|进度要求|工作内容|年度目标|主要任务|联系电话|联系人|责任清单|整改时限|整改措施)\s?[：]"
)


@dataclass(frozen=True, slots=True)
class _Note:
    """Where owners stand: from `start` to `end`, outside which the task's own text lies."""

    start: int
    end: int
    owners: tuple[Owner, ...]
    own_line: bool
    whole_sentence: bool = False


def find_assignments(norm: str, text: str, lines: tuple[Line, ...]) -> tuple[Assignment, ...]:
    """Each stretch of text that owners close, in order. Owners found twice for one stretch are kept once."""
    tabled, rows = table_assignments(norm, text, lines)
    notes = [n for n in _notes(norm, text, lines) if not any(a <= n.start < b for a, b in rows)]
    notes.sort(key=lambda n: n.start)
    found = list(tabled)
    starts = [line.start for line in lines]
    for group in _grouped(norm, notes):
        at = bisect_right(starts, group[0].start) - 1
        begin = _task_start(norm, lines, at, group[0])
        previous = max((a.end for a in found if a.end <= group[0].start), default=0)
        previous_note = max((n.end for n in notes if n.end <= group[0].start and n not in group), default=0)
        begin = max(begin, previous if previous > begin and group[0].own_line else begin, previous_note)
        end = group[-1].end if group[0].whole_sentence else group[0].start
        begin, end = _trim(norm, begin, end)
        owners = _settle(tuple(o for note in group for o in note.owners))
        if end > begin and owners:
            found.append(Assignment(start=begin, end=end, owners=owners))
    return tuple(sorted(found, key=lambda a: (a.start, a.end)))


def _trim(norm: str, begin: int, end: int) -> tuple[int, int]:
    while begin < end and norm[begin] in " \n\t。；，、）":
        begin += 1
    while end > begin and norm[end - 1] in " \n\t（，；":
        end -= 1
    return begin, end


def _settle(owners: tuple[Owner, ...]) -> tuple[Owner, ...]:
    """Each owner once, in order; the first mention decides the role."""
    seen: dict[str, Owner] = {}
    for owner in owners:
        seen.setdefault(owner.name, owner)
    return tuple(seen.values())


def _grouped(norm: str, notes: list[_Note]) -> Iterator[list[_Note]]:
    """Notes that follow each other with nothing but blanks, or other labels, between them close one task."""
    group: list[_Note] = []
    for note in notes:
        between = norm[group[-1].end : note.start] if group else ""
        linked = group and (not between.strip(" \n\t。；，（）|") or (_OTHER_LABEL.match(between.strip(" \n\t。；，")) and len(between) < 60 and between.count("\n") <= 2))
        if group and linked:
            group.append(note)
            continue
        if group:
            yield _with_followers(group)
        group = [note]
    if group:
        yield _with_followers(group)


def _with_followers(group: list[_Note]) -> list[_Note]:
    """责任单位 after 牵头单位 names those who cooperate."""
    led = False
    result: list[_Note] = []
    for note in group:
        owners: list[Owner] = []
        for owner in note.owners:
            owners.append(owner)
        result.append(replace(note, owners=tuple(owners)))
        led = led or any(o.role == "lead" for o in owners)
    return result


def _task_start(norm: str, lines: tuple[Line, ...], at: int, note: _Note) -> int:
    """Where the task that a note closes begins: in its own line, or on the lines above when the note fills its line."""
    line = lines[at]
    if note.start > line.start + 1 and norm[line.start : note.start].strip(" （【[·-—"):
        return line.body if line.body < note.start else line.start
    # The note has its line to itself: the task began at the nearest numbered item or paragraph above.
    steps = 0
    for i in range(at - 1, -1, -1):
        above = lines[i]
        steps += 1
        if LABEL.match(norm, above.start, above.end) or steps > 12:
            return lines[i + 1].start if i + 1 <= at else line.start
        if above.level is not None and above.level >= 3:
            return above.body
        if above.level is None and not _OTHER_LABEL.match(norm, above.start, above.end) and _closed_above(norm, lines, i):
            return above.start
    return lines[max(0, at - 1)].start


def _closed_above(norm: str, lines: tuple[Line, ...], i: int) -> bool:
    """Whether a paragraph stands alone as a task: what is above it is a heading or another task's note."""
    if i == 0:
        return True
    above = lines[i - 1]
    return not (above.level is not None and above.level >= 5)


# -- the notes ----------------------------------------------------------------------------------


def _notes(norm: str, text: str, lines: tuple[Line, ...]) -> Iterator[_Note]:
    brackets = list(_brackets(norm))
    covered: list[tuple[int, int]] = []
    for start, end in brackets:
        owners = _bracket_owners(norm, text, start + 1, end - 1)
        if owners:
            covered.append((start, end))
            line_start = norm.rfind("\n", 0, start) + 1
            yield _Note(start, end, owners, own_line=not norm[line_start:start].strip())
    starts = [a for a, _ in covered]

    def is_covered(at: int) -> bool:
        i = bisect_right(starts, at) - 1
        return i >= 0 and at < covered[i][1]

    for line in lines:
        yield from _labelled_in_line(norm, text, line, is_covered)
        yield from _in_sentence(norm, text, line, is_covered)


def _brackets(norm: str) -> Iterator[tuple[int, int]]:
    """Outermost bracket pairs, each within one paragraph or its soft continuation."""
    depth = 0
    opened = -1
    for match in re.finditer(r"[（）【】]|\n", norm):
        sign = match[0]
        if sign in "（【":
            if depth == 0:
                opened = match.start()
            depth += 1
        elif sign in "）】" and depth:
            depth -= 1
            if depth == 0:
                yield opened, match.end()
        elif sign == "\n" and depth and match.start() - opened > 600:
            depth = 0


class _Covered:
    def __call__(self, at: int) -> bool:  # pragma: no cover - a protocol
        raise NotImplementedError


def _labelled_in_line(norm: str, text: str, line: Line, is_covered: object) -> Iterator[_Note]:
    assert callable(is_covered)
    found = [m for m in LABEL.finditer(norm, line.start, line.end) if not is_covered(m.start()) and _is_label(norm, m, line)]
    if not found:
        return
    owners = _labelled(norm, text, found, line.end)
    if owners:
        own_line = found[0].start() <= line.body + 1
        yield _Note(found[0].start(), _end_of_list(norm, owners[-1].end, line.end), owners, own_line)


def _end_of_list(norm: str, at: int, end: int) -> int:
    tail = re.compile(r"(?:等)?(?:单位|部门)?(?:按(?:照)?(?:各自)?职责(?:分工)?(?:负责|落实|配合)?)?[。；\s]*").match(norm, at, end)
    return tail.end() if tail else at


def _is_label(norm: str, match: re.Match[str], line: Line) -> bool:
    """A label stands at the head of something: "落实单位责任" in running text is none."""
    before = norm[match.start() - 1] if match.start() > line.start else ""
    return before in ("", " ", "\t", "。", "；", "，", "、", "（", "【", "：", "|", "\n", ".", "）", "]", "】", "—", "-", "·", "★", "◆", "●") or match.start() == line.body


def _labelled(norm: str, text: str, labels: list[re.Match[str]], end: int) -> tuple[Owner, ...]:
    """The names after each label, up to the next label or the end of the list."""
    led = any(m["kind"] in _FIRST and not _is_person(m) for m in labels)
    owners: list[Owner] = []
    for n, match in enumerate(labels):
        stop = labels[n + 1].start() if n + 1 < len(labels) else end
        other = _OTHER_LABEL.search(norm, match.end(), stop)
        stop = other.start() if other else stop
        full = re.compile(r"[。\n]|；(?=\s*$)|[，；](?=\s*(?:到|于|在|确保|力争|\d{4}年|\d{1,2}月))").search(norm, match.end(), stop)
        stop = full.start() if full else stop
        role: Role = "cooperating" if match["kind"] in _COOPERATING or (led and match["kind"] not in _FIRST) else "lead"
        owners.extend(split_names(norm, text, match.end(), stop, role, person=_is_person(match)))
    return tuple(owners)


def _is_person(match: re.Match[str]) -> bool:
    return match["body"].endswith(("领导", "人", "人员"))


# -- brackets without labels -------------------------------------------------------------------

_DUTY = r"(?:分别|共同|联合|具体|总|按(?:照)?(?:各自)?(?:职责|责任|职能)?(?:分工)?|依职责|各负其责|根据职责(?:分工)?|会同)*"
_LEADS = re.compile(rf"(?:等(?:单位|部门)?)?{_DUTY}(?:牵头(?:组织)?(?:负责|落实|实施|推进|抓总)?|负责(?:落实|实施|推进)?|主办|承办|组织实施|落实|实施|抓落实)$")
_HELPS = re.compile(rf"(?:等(?:单位|部门)?)?{_DUTY}(?:配合(?:落实|推进|实施)?|协办|参与|参加|协同(?:推进|配合)?|协助|支持|联办|会办)$")
_BY_DUTY = re.compile(r"按(?:照)?(?:各自)?(?:职责|责任|职能)|分工|分别负责|依职责")


def _bracket_owners(norm: str, text: str, start: int, end: int) -> tuple[Owner, ...]:
    """The owners of one bracket, () when it holds something else: （含续建）, （试行）, （市、区）."""
    if end - start < 2 or end - start > 900:
        return ()
    labels = [m for m in LABEL.finditer(norm, start, end)]
    if labels and not norm[start : labels[0].start()].strip(" ，；、"):
        return _labelled(norm, text, labels, end)
    owners: list[Owner] = []
    led = False
    sure = False
    segments = list(_segments(norm, start, end))
    for n, (left, right) in enumerate(segments):
        segment = norm[left:right]
        opening = re.match(r"\s*(?:由|请|责任分工：|分工：|责任：|牵头：|负责：|配合：|主办：|协办：|承办：|负责单位：|负责部门：)", segment)
        helped_by_label = bool(opening and re.search(r"配合|协办", opening[0]))
        left += opening.end() if opening else 0
        helps = _HELPS.search(norm[left:right])
        leads = None if helps else _LEADS.search(norm[left:right])
        tail = helps or leads
        if tail is None and n + 1 < len(segments) and not led:
            # "市教育局、市财政局，各区负责": the predicate comes with the last segment
            follow = norm[segments[-1][0] : segments[-1][1]]
            if not (_HELPS.search(follow) or _LEADS.search(follow)) and not sure:
                sure = False
        stop = left + tail.start() if tail else right
        role: Role = "cooperating" if helps or helped_by_label or (led and (tail is None or _BY_DUTY.search(tail[0]))) else "lead"
        names = split_names(norm, text, left, stop, role)
        if tail is not None or opening is not None:
            sure = sure or bool(names) and (looks_like_unit(names[0].name) or tail is not None and all(len(o.name) <= 24 for o in names))
        owners.extend(names)
        led = led or (role == "lead" and tail is not None and "牵头" in tail[0])
    if sure and all(len(o.name) <= 30 for o in owners):
        return tuple(owners)
    if owners and all(looks_like_unit(o.name, strict=True) for o in owners):
        return tuple(owners)
    return ()


def _segments(norm: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a bracket that each have their own predicate. A comma may also part mere names, so a part without
    a predicate is joined to the next one that has a predicate only by its role."""
    begin = start
    depth = 0
    for i in range(start, end):
        sign = norm[i]
        depth += (sign == "（") - (sign == "）")
        if sign in "，；。" and depth == 0:
            if i > begin:
                yield begin, i
            begin = i + 1
    if end > begin:
        yield begin, end


# -- in the sentence ---------------------------------------------------------------------------

_BY = re.compile(
    r"(?:^|[，。；：\s])(?P<by>由|请)?(?P<names>[^，。；：（）\d]{2,60}?)(?:等(?:单位|部门)?)?"
    rf"(?P<duty>{_DUTY})(?P<what>牵头负责|牵头组织|牵头|负责牵头|负责落实|负责实施|负责|主办|承办)(?P<tail>[^，。；\n]*)"
)
_WITH = re.compile(
    rf"\s*[，；、]?\s*(?P<names>[^，。；：（）\d]{{2,80}}?)(?:等(?:单位|部门)?)?(?P<duty>{_DUTY})(?P<what>配合|协办|参与|协助|协同|支持)(?:落实|实施|推进)?(?=[，。；\n]|$)"
)


def _in_sentence(norm: str, text: str, line: Line, is_covered: object) -> Iterator[_Note]:
    """由区教育局牵头，区住建局配合，新建3所幼儿园。"""
    assert callable(is_covered)
    position = line.start
    while position < line.end:
        match = _BY.search(norm, position, line.end)
        if match is None:
            return
        position = match.end()
        if is_covered(match.start("names")):
            continue
        names = split_names(norm, text, *match.span("names"), "lead")
        told = match["by"] is not None or match["what"].startswith("牵头")
        if not names or not told or not all(looks_like_unit(o.name) for o in names):
            position = match.start("what") + 1
            continue
        owners = list(names)
        end = match.end("what")
        helper = _WITH.match(norm, match.end(), line.end)
        if helper is not None:
            helpers = split_names(norm, text, *helper.span("names"), "cooperating")
            if helpers and all(looks_like_unit(o.name) for o in helpers):
                owners.extend(helpers)
                end = position = helper.end()
        left = max(norm.rfind(sign, line.start, match.start("names")) for sign in "。；") + 1
        left = max(left, line.body)
        stop = re.compile(r"[。\n]").search(norm, end, line.end)
        yield _Note(left, stop.start() if stop else line.end, tuple(owners), own_line=False, whole_sentence=True)


# -- onto the promises --------------------------------------------------------------------------

Promise = TypeVar("Promise", Target, QualitativeTarget)


def with_owners(promises: Sequence[Promise], assignments: Sequence[Assignment]) -> tuple[Promise, ...]:
    """The promises with the owners of the stretch they stand in."""
    starts = [a.start for a in assignments]
    result: list[Promise] = []
    for promise in promises:
        at = bisect_right(starts, promise.start) - 1
        inside = at >= 0 and promise.start < assignments[at].end
        result.append(replace(promise, owners=assignments[at].owners) if inside else promise)
    return tuple(result)
