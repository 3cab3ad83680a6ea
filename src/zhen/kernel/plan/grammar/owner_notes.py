"""The notes in which owners stand: labelled lists, brackets after a task, and sentences with 由…牵头.

Layouts read here, all common in 重点任务分工 documents:

    1. 新建3所幼儿园。（牵头单位：区教育局；责任单位：区住建局、各镇）
    新建3所幼儿园（区教育局牵头，区住建局、各镇配合）。
    新建3所幼儿园（区教育局、区住建局按职责分工负责）
    责任单位：区教育局、区住建局
    由区教育局牵头，区住建局配合，新建3所幼儿园。
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from .model import Owner, Role
from .owner_names import looks_like_unit, split_names
from .text import Line, clauses_of

_FIRST = {"牵头", "主牵头", "主要牵头", "总牵头", "主办", "主责", "第一责任"}
_HELPERS = "配合 协办 协同 协作 参与 参加 支持 指导 督办 督导 监督 配合责任 协助 联办 会办"
_HOLDERS = "责任 承办 实施 落实 主体责任 具体责任 分管 包保 包抓 联系 完成 挂钩 认领 主管 业务"
_COOPERATING = set(_HELPERS.split())
_KINDS = "|".join(sorted({*_FIRST, *_COOPERATING, *_HOLDERS.split()}, key=len, reverse=True))
LABEL = re.compile(
    rf"(?P<kind>{_KINDS})"
    r"(?P<body>责任单位|责任部门|责任人|单位|部门|[市县区镇]?领导|人员|人|科室|处室|股室|股站所|站所|办所|主体|"
    r"村居|镇街|街道|机构|组织|方|副?[市县区镇]长)"
    r"(?:及(?:责任)?(?:人|领导))?(?:（[^）]{0,8}）)?\s*(?:[：】]|为(?=[^了])|\s(?=\S))\s*"
    r"|(?P<short>牵头|责任|主办|承办|配合|协办|协同|参与|负责)：\s*"
    r"|(?P<boss>[市县区镇]领导|副?[市县区镇]长)：\s*"
)
"""牵头单位：, 责任部门：, 配合责任单位：, 牵头：, 分管副市长：, 市领导：. The last two name persons."""
OTHER_LABEL = re.compile(
    r"(?:完成时限|完成时间|办结时限|时间节点|时限要求|工作目标|工作措施|任务内容|具体措施|进度安排|目标任务|"
    r"计划完成时间|时限|备注|进度要求|工作内容|年度目标|主要任务|联系电话|联系人|责任清单|整改时限|整改措施)\s?："
)


@dataclass(frozen=True, slots=True)
class Note:
    """Where owners stand: from `start` to `end`, outside which the task's own text lies."""

    start: int
    end: int
    owners: tuple[Owner, ...]
    own_line: bool
    whole_sentence: bool = False
    leads: bool = False  # names who takes the lead
    plain: bool = False  # names the responsible without saying who leads


# -- the notes ----------------------------------------------------------------------------------


def owner_notes(norm: str, text: str, lines: tuple[Line, ...]) -> Iterator[Note]:
    brackets = list(_brackets(norm))
    covered: list[tuple[int, int]] = []
    for start, end in brackets:
        owners = _bracket_owners(norm, text, start + 1, end - 1)
        if owners:
            covered.append((start, end))
            line_start = norm.rfind("\n", 0, start) + 1
            plain = "牵头" not in norm[start:end]
            yield Note(start, end, owners, own_line=not norm[line_start:start].strip(), leads=not plain, plain=plain)
    starts = [a for a, _ in covered]

    def is_covered(at: int) -> bool:
        i = bisect_right(starts, at) - 1
        return i >= 0 and at < covered[i][1]

    for n, line in enumerate(lines):
        yield from _labelled_in_line(norm, text, lines, n, is_covered)
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


Covered = Callable[[int], bool]


def _labelled_in_line(norm: str, text: str, lines: tuple[Line, ...], n: int, is_covered: Covered) -> Iterator[Note]:
    line = lines[n]
    found = [
        m for m in LABEL.finditer(norm, line.start, line.end) if not is_covered(m.start()) and _is_label(norm, m, line)
    ]
    if not found:
        return
    owners = _labelled(norm, text, found, line.end)
    end = _end_of_list(norm, owners[-1].end, line.end) if owners else line.end
    if not owners:
        owners, end = _names_below(norm, text, lines, n, found[-1])
    if owners:
        kinds = {_kind(m) for m in found if not _is_person(m)}
        yield Note(
            found[0].start(),
            end,
            owners,
            own_line=found[0].start() <= line.body + 1,
            leads=bool(kinds & _FIRST),
            plain=bool(kinds) and not kinds & (_FIRST | _COOPERATING),
        )


