"""Checklists and sources of subjects as packs declare them.

The texts of a checklist are data in the town's language, as classes and time limits are: staff edit them, and what
was asked is kept word for word with the answers. A declared checklist is laid as its first version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.cases.api import CASE_TYPES
from zhen.kernel.lib.problems import Problem
from zhen.kernel.lib.registry import Entry, Registry
from zhen.kernel.pages.api import Choice

Text = str | Promise


class ItemKind(models.TextChoices):
    YES_NO = "yes_no", pgettext_lazy("item of a checklist", "yes / no / not applicable")
    NUMBER = "number", pgettext_lazy("item of a checklist", "number")
    CHOICE = "choice", pgettext_lazy("item of a checklist", "choice")
    PHOTO = "photo", pgettext_lazy("item of a checklist", "photo")
    SIGNATURE = "signature", pgettext_lazy("item of a checklist", "signature")
    READING = "reading", pgettext_lazy("item of a checklist", "reading of a meter or device")
    LIST = "list", pgettext_lazy("item of a checklist", "list of several")


class Severity(models.TextChoices):
    MINOR = "minor", pgettext_lazy("severity of a finding", "ordinary")
    MAJOR = "major", pgettext_lazy("severity of a finding", "serious")
    CRITICAL = "critical", pgettext_lazy("severity of a finding", "grave")


YES, NO, NOT_APPLICABLE = "yes", "no", "na"
NUMBERS = frozenset({ItemKind.NUMBER, ItemKind.READING})


@dataclass(frozen=True, kw_only=True)
class Match:
    """Which answers are meant: one of `values`, or a number below `below` or above `above`."""

    values: tuple[str, ...] = ()
    below: float | None = None
    above: float | None = None

    def fits(self, answer: object) -> bool:
        if isinstance(answer, int | float) and not isinstance(answer, bool):
            under = self.below is not None and answer < self.below
            return under or (self.above is not None and answer > self.above)
        return isinstance(answer, str) and answer in self.values


@dataclass(frozen=True, kw_only=True)
class When:
    """The item is asked only where an earlier one was answered so."""

    item: str
    match: Match


@dataclass(frozen=True, kw_only=True)
class Option:
    value: str
    text: str


@dataclass(frozen=True, kw_only=True)
class FindingRule:
    """Which answer is a finding, and what becomes of it: a case of `case_type`, to be put right within `limit`.

    `law` is the rule that is broken; the signed record cites it.
    """

    on: Match
    title: str
    case_type: str
    severity: Severity = Severity.MINOR
    limit: tuple[int, str] = (15, "working_days")
    law: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line of a checklist.

    `low` and `high` bound what a number can be at all. `points` are earned by an answer that `good` fits; what does
    not apply counts in no score. `shown`: the answers that need a photo. `items` are the lines of a LIST, asked for
    each entry of it.
    """

    id: str
    text: str
    kind: ItemKind = ItemKind.YES_NO
    help: str = ""
    needed: bool = True
    when: When | None = None
    choices: tuple[Option, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""
    points: int = 0
    good: Match = Match(values=(YES,))
    shown: Match = Match()
    findings: tuple[FindingRule, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """What is looked at on a visit. `law` is its source; `minutes` is how long a visit takes. `people`: two where the
    law wants two inspectors, who both sign (《行政处罚法》第四十二条、《行政强制法》第十八条)."""

    id: str
    title: str
    items: tuple[Item, ...]
    law: str = ""
    minutes: int = 20
    people: int = 1


@dataclass(frozen=True, kw_only=True)
class NewSubject:
    """Something to visit, as its register knows it. `key` names it in its source for ever; `area_id` is the smallest
    area it lies in. A household is named by its address, never by a person."""

    key: str
    name: str
    address: str = ""
    place_id: int | None = None
    area_id: int | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, kw_only=True)
class SourceFilter:
    """A way to narrow the subjects of a source; the campaign keeps the chosen value under `id`."""

    id: str
    label: Text
    choices: Callable[[], Sequence[Choice]]


@dataclass(frozen=True, kw_only=True)
class SubjectSource:
    """Where subjects of a kind come from.

    `find(query, day)` gives those of a day that the chosen filters let through. `url(key)` is the page of one.
    Where subjects are chosen by personal data, `reads` names what is read, and each planning is journalled as a
    reading, with the campaign as its purpose; `permission` is what whoever plans needs beside the right to plan.
    """

    id: str
    name: Text
    find: Callable[[Mapping[str, str], date], Iterable[NewSubject]]
    filters: tuple[SourceFilter, ...] = ()
    url: Callable[[str], str] | None = None
    permission: str = ""
    reads: tuple[str, ...] = ()


class Every(StrEnum):
    """How often a campaign begins a new round."""

    ONCE = "once"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


EVERY_NAMES: Mapping[str, Text] = {
    Every.ONCE: pgettext_lazy("how often", "once"),
    Every.WEEK: pgettext_lazy("how often", "every week"),
    Every.MONTH: pgettext_lazy("how often", "every month"),
    Every.QUARTER: pgettext_lazy("how often", "every quarter"),
    Every.HALF_YEAR: pgettext_lazy("how often", "every half year"),
    Every.YEAR: pgettext_lazy("how often", "every year"),
}


def problems_of(items: Sequence[Item], *, within: frozenset[str] = frozenset()) -> Iterator[tuple[str, Text, Text]]:
    """What is wrong with the items of a checklist: the item, what, and its remedy."""
    before: set[str] = set(within)
    if not items:
        yield "", _("it asks nothing"), _("Add an item")
    for item in items:
        if item.id in before:
            yield item.id, _("two items have this id"), _("Rename one of the two")
        if item.when is not None and item.when.item not in before:
            yield item.id, _("its condition names no earlier item"), _("Name an item that stands above it")
        yield from _problems_of_kind(item)
        if item.kind is ItemKind.LIST:
            for id, what, remedy in problems_of(item.items, within=frozenset({item.id})):
                yield f"{item.id}.{id}", what, remedy
        before.add(item.id)


def _problems_of_kind(item: Item) -> Iterator[tuple[str, Text, Text]]:
    if not item.text.strip():
        yield item.id, _("it says nothing"), _("Write what is to be looked at")
    if (item.kind is ItemKind.CHOICE) != bool(item.choices):
        yield item.id, _("choices belong to an item of the kind “choice”, and only there"), _("Mend kind or choices")
    if (item.kind is ItemKind.LIST) != bool(item.items):
        yield item.id, _("items belong to an item of the kind “list”, and only there"), _("Mend kind or items")
    if item.low is not None and item.high is not None and item.low >= item.high:
        yield item.id, _("its lowest number is not below its highest"), _("Mend the two")
    for match in (item.shown, *(rule.on for rule in item.findings)):
        if unknown := sorted(set(match.values) - answers_to(item)):
            yield item.id, _("“%(answer)s” is no answer to it") % {"answer": unknown[0]}, _("Name one of its answers")
    for rule in item.findings:
        if rule.case_type not in CASE_TYPES.candidate:
            yield item.id, _("it opens cases of an unknown type"), _("Choose a type of the list")
        if rule.limit[0] < 1:
            yield item.id, _("its limit is no time at all"), _("Give at least one")


def answers_to(item: Item) -> frozenset[str]:
    """The answers that can be named, where they are words."""
    if item.kind is ItemKind.YES_NO:
        return frozenset({YES, NO, NOT_APPLICABLE})
    return frozenset(option.value for option in item.choices)


def _check_checklists(checklists: Mapping[str, Entry[Checklist]]) -> Iterable[Problem]:
    for entry in checklists.values():
        if entry.value.people not in (1, 2):
            yield Problem(
                where=f"{entry.owner}: checklist {entry.value.id}",
                what=f"{entry.value.people} people go on no visit",
                remedy="Give one or two",
            )
        for id, what, remedy in problems_of(entry.value.items):
            where = f"{entry.owner}: checklist {entry.value.id}: {id}".removesuffix(": ")
            yield Problem(where=where, what=str(what), remedy=str(remedy))


CHECKLISTS: Registry[Checklist] = Registry(Checklist, label="checklist", check=_check_checklists)
SUBJECT_SOURCES: Registry[SubjectSource] = Registry(SubjectSource, label="source of subjects")
