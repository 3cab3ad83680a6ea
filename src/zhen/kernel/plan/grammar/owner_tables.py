"""Owners in tables that were flattened to text: cells parted by tabs or bars, or one cell to a line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .model import Assignment, Owner, Role
from .owner_names import looks_like_unit, split_names
from .text import Line

_CELL = re.compile(r"\t+|\s*\|\s*| {2,}")
_LEAD_HEAD = re.compile(
    r"^(?:牵头|责任|主办|承办|主责|实施|落实|负责)(?:责任)?(?:单位|部门|科室|处室|主体)(?:及责任人)?$|^责任(?:科室|办)$|^牵头(?:单位|部门)"
)
_HELP_HEAD = re.compile(r"^(?:配合|协办|协同|参与|协助|责任配合)(?:单位|部门|科室|处室)")
_TASK_HEAD = re.compile(r"任务|事项|内容|项目|目标|举措|措施|工作|指标")


@dataclass(frozen=True, slots=True)
class _Columns:
    task: tuple[int, ...]
    owners: tuple[tuple[int, Role], ...]
    count: int


def table_assignments(norm: str, text: str, lines: tuple[Line, ...]) -> tuple[list[Assignment], list[tuple[int, int]]]:
    """The assignments of table rows, and the spans of the rows, where nothing else shall look for owners."""
    found: list[Assignment] = []
    rows: list[tuple[int, int]] = []
    columns: _Columns | None = None
    for line in lines:
        cells = _cells(norm, line)
        if len(cells) >= 2:
            heads = _header(norm, cells)
            if heads is not None:
                columns = heads
                rows.append((line.start, line.end))
                continue
        if columns is not None and len(cells) >= max(2, columns.count - 2):
            assignment = _row(norm, text, cells, columns)
            if assignment is not None:
                found.append(assignment)
                rows.append((line.start, line.end))
                continue
        if columns is None and len(cells) >= 3:
            assignment = _headless_row(norm, text, cells)
            if assignment is not None:
                found.append(assignment)
                rows.append((line.start, line.end))
    if not found:
        return _stacked(norm, text, lines)
    return found, rows


def _cells(norm: str, line: Line) -> list[tuple[int, int]]:
    cells: list[tuple[int, int]] = []
    begin = line.start
    if norm[line.start] == "|":
        begin += 1
    for match in _CELL.finditer(norm, begin, line.end):
        if match.start() > begin or cells:
            cells.append((begin, match.start()))
        begin = match.end()
    if begin < line.end:
        cells.append((begin, line.end))
    return [_strip(norm, a, b) for a, b in cells]


def _strip(norm: str, a: int, b: int) -> tuple[int, int]:
    while a < b and norm[a].isspace():
        a += 1
    while b > a and norm[b - 1].isspace():
        b -= 1
    return a, b


def _header(norm: str, cells: list[tuple[int, int]]) -> _Columns | None:
    names = [re.sub(r"\s", "", norm[a:b]) for a, b in cells]
    owners: list[tuple[int, Role]] = []
    led = any(n.startswith("牵头") for n in names)
    for i, name in enumerate(names):
        if len(name) > 12:
            return None
        if _LEAD_HEAD.match(name):
            owners.append((i, "cooperating" if led and not name.startswith("牵头") else "lead"))
        elif _HELP_HEAD.match(name):
            owners.append((i, "cooperating"))
    tasks = tuple(i for i, name in enumerate(names) if _TASK_HEAD.search(name) and i not in [o for o, _ in owners])
    if not owners or not tasks:
        return None
    return _Columns(tasks, tuple(owners), len(cells))


def _row(norm: str, text: str, cells: list[tuple[int, int]], columns: _Columns) -> Assignment | None:
    """A row under a header. A merged first cell leaves it short on the left, an empty last one on the
    right: the shift that makes its owner cells hold units is the right one."""
    best: tuple[float, Assignment] | None = None
    for shift in sorted({0, len(cells) - columns.count}):
        owners: list[Owner] = []
        for index, role in columns.owners:
            if 0 <= index + shift < len(cells):
                owners.extend(split_names(norm, text, *cells[index + shift], role))
        tasks = [cells[i + shift] for i in columns.task if 0 <= i + shift < len(cells)]
        tasks = [(a, b) for a, b in tasks if b - a >= 4]
        if not owners or not tasks:
            continue
        fit = sum(looks_like_unit(o.name) for o in owners) / len(owners)
        if best is None or fit > best[0]:
            best = (fit, Assignment(start=tasks[0][0], end=tasks[-1][1], owners=_once(owners)))
    return best[1] if best is not None and best[0] > 0.3 else None


def _headless_row(norm: str, text: str, cells: list[tuple[int, int]]) -> Assignment | None:
    """A row whose table lost its header: the cells that hold nothing but units are the owners."""
    owners: list[Owner] = []
    at: list[int] = []
    for i, (a, b) in enumerate(cells):
        names = split_names(norm, text, a, b, "lead" if not owners else "cooperating")
        if names and all(looks_like_unit(n.name, strict=True) for n in names):
            owners.extend(names)
            at.append(i)
    tasks = [c for i, c in enumerate(cells) if i not in at and c[1] - c[0] >= 6]
    if not owners or not tasks:
        return None
    return Assignment(start=tasks[0][0], end=tasks[-1][1], owners=_once(owners))


def _once(owners: list[Owner]) -> tuple[Owner, ...]:
    seen: dict[str, Owner] = {}
    for owner in owners:
        seen.setdefault(owner.name, owner)
    return tuple(seen.values())


# -- one cell to a line ------------------------------------------------------------------------


def _stacked(norm: str, text: str, lines: tuple[Line, ...]) -> tuple[list[Assignment], list[tuple[int, int]]]:
    """Tables copied from a page come one cell to a line: first the header's names, then the rows."""
    head = _stacked_header(norm, lines)
    if head is None:
        return [], []
    first, roles = head
    found: list[Assignment] = []
    rows: list[tuple[int, int]] = []
    task: tuple[int, int] | None = None
    owners: list[Owner] = []
    for line in lines[first:]:
        names = split_names(norm, text, line.start, line.end, roles[min(len({o.role for o in owners}), len(roles) - 1)])
        if names and all(looks_like_unit(n.name, strict=True) or (n.generic and len(n.name) <= 12) for n in names):
            owners.extend(names)
            rows.append((line.start, line.end))
            continue
        if owners:
            if task is not None:
                found.append(Assignment(start=task[0], end=task[1], owners=_once(owners)))
            task, owners = None, []
        if line.end - line.start >= 6:
            task = (line.start, line.end) if task is None else (task[0], line.end)
    if owners and task is not None:
        found.append(Assignment(start=task[0], end=task[1], owners=_once(owners)))
    return (found, rows) if len(found) >= 2 else ([], [])


def _stacked_header(norm: str, lines: tuple[Line, ...]) -> tuple[int, tuple[Role, ...]] | None:
    for i, line in enumerate(lines):
        name = re.sub(r"\s", "", norm[line.start : line.end])
        if not _LEAD_HEAD.match(name) or len(name) > 8:
            continue
        near = [re.sub(r"\s", "", norm[x.start : x.end]) for x in lines[max(0, i - 4) : i]]
        if not any(len(n) <= 8 and (_TASK_HEAD.search(n) or n == "序号") for n in near):
            continue
        last = i
        roles: list[Role] = ["lead"]
        for j in range(i + 1, min(i + 5, len(lines))):
            other = re.sub(r"\s", "", norm[lines[j].start : lines[j].end])
            if _HELP_HEAD.match(other) or _LEAD_HEAD.match(other):
                roles.append("cooperating")
                last = j
            elif re.fullmatch(r"完成时限|完成时间|时限|备注|责任人|责任领导|分管领导|时间节点", other):
                last = j
        return last + 1, tuple(roles)
    return None
