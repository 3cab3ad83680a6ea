"""Answering work orders in the sender's form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.cases.actions.common import locked, tell
from zhen.kernel.cases.declarations import CASE_TYPES
from zhen.kernel.cases.models import Case, Comment, OrderReply
from zhen.kernel.cases.orders.taking import type_for
from zhen.kernel.cases.orders.values import Reply
from zhen.kernel.cases.queries import readable
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing

MOST = 200


ANSWER = "cases.orders.answer"


@action(ANSWER)
def write_reply(actor: Actor, case_id: int, given: Reply) -> OrderReply:
    """Write the answer to an order, or write it anew."""
    case, type_ = locked(actor, "comment", case_id, None)
    if case.source not in type_.orders_from:
        raise Refused(
            field=_("case"),
            value=case.number,
            reason=_("it did not come as a work order"),
            remedy=_("Answer its reporter instead"),
        )
    _check(case, given)
    values = {
        "demand": given.demand.strip(),
        "facts": given.facts.strip(),
        "site_visit": given.site_visit,
        "responsible": given.responsible.strip(),
        "not_contacted": given.not_contacted.strip(),
        "publish": given.publish,
        "by_id": actor.user_id,
        "at": clock.now(),
    }
    reply, _new = OrderReply.objects.update_or_create(case=case, defaults=values)
    tell("cases.reply_written", actor, case)
    return reply


def _check(case: Case, given: Reply) -> None:
    for field, value, most in (
        (_("demand"), given.demand, 2000),
        (_("facts"), given.facts, 5000),
        (_("responsible"), given.responsible, 200),
        (_("why nobody was contacted first"), given.not_contacted, 300),
    ):
        if len(value) > most or "\x00" in value:
            raise Refused(
                field=field,
                value=value,
                reason=_("it is longer than %(most)s characters") % {"most": most},
                remedy=_("Shorten it"),
            )
    for field, value in ((_("demand"), given.demand), (_("facts"), given.facts)):
        if not value.strip():
            raise Refused(field=field, value="", reason=_("it is empty"), remedy=_("Write it in a sentence"))
    if case.contacted_at is None and not given.not_contacted.strip():
        raise Refused(
            field=_("why nobody was contacted first"),
            value="",
            reason=_("no contact is noted on the case"),
            remedy=_("Note the contact on the case, or say why there was none"),
        )


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The whole form, as it goes out."""

    case: Case
    reply: OrderReply | None
    contact: Comment | None

    @property
    def complete(self) -> bool:
        return self.reply is not None and not self.case.open

    def as_json(self) -> dict[str, Any]:
        case, reply = self.case, self.reply
        outcome = CASE_TYPES[case.type].outcome(case.outcome)
        return {
            "ref": case.source_ref,
            "number": case.number,
            "complete": self.complete,
            "contacted_first": {
                "done": case.contacted_at is not None,
                "at": _iso(case.contacted_at),
                "by": self.contact.by_name if self.contact else "",
                "why_not": reply.not_contacted if reply else "",
            },
            "demand": reply.demand if reply else "",
            "facts": reply.facts if reply else "",
            "site_visit": reply.site_visit if reply else None,
            "result": case.result,
            "outcome": case.outcome,
            "resolved": outcome.solved if outcome else None,
            "unit": case.unit.name if case.unit else "",
            "responsible": reply.responsible if reply else "",
            "satisfaction": {"rating": case.rating, "why_not": case.rating_reason},
            "publish": reply.publish if reply else None,
            "closed_at": _iso(case.closed_at),
        }


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(clock.TOWN_ZONE).isoformat(timespec="seconds") if at else None


def orders(actor: Actor, sender: str) -> QuerySet[Case]:
    """The cases that came as orders of a sender and that the actor may read."""
    rows = readable(actor, [type_for(sender).id]).filter(source=sender)
    return rows.select_related("unit", "category", "reply")


def answer(actor: Actor, sender: str, ref: str) -> Answer:
    """Raises Missing."""
    case = orders(actor, sender).filter(source_ref=ref).first()
    if case is None:
        raise Missing(ref)
    return answers([case])[0]


def closed_since(actor: Actor, sender: str, since: datetime, after: str = "") -> list[Answer]:
    """The answers to orders that were closed from a moment on, in that order; at most MOST.

    `after` is the number of the last one that was got before, for orders closed at the same moment.
    """
    rows = orders(actor, sender).filter(open=False, closed_at__gte=since).order_by("closed_at", "number")
    found = list(rows[: MOST + 1])
    numbers = [case.number for case in found]
    start = numbers.index(after) + 1 if after in numbers else 0
    return answers(found[start : start + MOST])


def answers(cases: Iterable[Case]) -> list[Answer]:
    """Two queries, however many cases."""
    rows = list(cases)
    contacts: dict[int, Comment] = {}
    for said in Comment.objects.filter(case__in=rows, kind=Comment.Kind.CONTACT).order_by("-at", "-pk"):
        contacts[said.case_id] = said
    replies = OrderReply.objects.in_bulk([case.pk for case in rows], field_name="case_id")
    return [Answer(case=case, reply=replies.get(case.pk), contact=contacts.get(case.pk)) for case in rows]
