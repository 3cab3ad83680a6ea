"""The quantified targets of a plan: each number that is promised, with what it counts and how it compares."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .comparators import closes_with, comparator
from .exclusions import Site, excluded_by
from .model import Comparator, Deadline, Kind, Target
from .numerals import Quantity, quantities
from .phrases import objects_in_order, verb_and_object
from .retrospect import clause_reports
from .text import clause_around, sentence_around
from .units import kind_of_unit
from .verbs import leading_verb, state_verb

DueFinder = Callable[[int, int], Deadline | None]
"""Gives the deadline of a span of the document."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A number that was let through, with its clause."""

    quantity: Quantity
    left: int
    right: int
    comparator: Comparator


def find_targets(norm: str, text: str, ahead: Sequence[tuple[int, int]], due: DueFinder) -> tuple[Target, ...]:
    """All targets in the stretches of text that look ahead."""
    kept = _without_overlaps(sorted(quantities(norm), key=lambda q: (q.start, -q.end)))
    starts = [start for start, _ in ahead]
    found: list[_Found] = []
    for quantity in kept:
        at = bisect_right(starts, quantity.start) - 1
        if at < 0 or quantity.end > ahead[at][1]:
            continue
        candidate = _consider(norm, quantity)
        if candidate is not None:
            found.append(candidate)
    targets: list[Target] = []
    for group in _by_clause(found):
        targets.extend(_targets_of_clause(norm, text, group, due))
    return tuple(targets)


def _without_overlaps(ordered: list[Quantity]) -> list[Quantity]:
    kept: list[Quantity] = []
    for quantity in ordered:
        if kept and quantity.start < kept[-1].end:
            continue
        kept.append(quantity)
    return kept


_MARK = re.compile(
    r"^(?:[①-⑳]|（\d{1,3}）|\d{1,3}[.、](?!\d)|[一二三四五六七八九十]{1,3}[、.]|（[一二三四五六七八九十]{1,3}）|[一二三四五六七八九十]是(?:要)?)\s*"
)


_OWNER_NOTE = re.compile(r"（[^（）]*(?:单位|部门|负责|牵头|责任|配合|局、|委、|办、|局）|委）)")


_WINDOW = 160  # how far the rules look to each side of a number


def _consider(norm: str, quantity: Quantity) -> _Found | None:
    left, right = clause_around(norm, quantity.start, quantity.end)
    mark = _MARK.match(norm[left : quantity.end])
    if mark:
        left += mark.end()
        if left > quantity.start:
            return None  # the number is the list number itself
    note = _OWNER_NOTE.search(norm, quantity.end, right)
    right = note.start() if note else right
    before, after = norm[left : quantity.start], norm[quantity.end : right]
    sentence_start, _ = sentence_around(norm, quantity.start, quantity.end)
    site = Site(
        quantity=quantity,
        number=norm[quantity.start : quantity.end],
        before=before.rstrip(" ")[-_WINDOW:],
        after=after.lstrip(" ")[:_WINDOW],
        wide_before=norm[sentence_start : quantity.start],
        quoted=_quotation(norm, quantity),
    )
    if excluded_by(site) is not None or clause_reports(site.wide_before, before, after):
        return None
    return _Found(quantity, left, right, _comparator(site))


def _comparator(site: Site) -> Comparator:
    if site.quantity.form == "multiple":
        return "multiple"
    if isinstance(site.quantity.value, tuple):
        return "range"
    word = comparator(site.before, site.after)
    return ">" if word == "=" and site.quantity.vague else word


def _quotation(norm: str, quantity: Quantity) -> str | None:
    """The quoted text that a number stands in, within its line."""
    floor = max(norm.rfind("\n", 0, quantity.start) + 1, quantity.start - 60)
    for opening, closing in ("“”", "《》", "「」", "‘’"):
        opened = norm.rfind(opening, floor, quantity.start)
        if opened >= 0 and norm.rfind(closing, opened, quantity.start) < 0:
            closed = norm.find(closing, quantity.end, quantity.end + 60)
            if closed >= 0 and "\n" not in norm[opened:closed]:
                return norm[opened + 1 : closed]
    return None


_MOST_IN_CLAUSE = 30  # no sentence counts more things; the bound keeps a text without stops linear


def _by_clause(found: list[_Found]) -> list[list[_Found]]:
    groups: list[list[_Found]] = []
    for item in found:
        if groups and groups[-1][-1].right == item.right and len(groups[-1]) < _MOST_IN_CLAUSE:
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


_SEPARATOR = re.compile(r"以及|[、和及与]")


def _cuts(norm: str, group: list[_Found]) -> list[tuple[int, int]]:
    """The part of the clause that each number has to itself: cut at 、 or 和 between two numbers."""
    parts: list[tuple[int, int]] = []
    begin = group[0].left
    for this, following in pairwise(group):
        cut = _cut_between(norm, this.quantity.end, following.quantity.start)
        if cut is None:
            parts.append((begin, -1))
            continue
        parts.append((begin, cut[0]))
        begin = cut[1]
    parts.append((begin, group[-1].right))
    # A number without a cut after it shares the part of its follower.
    end = parts[-1][1]
    for i in range(len(parts) - 1, -1, -1):
        end = parts[i][1] if parts[i][1] >= 0 else end
        parts[i] = (parts[i][0], end)
    return parts


