"""Internal control as a whole: the six areas, the incompatible duties, and who holds both sides of one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.pages.api import (
    Chip,
    Column,
    DetailPage,
    Fact,
    Figure,
    Kind,
    Link,
    ListPage,
    Panel,
    Tone,
)
from zhen.packs.finance import duties
from zhen.packs.finance.control import areas, queries, rights
from zhen.packs.finance.control.areas import AreaCount, InForce
from zhen.packs.finance.duties import ACTS, Pair
from zhen.packs.finance.groups import CONTROL


def figures(_actor: Actor, count: AreaCount) -> list[Figure]:
    findings = "/desk/finance/findings/"
    return [
        Figure(label=_("rules in force"), value=count.rules),
        Figure(label=_("papers refused this year"), value=count.refused),
        Figure(label=_("open findings"), value=count.open, evidence=f"{findings}?state=open"),
        Figure(label=_("closed findings"), value=count.closed, evidence=f"{findings}?state=closed"),
    ]


def about(_actor: Actor, count: AreaCount) -> list[Fact]:
    return [Fact(label=_("What holds here"), value=count.area.about)]


def rule_link(rule: InForce) -> Link:
    return Link(text=rule.number, url=rule.url)


def reach(pair: Pair) -> Chip:
    if pair.always:
        return Chip(text=_("never both"), tone=Tone.OVERDUE)
    if pair.posts:
        return Chip(text=_("not on one paper, not in one hand"), tone=Tone.BEHIND)
    return Chip(text=_("not on one paper"), tone=Tone.DUE_SOON)


PAGES = (
    ListPage(
        id="finance.control",
        title=_("Internal control"),
        menu=_("Internal control"),
        group=CONTROL,
        icon="shield-check",
        order=70,
        permission=rights.VIEW,
        intro=_("The six areas of internal control: the rules in force, and what they have stopped or found."),
        rows=lambda actor, _params: areas.counts(actor),
        columns=(
            Column(id="area", label=_("area of control"), value="area.name"),
            Column(id="about", label=_("What holds here"), value="area.about", width="wide"),
            Column(id="rules", label=_("rules in force"), value="rules", kind=Kind.NUMBER),
            Column(id="refused", label=_("papers refused this year"), value="refused", kind=Kind.NUMBER),
            Column(id="open", label=_("open findings"), value="open", kind=Kind.NUMBER),
            Column(id="closed", label=_("closed findings"), value="closed", kind=Kind.NUMBER),
        ),
        detail="finance.control_area",
    ),
    DetailPage(
        id="finance.control_area",
        title=_("area of internal control"),
        permission=rights.VIEW,
        subject=areas.area_for,
        heading=lambda count: count.area.name,
        panels=(
            Panel(id="about", title=_("Area of control"), form="facts", source=about),
            Panel(id="figures", title=_("Figures"), form="figures", source=figures),
            Panel(
                id="rules",
                title=_("Rules in force"),
                form="table",
                source=lambda actor, count: areas.in_force(actor, count.area),
                columns=(
                    Column(id="number", label=_("rule"), value=rule_link, kind=Kind.LINK),
                    Column(id="kind", label=_("kind"), value="kind"),
                    Column(id="text", label=_("What holds here"), value="text", width="wide"),
                    Column(id="since", label=_("from"), value="since", kind=Kind.DATE),
                ),
                wide=True,
                empty=_("No rule is in force here."),
            ),
        ),
    ),
    ListPage(
        id="finance.duties",
        title=_("Incompatible duties"),
        permission=rights.VIEW,
        menu=_("Incompatible duties"),
        group=CONTROL,
        icon="split",
        order=77,
        intro=_("What one person never combines: directly, as a deputy, or after a change of post."),
        rows=lambda _actor, _params: list(duties.PAIRS),
        columns=(
            Column(id="rule", label=_("rule"), value="rule", sort="rule"),
            Column(id="area", label=_("area of control"), value=lambda pair: areas.AREAS[pair.area].name),
            Column(id="first", label=_("one duty"), value=lambda pair: ACTS[pair.first].name),
            Column(id="second", label=_("the other duty"), value=lambda pair: ACTS[pair.second].name),
            Column(id="reason", label=_("What holds here"), value="reason", width="wide"),
            Column(id="reach", label=_("how far it reaches"), value=reach, kind=Kind.CHIP),
        ),
    ),
    ListPage(
        id="finance.combined",
        title=_("Who holds incompatible duties"),
        menu=_("Who combines duties"),
        group=CONTROL,
        icon="users",
        order=78,
        permission=rights.VIEW,
        intro=_("Posts of today, deputies included. On one paper the actions refuse both sides all the same."),
        rows=lambda actor, _params: queries.combined(actor),
        columns=(
            Column(id="who", label=_("person"), value="user", kind=Kind.PERSON),
            Column(id="rule", label=_("rule"), value="rule", sort="rule"),
            Column(id="reason", label=_("What holds here"), value="reason", width="wide"),
            Column(id="roles", label=_("posts"), value="roles", width="wide"),
            Column(id="despite", label=_("recorded reason"), value="despite", width="wide"),
        ),
        empty=_("Nobody holds two duties that do not go together."),
    ),
)
