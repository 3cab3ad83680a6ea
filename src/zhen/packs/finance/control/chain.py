"""What a paper's own page shows of internal control: who signs, the resolution, and the way to name one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.pages.api import Button, Chip, Column, Fact, Kind, Link, Panel, Tone
from zhen.packs.finance.control import queries, rights
from zhen.packs.finance.control.models import PaperKind, Step
from zhen.packs.finance.control.papers import paper_of
from zhen.packs.finance.control.signing import role_name


def steps(actor: Actor, subject: Any) -> list[Step]:
    """The chain, with the first that is not signed marked as the next one."""
    found = list(queries.steps_of(actor, subject))
    after = False
    for step in found:
        step.is_next = step.signed_at is None and not after  # type: ignore[attr-defined]  # for this page alone
        after = after or step.signed_at is None
    return found


def step_chip(step: Any) -> Chip:
    if step.signed_at is not None:
        return Chip(text=_("signed"), tone=Tone.ON_TRACK)
    return Chip(text=_("next to sign"), tone=Tone.DUE_SOON) if step.is_next else Chip(text=_("later"))


def covered(actor: Actor, subject: Any) -> list[Fact]:
    held = queries.cover_of(actor, subject)
    row = queries.row_of(subject)
    if held is None:
        return [Fact(label=_("resolution"), value=_("needed, none is named yet"))] if row and row.resolution else []
    link = Link(text=held.resolution.number, url=f"/desk/finance/resolutions/{held.resolution_id}/")
    return [
        Fact(label=_("resolution"), value=link if actor.may(rights.VIEW) else held.resolution.number),
        Fact(label=_("meeting"), value=held.resolution.meeting),
        Fact(label=_("covers (yuan)"), value=held.amount, kind=Kind.MONEY),
    ]


PANELS = (
    Panel(
        id="chain",
        title=_("Who signs"),
        form="table",
        source=steps,
        columns=(
            Column(id="position", label=_("step"), value="position", kind=Kind.NUMBER),
            Column(id="role", label=_("post"), value=lambda step: role_name(step.role)),
            Column(id="who", label=_("signed by"), value="signed_by", kind=Kind.PERSON),
            Column(id="at", label=_("signed at"), value="signed_at", kind=Kind.TIME),
            Column(id="state", label=_("state"), value=step_chip, kind=Kind.CHIP),
        ),
        empty=_("The approval matrix asks for no steps: one approval is enough."),
    ),
    Panel(
        id="resolution",
        title=_("Collective decision"),
        form="facts",
        source=covered,
        empty=_("This amount needs no resolution."),
    ),
)


def _wants_cover(_actor: Actor, subject: Any) -> bool:
    if subject.state != type(subject).State.ASKED:
        return False
    row = queries.row_of(subject)
    return bool(row and row.resolution) and queries.cover_of(_actor, subject) is None


def cover_button(kind: PaperKind) -> Button:
    return Button(
        id="cover",
        label=_("Name the resolution"),
        permission=rights.COVER,
        form=f"finance.cover_{kind.value}",
        shown=_wants_cover,
    )


def url_of(subject: Any) -> str:
    return paper_of(subject).url(subject.pk)