def _cut_between(norm: str, start: int, end: int) -> tuple[int, int] | None:
    seps = [m.span() for m in _SEPARATOR.finditer(norm, start, end) if not _bracketed(norm, start, m.start())]
    if not seps:
        return None
    commas = [s for s in seps if norm[s[0]] == "、"]
    if commas and commas[0][0] - start <= 3:
        return commas[0]  # the number ends its part: 设施2500个、汽车…
    return (commas or seps)[-1]


def _bracketed(norm: str, start: int, at: int) -> bool:
    inner = norm[start:at]
    return any(inner.count(opening) > inner.count(closing) for opening, closing in ("（）", "“”", "《》"))


def _targets_of_clause(norm: str, text: str, group: list[_Found], due: DueFinder) -> list[Target]:
    parts = _cuts(norm, group)
    group = _respectively(norm, group, parts)
    clause_verb = ""
    first_before = norm[parts[0][0] : group[0].quantity.start]
    ordered = objects_in_order(first_before, len(group)) if _is_list(norm, group, parts) else ()
    targets: list[Target] = []
    for n, (item, (left, right)) in enumerate(zip(group, parts, strict=True)):
        quantity = item.quantity
        before = norm[max(left, quantity.start - _WINDOW) : quantity.start]
        after = norm[quantity.end : min(right, quantity.end + _WINDOW)]
        verb, object_ = verb_and_object(before, after, quantity.unit)
        if n and clause_verb and (not verb or (leading_verb(before) is None and not state_verb(before))):
            verb = clause_verb
        clause_verb = clause_verb or verb
        targets.append(
            Target(
                start=left,
                end=right,
                text=text[left:right],
                num_start=quantity.start,
                num_end=quantity.end,
                comparator=item.comparator,
                value=quantity.value,
                unit=quantity.unit,
                object=ordered[n] if ordered else object_,
                verb=verb,
                kind=kind_of(quantity, item.comparator, before if before.strip() or not n else first_before),
                deadline=due(left, right),
            )
        )
    return targets


def _is_list(norm: str, group: list[_Found], parts: list[tuple[int, int]]) -> bool:
    """Whether bare numbers follow the first: 供热、燃气、排水管网800公里、600公里、300公里."""
    return len(group) > 1 and all(
        not norm[left : item.quantity.start].strip() for item, (left, _) in zip(group[1:], parts[1:], strict=True)
    )


def _respectively(norm: str, group: list[_Found], parts: list[tuple[int, int]]) -> list[_Found]:
    """分别稳定在3900万头、13.5亿只以上: after 分别 the closing comparator governs every number."""
    last = group[-1]
    if len(group) < 2 or "分别" not in norm[group[0].left : last.quantity.start]:
        return group
    word = closes_with(norm[last.quantity.end : parts[-1][1]])
    if word is None and group[0].comparator == "relative":
        word = "relative"  # 分别再提高30元和5元
    if word is None:
        return group
    distributed: list[_Found] = []
    for item, (left, _right) in zip(group, parts, strict=True):
        told = "分别" in norm[group[0].left : item.quantity.start]
        bare = item is group[0] or not re.search(r"[^\s]{2,}", norm[left : item.quantity.start])
        distributed.append(replace(item, comparator=word) if told and bare and item.comparator == "=" else item)
    return distributed


# -- kind ---------------------------------------------------------------------------------------

_GROWTH = re.compile(
    r"(?:增长|增速|增幅|涨幅|降幅|下降|降低|减少|增加|压减|压降|提高|提升|上涨|回落|缩减|削减|压缩|缩短|上升|上调|下调|增|降|减|下浮|递增)"
    r"(?:率|幅度|速度)?(?:目标)?(?:了|约|近|超|超过|不低于|不少于|至少|力争|保持在|保持|达到|达|为|在|预期|控制在|高于|不超过|稳定在|年均|平均|左右|再|到)*(?:每[^，]{0,3})?$"
)
_LEVEL = re.compile(r"(?:提高|提升|增加|下降|降低|增长|减少|压减|上升|降|增|回升)(?:到|至)(?:不低于|超过|近|约)?$")


def kind_of(quantity: Quantity, word: Comparator, before: str) -> Kind:
    """What sort of figure a target sets. Any upper limit is a ceiling.

    5% after 增长 is a growth rate, after 提高到 a ratio.
    """
    if word == "<=":
        return "ceiling"
    if quantity.form == "zero" or re.search(r"(?:前|第)$", before):
        return "other"
    if quantity.form == "multiple":
        return "growth_rate"
    if quantity.form == "proportion":
        return "ratio"
    if "百分点" in quantity.unit or quantity.unit == "个点":
        return "pp_change"
    measured = kind_of_unit(quantity.unit)
    if measured == "rate":
        level = _LEVEL.search(before)
        return "growth_rate" if _GROWTH.search(before) and not level else "ratio"
    if measured == "ratio" or re.search(
        r"每(?:千|万|百|十万|百万|\d+)(?:名|户|平方公里)?[^，]{0,4}(?:$|人|拥有|常住|户籍|老)|^(?:千|万)人",
        before,
    ):
        return "ratio"
    if measured in ("amount", "duration"):
        return "amount"
    return (
        "count" if quantity.unit else "ratio" if isinstance(quantity.value, float) and quantity.value < 20 else "count"
    )