def _names_below(
    norm: str, text: str, lines: tuple[Line, ...], n: int, label: re.Match[str]
) -> tuple[tuple[Owner, ...], int]:
    """The names under a label that ends its line, one or more to a line."""
    role: Role = "cooperating" if _kind(label) in _COOPERATING else "lead"
    owners: list[Owner] = []
    end = lines[n].end
    for below in lines[n + 1 : n + 12]:
        names = split_names(norm, text, below.start, below.end, role, person=_is_person(label))
        if not names or not all(looks_like_unit(name.name, strict=True) or name.generic for name in names):
            break
        owners.extend(names)
        end = below.end
    return tuple(owners), end


def _end_of_list(norm: str, at: int, end: int) -> int:
    tail = re.compile(r"(?:等)?(?:单位|部门)?(?:按(?:照)?(?:各自)?职责(?:分工)?(?:负责|落实|配合)?)?[。；\s]*").match(
        norm, at, end
    )
    return tail.end() if tail else at


def _is_label(norm: str, match: re.Match[str], line: Line) -> bool:
    """A label stands at the head of something: "落实单位责任" in running text is none."""
    before = norm[match.start() - 1] if match.start() > line.start else ""
    return (
        before
        in (
            "",
            " ",
            "\t",
            "。",
            "；",
            "，",
            "、",
            "（",
            "【",
            "：",
            "|",
            "\n",
            ".",
            "）",
            "]",
            "】",
            "—",
            "-",
            "·",
            "★",
            "◆",
            "●",
        )
        or match.start() == line.body
    )


_LIST_ENDS = re.compile(r"[。\n]|；(?=\s*$)|[，；](?=\s*(?:到|于|在|确保|力争|\d{4}年|\d{1,2}月))")


def _labelled(norm: str, text: str, labels: list[re.Match[str]], end: int) -> tuple[Owner, ...]:
    """The names after each label, up to the next label or the end of the list."""
    led = any(_kind(m) in _FIRST and not _is_person(m) for m in labels)
    owners: list[Owner] = []
    for n, match in enumerate(labels):
        stop = labels[n + 1].start() if n + 1 < len(labels) else end
        other = OTHER_LABEL.search(norm, match.end(), stop)
        stop = other.start() if other else stop
        full = _LIST_ENDS.search(norm, match.end(), stop)
        stop = full.start() if full else stop
        kind, person = _kind(match), _is_person(match)
        if not person and kind not in _COOPERATING and re.search(r"牵头|配合|协办", norm[match.end() : stop]):
            # 责任单位：市教育局牵头，市财政局配合
            owners.extend(_predicated(norm, text, match.end(), stop)[0])
            continue
        role: Role = "cooperating" if kind in _COOPERATING or (led and not person and kind not in _FIRST) else "lead"
        owners.extend(split_names(norm, text, match.end(), stop, role, person=person))
    return tuple(owners)


def _kind(match: re.Match[str]) -> str:
    return match["kind"] or match["short"] or match["boss"]


def _is_person(match: re.Match[str]) -> bool:
    return match["boss"] is not None or (match["body"] or "").endswith(("领导", "人", "人员", "长"))


# -- brackets without labels -------------------------------------------------------------------

_DUTY = (
    r"(?:分别|共同|联合|具体|总|按(?:照)?(?:各自)?(?:职责|责任|职能)?(?:分工)?|依职责|各负其责|"
    r"根据职责(?:分工)?|会同)*"
)
_LEADS = re.compile(
    rf"(?:等(?:单位|部门)?)?{_DUTY}(?:牵头(?:组织)?(?:负责|落实|实施|推进|抓总)?|负责(?:落实|实施|推进)?|主办|承办|组织实施|落实|实施|抓落实)$"
)
_HELPS = re.compile(
    rf"(?:等(?:单位|部门)?)?{_DUTY}(?:配合(?:落实|推进|实施)?|协办|参与|参加|协同(?:推进|配合)?|协助|支持|联办|会办)$"
)
_BY_DUTY = re.compile(r"按(?:照)?(?:各自)?(?:职责|责任|职能)|分工|分别负责|依职责")


def _bracket_owners(norm: str, text: str, start: int, end: int) -> tuple[Owner, ...]:
    """The owners of one bracket, () when it holds something else: （含续建）, （试行）, （市、区）."""
    if end - start < 2 or end - start > 900:
        return ()
    labels = [m for m in LABEL.finditer(norm, start, end) if m.start() == start or norm[m.start() - 1] in " ，；。、"]
    if labels:
        return _labelled(norm, text, labels, end)
    owners, sure = _predicated(norm, text, start, end)
    if sure and all(len(o.name) <= 30 for o in owners):
        return owners
    if owners and all(looks_like_unit(o.name, strict=True) for o in owners):
        # （城关镇、大河镇） alone may be where something is done, not who does it
        return () if all(_PLACE.search(o.name) and not o.generic for o in owners) else owners
    return ()


