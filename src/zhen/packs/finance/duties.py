"""Duties that one person never combines (不相容职务分离): 《行政事业单位内部控制规范（试行）》第十二条, 《会计法》.

The database keeps them apart for each paper. Here is what holds beyond one paper, and the words for both.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, ActorKind
from zhen.kernel.lib.refusals import Refused, Text
from zhen.packs.finance import rights


def apart(actor: Actor, *others: tuple[int | None, Text]) -> None:
    """Refuse what somebody has already done another part of; `others` are (who, the sentence that says so)."""
    for who, reason in others:
        if who is not None and who == actor.user_id:
            raise Refused(field=_("duty"), value=actor.name, reason=reason, remedy=_("Ask somebody else"))


def no_books(actor: Actor) -> None:
    """The cashier does no ledger, audit or archive work (《会计法》): in whatever post, also as a deputy."""
    if actor.kind is not ActorKind.SYSTEM and not rights.BOOKS.isdisjoint(
        permission for grant in actor.grants for permission in grant.permissions if permission != "ledger.view"
    ):
        raise Refused(
            field=_("duty"),
            value=actor.name,
            reason=_("who keeps the books makes no payments"),
            remedy=_("Ask the cashier"),
        )
