"""What the steps of a procurement share."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, Denied, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.refusals import Outdated, Refused, Text
from zhen.packs.finance.procurement import rules
from zhen.packs.finance.procurement.models import Figure, Member, Procurement

State = Procurement.State


def held(actor: Actor, permission: str, key: int, *states: str) -> Procurement:
    """The procurement, locked, for who may do this to it. Raises Outdated where it stands elsewhere."""
    found: Procurement = actionable(actor, permission, _rows()).get(pk=key)
    return standing(found, states)


def held_by_member(actor: Actor, key: int, *states: str) -> tuple[Procurement, Member]:
    """The procurement, locked, and the membership of who evaluates it. Raises Denied for everybody else."""
    procurement: Procurement = _rows().get(pk=key)
    member = Member.objects.filter(procurement=procurement, user_id=actor.user_id or 0).first()
    if member is None:
        raise Denied("finance.procurement.member", actor)
    return standing(procurement, states), member


def _rows() -> Any:
    return Procurement.objects.select_for_update(of=("self",)).select_related("unit", "line__quota")


def standing(procurement: Procurement, states: tuple[str, ...]) -> Procurement:
    if states and procurement.state not in states:
        raise Outdated(
            field=_("procurement"),
            value=procurement,
            reason=_("it is %(state)s") % {"state": procurement.get_state_display()},
            remedy=_("Look at it as it stands"),
        )
    return procurement


def say(kind: str, actor: Actor, procurement: Procurement, **data: object) -> None:
    journal.record(
        f"finance.{kind}",
        by=actor,
        subject=procurement,
        unit=procurement.unit_id,
        data={"procurement": str(procurement), "title": procurement.title, **data},
    )


def figures() -> list[rules.Row]:
    """All figures of the rules, as the rules read them: a few dozen rows."""
    return [
        rules.Row(
            code=row.code,
            category=row.category,
            level=row.level,
            amount=row.amount,
            unit=row.unit,
            valid_from=row.valid_from,
            source=row.source,
            confirmed=row.verified_by_id is not None,
        )
        for row in Figure.objects.all()[:500]
    ]


def amount_of(rows: list[rules.Row], code: str, on: date, fallback: int) -> int:
    row = rules.figure(rows, code, "", on)
    return row.amount if row else fallback


def needed(label: Text, value: str, remedy: Text) -> str:
    """A text that must say something."""
    if not value.strip():
        raise Refused(field=label, value="", reason=_("it is needed here"), remedy=remedy)
    return value.strip()


def day_of(moment: datetime) -> date:
    return moment.astimezone(clock.TOWN_ZONE).date()


def money(fen: int) -> str:
    return str(Money(fen))
