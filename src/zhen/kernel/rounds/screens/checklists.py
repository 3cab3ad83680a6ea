"""Checklists: those in use, one with its items and versions, and the editor of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import CASE_TYPES
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Column,
    DetailPage,
    Fact,
    FormPage,
    Kind,
    Link,
    ListPage,
    Missing,
    Panel,
    Tone,
)
from zhen.kernel.rounds import forms, rights
from zhen.kernel.rounds.actions import checklists as actions
from zhen.kernel.rounds.declarations import Item
from zhen.kernel.rounds.models import ChecklistVersion
from zhen.kernel.rounds.queries.checklists import all_in_use, in_use, version_for, versions


@dataclass(frozen=True, kw_only=True)
class Line:
    """An item of a version, as one row and as one page."""

    version: ChecklistVersion
    item: Item

    @property
    def key(self) -> str:
        return f"{self.version.key}~{self.item.id}"

    @property
    def draft(self) -> bool:
        return self.version.published_at is None


def version(_actor: Actor, key: str) -> ChecklistVersion:
    return version_for(key)


def line_for(_actor: Actor, key: str) -> Line:
    """An item by its key, such as upkeep.fire@3~exit_free. Raises Missing."""
    of, _tilde, id = key.partition("~")
    found = version_for(of)
    item = next((one for one in found.items if one.id == id), None)
    if item is None:
        raise Missing(f"item {key}")
    return Line(version=found, item=item)


def lines(_actor: Actor, found: ChecklistVersion) -> list[Line]:
    return [Line(version=found, item=item) for item in found.items]


def standing(found: ChecklistVersion) -> Chip:
    if found.published_at is None:
        return Chip(text=_("offered by the pack") if found.shipped else _("draft"), tone=Tone.DUE_SOON)
    used = in_use(found.code)
    return Chip(text=_("in use"), tone=Tone.ON_TRACK) if used == found else Chip(text=_("earlier version"))


def used_chip(found: ChecklistVersion) -> Chip:
    """For the list: what stands there is in use, unless it is a draft."""
    known = found.published_at is not None
    return Chip(text=_("in use"), tone=Tone.ON_TRACK) if known else Chip(text=_("draft"), tone=Tone.DUE_SOON)


def when_text(line: Line) -> str:
    when = line.item.when
    if when is None:
        return ""
    above = next((one.text for one in line.version.items if one.id == when.item), when.item)
    return f"{above}：{forms.match_text(when.match)}"


def finding_text(line: Line) -> str:
    return "；".join(f"{forms.match_text(rule.on)} → {rule.title}" for rule in line.item.findings)


def facts(_actor: Actor, found: ChecklistVersion) -> list[Fact]:
    return [
        Fact(label=_("code"), value=found.code),
        Fact(label=_("version"), value=found.number, kind=Kind.NUMBER),
        Fact(label=_("source"), value=found.law),
        Fact(label=_("minutes for a visit"), value=found.minutes, kind=Kind.NUMBER),
        Fact(label=_("items"), value=len(found.items), kind=Kind.NUMBER),
        Fact(label=_("in use since"), value=found.published_at, kind=Kind.TIME),
    ]


def item_facts(_actor: Actor, line: Line) -> list[Fact]:
    item = line.item
    return [
        Fact(label=_("kind"), value=item.kind.label),
        Fact(label=_("hint"), value=item.help),
        Fact(label=_("must be answered"), value=_("yes") if item.needed else _("no")),
        Fact(label=_("choices"), value="、".join(option.text for option in item.choices)),
        Fact(label=_("unit of measure"), value=item.unit),
        Fact(label=_("lowest number"), value=item.low, kind=Kind.NUMBER),
        Fact(label=_("highest number"), value=item.high, kind=Kind.NUMBER),
        Fact(label=_("points"), value=item.points or None, kind=Kind.NUMBER),
        Fact(label=_("asked only if"), value=when_text(line)),
    ]


def rules(_actor: Actor, line: Line) -> list[dict[str, Any]]:
    return [
        {
            "key": str(number),
            "on": forms.match_text(rule.on),
            "title": rule.title,
            "severity": rule.severity.label,
            "case": CASE_TYPES[rule.case_type].name if rule.case_type in CASE_TYPES else rule.case_type,
            "limit": f"{rule.limit[0]} {rule.limit[1]}",
            "law": rule.law,
        }
        for number, rule in enumerate(line.item.findings)
    ]


def url(found: ChecklistVersion) -> str:
    return reverse("page:rounds.checklist", kwargs={"key": found.key})


def begin(actor: Actor, found: ChecklistVersion, _data: Any) -> str:
    return url(actions.begin_draft(actor, found))


def publish(actor: Actor, found: ChecklistVersion, _data: Any) -> str:
    return url(actions.publish(actor, found))


def shift(by: int) -> Any:
    def run(actor: Actor, line: Line, _data: Any) -> str:
        return url(actions.move_item(actor, line.version, line.item.id, by))

    return run


def remove(actor: Actor, line: Line, _data: Any) -> str:
    return url(actions.remove_item(actor, line.version, line.item.id))


def save_new(actor: Actor, found: ChecklistVersion, form: forms.ItemForm) -> str:
    return url(actions.put_item(actor, found, form.item()))


def save(actor: Actor, line: Line, form: forms.ItemForm) -> str:
    return url(actions.put_item(actor, line.version, form.item(), instead_of=line.item.id))


def is_draft(_actor: Actor, found: Any) -> bool:
    return bool(found.published_at is None)


def of_draft(_actor: Actor, line: Line) -> bool:
    return line.draft


def version_link(found: ChecklistVersion) -> Link:
    return Link(text=str(found.number), url=url(found))


PAGES = (
    ListPage(
        id="rounds.checklists",
        title=_("Checklists"),
        menu=_("Checklists"),
        icon="list-checks",
        order=64,
        permission=rights.VIEW,
        intro=_("What is looked at on visits. Answers keep the version that they were given to."),
        rows=lambda _actor, _params: all_in_use(),
        columns=(
            Column(id="name", label=_("name"), value="name", sort="name", width="wide"),
            Column(id="law", label=_("source"), value="law"),
            Column(id="version", label=_("version"), value="number", kind=Kind.NUMBER, sort="number"),
            Column(id="items", label=_("items"), value=lambda row: len(row.items), kind=Kind.NUMBER),
            Column(id="state", label=_("state"), value=used_chip, kind=Kind.CHIP),
        ),
        search=lambda rows, words: rows.filter(name__icontains=words),
        order_by=("code",),
        detail="rounds.checklist",
        empty=_("No pack brings a checklist."),
    ),
    DetailPage(
        id="rounds.checklist",
        title=_("checklist"),
        permission=rights.VIEW,
        subject=version,
        heading=lambda found: found.name,
        chips=lambda found: (standing(found),),
        panels=(
            Panel(
                id="items",
                title=_("items"),
                form="table",
                source=lines,
                columns=(
                    Column(id="text", label=_("what is looked at"), value="item.text", width="wide"),
                    Column(id="kind", label=_("kind"), value="item.kind.label"),
                    Column(id="when", label=_("asked only if"), value=when_text),
                    Column(id="finding", label=pgettext_lazy("of a visit", "finding"), value=finding_text),
                ),
                detail="rounds.item",
                wide=True,
                empty=_("Nothing is asked yet. Add an item."),
            ),
            Panel(id="facts", title=_("checklist"), form="facts", source=facts),
            Panel(
                id="versions",
                title=_("versions"),
                form="table",
                source=lambda _actor, found: versions(found.code),
                columns=(
                    Column(id="number", label=_("version"), value=version_link, kind=Kind.LINK),
                    Column(id="since", label=_("in use since"), value="published_at", kind=Kind.TIME),
                ),
            ),
            HISTORY,
        ),
        buttons=(
            Button(
                id="publish",
                label=_("Bring into use"),
                permission=rights.CHECKLIST,
                run=publish,
                confirm=_("Every visit from now on asks this version. It does not change any more."),
                shown=is_draft,
            ),
            Button(
                id="add",
                label=_("Add an item"),
                permission=rights.CHECKLIST,
                form="rounds.item_new",
                shown=is_draft,
                key="n",
            ),
            Button(
                id="begin",
                label=_("Begin the next version"),
                permission=rights.CHECKLIST,
                run=begin,
                shown=lambda _actor, found: found.published_at is not None,
            ),
        ),
    ),
    DetailPage(
        id="rounds.item",
        title=_("item"),
        permission=rights.VIEW,
        subject=line_for,
        heading=lambda line: line.item.text,
        panels=(
            Panel(id="facts", title=_("item"), form="facts", source=item_facts),
            Panel(
                id="findings",
                title=_("What is a finding"),
                form="table",
                source=rules,
                columns=(
                    Column(id="on", label=pgettext_lazy("on a checklist", "answer"), value="on"),
                    Column(id="title", label=pgettext_lazy("of a visit", "finding"), value="title"),
                    Column(id="severity", label=_("severity"), value="severity"),
                    Column(id="case", label=_("opens a case of the kind"), value="case"),
                    Column(id="law", label=_("rule that is broken"), value="law"),
                ),
                wide=True,
                empty=_("No answer is a finding."),
            ),
        ),
        buttons=(
            Button(
                id="edit",
                label=_("Edit"),
                permission=rights.CHECKLIST,
                form="rounds.item_edit",
                key="e",
                shown=of_draft,
            ),
            Button(id="up", label=_("Move up"), permission=rights.CHECKLIST, run=shift(-1), shown=of_draft),
            Button(id="down", label=_("Move down"), permission=rights.CHECKLIST, run=shift(1), shown=of_draft),
            Button(
                id="remove",
                label=_("Remove"),
                permission=rights.CHECKLIST,
                run=remove,
                confirm=_("The item is taken out of the draft."),
                shown=of_draft,
            ),
        ),
    ),
    FormPage(
        id="rounds.item_new",
        title=_("Add an item"),
        permission=rights.CHECKLIST,
        subject=version,
        form=lambda _actor, found, data, _files: forms.ItemForm(data, found),
        save=save_new,
        submit=_("Add"),
    ),
    FormPage(
        id="rounds.item_edit",
        title=_("Edit the item"),
        permission=rights.CHECKLIST,
        subject=line_for,
        form=lambda _actor, line, data, _files: forms.ItemForm(data, line.version, line.item),
        save=save,
        submit=_("Save"),
    ),
)