_PLACE = re.compile(r"(?:镇|乡|街道|村|社区|区|县|市)$")


_OPENING = re.compile(r"\s*(?:由|请|责任分工：|分工：)")


def _predicated(norm: str, text: str, start: int, end: int) -> tuple[tuple[Owner, ...], bool]:
    """The owners of "市教育局牵头，市财政局、各镇配合", and whether their predicates leave no doubt."""
    owners: list[Owner] = []
    waiting: list[int] = []  # names whose predicate comes with a later part: "市教育局，市财政局负责"
    led = sure = False
    for left, right in _segments(norm, start, end):
        opening = _OPENING.match(norm, left, right)
        left = opening.end() if opening else left
        helps = _HELPS.search(norm[left:right])
        leads = None if helps else _LEADS.search(norm[left:right])
        tail = helps or leads
        stop = left + tail.start() if tail else right
        role: Role = "cooperating" if helps or (led and (tail is None or _BY_DUTY.search(tail[0]))) else "lead"
        names = _joined_by(norm, split_names(norm, text, left, stop, role), left, stop)
        if tail is not None and names:
            sure = sure or (all(len(o.name) <= 24 for o in names) and looks_like_unit(names[0].name))
            for i in waiting:
                owners[i] = replace(owners[i], role=role)
            waiting = []
        elif names and not led:
            waiting.extend(range(len(owners), len(owners) + len(names)))
        owners.extend(names)
        led = led or (role == "lead" and tail is not None and bool(names))
    return tuple(owners), sure


def _joined_by(norm: str, names: tuple[Owner, ...], left: int, stop: int) -> tuple[Owner, ...]:
    """市教育局会同市财政局负责: who is brought in by 会同 cooperates."""
    at = norm.find("会同", left, stop)
    return names if at < 0 else tuple(replace(o, role="cooperating") if o.start > at > left else o for o in names)


def _segments(norm: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a bracket between its commas. A comma may part predicates or mere names; the reader tells
    them apart by their verbs."""
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
    r"\s*(?P<by>由|请)?(?P<names>(?:[^，。；：（）\d]|（[^（）]{1,12}）){2,60}?)(?:等(?:单位|部门)?)?"
    rf"(?P<duty>{_DUTY})(?P<what>牵头负责|牵头组织|牵头|负责牵头|负责落实|负责实施|负责(?!解释|人|任|的)|主办|承办)"
)
_WITH = re.compile(
    rf"\s*[，；、]?\s*(?P<names>(?:[^，。；：（）\d]|（[^（）]{{1,12}}）){{2,80}}?)(?:等(?:单位|部门)?)?(?P<duty>{_DUTY})"
    r"(?P<what>配合|协办|参与|协助|协同|支持)(?:落实|实施|推进|做好)?(?=[，。；\n]|$)"
)


def _in_sentence(norm: str, text: str, line: Line, is_covered: Covered) -> Iterator[Note]:
    """由区教育局牵头，区住建局配合，新建3所幼儿园。"""
    if "牵头" not in norm[line.start : line.end] and "负责" not in norm[line.start : line.end]:
        return
    position = line.body
    for begin, clause_end in clauses_of(norm, line.body, line.end):
        if begin < position or is_covered(begin):
            continue
        match = _BY.match(norm, begin, clause_end)
        if match is None:
            continue
        label = LABEL.search(norm, line.start, begin)
        if label is not None and label.end() <= begin:
            return  # the names after a label have been read
        names = split_names(norm, text, *match.span("names"), "lead")
        if not names or not all(looks_like_unit(o.name, strict=True) or o.generic for o in names):
            continue
        owners = list(names)
        end = match.end("what")
        helper = _WITH.match(norm, end, line.end)
        if helper is not None:
            helpers = split_names(norm, text, *helper.span("names"), "cooperating")
            if helpers and all(looks_like_unit(o.name) for o in helpers):
                owners.extend(helpers)
                end = position = helper.end()
        left = max(*(norm.rfind(sign, line.start, begin) for sign in "。；"), line.body - 1) + 1
        stop = _SENTENCE_STOP.search(norm, end, line.end)
        yield Note(left, stop.start() if stop else line.end, tuple(owners), own_line=False, whole_sentence=True)


_SENTENCE_STOP = re.compile(r"[。\n]")
