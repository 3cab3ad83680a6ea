"""Who answers for what: each stretch of text that a note of owners closes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from .model import Assignment, Owner, QualitativeTarget, Target
from .owner_notes import LABEL, OTHER_LABEL, Note, owner_notes
from .owner_tables import table_assignments
from .text import Line


def find_assignments(norm: str, text: str, lines: tuple[Line, ...]) -> tuple[Assignment, ...]:
    """Each stretch of text that owners close, in order. Owners found twice for one stretch are kept once."""
    found, rows = table_assignments(norm, text, lines)
    row_starts = [start for start, _ in rows]
    notes = [n for n in owner_notes(norm, text, lines) if not _inside(n.start, rows, row_starts)]
    notes.sort(key=lambda n: n.start)
    starts = [line.start for line in lines]
    first_leads = _FIRST_LEADS.search(norm) is not None
    floor = 0  # where the note before ended: no task reaches across it
    for group in _grouped(norm, notes):
        at = bisect_right(starts, group[0].start) - 1
        begin = group[0].start if group[0].whole_sentence else _task_start(norm, lines, at, group[0])
        end = group[-1].end if group[0].whole_sentence else group[0].start
        begin, end = _trim(norm, max(begin, floor), end)
        floor = group[-1].end
        owners = _settle(tuple(o for note in group for o in note.owners))
        if first_leads:
            owners = _first_leads(owners)
        if end > begin and owners:
            found.append(Assignment(start=begin, end=end, owners=owners))
    return tuple(sorted(found, key=lambda a: (a.start, a.end)))


def _inside(at: int, rows: Sequence[tuple[int, int]], row_starts: Sequence[int]) -> bool:
    row = bisect_right(row_starts, at) - 1
    return row >= 0 and at < rows[row][1]


_FIRST_LEADS = re.compile(
    r"(?:排|列|居|位)[^，。；]{0,6}(?:首位|第一|第1|最前)[^，。；]{0,10}(?:为|是|系)?[^，。；]{0,4}牵头"
)


def _first_leads(owners: tuple[Owner, ...]) -> tuple[Owner, ...]:
    """Where the document says that the unit listed first takes the lead, the others of its list cooperate."""
    units = [o for o in owners if not o.person]
    if any(o.role != "lead" for o in units):
        return owners
    return tuple(o if o.person or o == units[0] else replace(o, role="cooperating") for o in owners)


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


def _grouped(norm: str, notes: list[Note]) -> Iterator[list[Note]]:
    """Notes that follow each other with nothing but blanks, or other labels, between them close one task."""
    group: list[Note] = []
    for note in notes:
        if (
            group
            and not note.whole_sentence
            and not group[-1].whole_sentence
            and _nothing_between(norm[group[-1].end : note.start])
        ):
            group.append(note)
            continue
        if group:
            yield _with_followers(group)
        group = [note]
    if group:
        yield _with_followers(group)


_OTHER_LINE = re.compile(OTHER_LABEL.pattern + r"[^\n]{0,40}(?=\n|$)")


def _nothing_between(between: str) -> bool:
    if len(between) > 120:
        return False
    return not _OTHER_LINE.sub("", between.lstrip(" \t。；，（）|")).strip(" \n\t。；，（）【】|")


def _with_followers(group: list[Note]) -> list[Note]:
    """责任单位 after 牵头单位 names those who cooperate."""
    led = False
    result: list[Note] = []
    for note in group:
        owners = note.owners
        if led and note.plain:
            owners = tuple(o if o.person else replace(o, role="cooperating") for o in owners)
        result.append(replace(note, owners=owners))
        led = led or note.leads
    return result


def _task_start(norm: str, lines: tuple[Line, ...], at: int, note: Note) -> int:
    """Where the task that a note closes begins: in its own line, or above when the note fills its line."""
    line = lines[at]
    if note.start > line.body and norm[line.body : note.start].strip(" （【·-—"):
        return line.body if line.body < note.start else line.start
    # The note has its line to itself: it closes the paragraphs above, up to the item or heading they stand
    # under, the labels of the task before, or a line that is no sentence (a title).
    begin = lines[max(0, at - 1)].start
    for i in range(at - 1, max(-1, at - 14), -1):
        above = lines[i]
        if LABEL.match(norm, above.start, above.end):
            break
        if above.level is not None and above.level >= 3:
            return above.body if above.level > 3 or i == at - 1 else begin
        if OTHER_LABEL.match(norm, above.start, above.end):
            continue
        if i < at - 1 and begin != lines[at - 1].start and norm[above.end - 1] not in "。；，":
            break
        begin = above.start
    return begin


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
