"""The supplier file, and who takes part in a procurement."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.parties.api import Organisation
from zhen.packs.finance.procurement import rights
from zhen.packs.finance.procurement.actions.common import State, held, needed, say
from zhen.packs.finance.procurement.models import Exclusion, Invitation, Procurement, Qualification, Supplier

CODE_BYTES = 9
MOST_INVITED = 100


@action(rights.RUN)
def add(actor: Actor, organisation: Organisation, *, bank: str, account: str, address: str = "") -> Supplier:
    """Put an organisation of the town's register on the supplier file."""
    if not organisation.code:
        raise Refused(
            field=_("organisation"),
            value=organisation,
            reason=_("it stands in the register without its unified social credit code"),
            remedy=_("Enter the code in the register first"),
        )
    if Supplier.objects.filter(organisation=organisation).exists():
        raise Refused(
            field=_("organisation"),
            value=organisation,
            reason=_("it is on file already"),
            remedy=_("Look at its page"),
        )
    made = Supplier.objects.create(
        organisation=organisation,
        bank=bank.strip(),
        account=account.strip(),
        address=address.strip(),
        since=clock.today(),
    )
    _say("supplier_added", actor, made)
    return made


@action(rights.RUN)
def move(actor: Actor, supplier: Supplier, *, address: str) -> Supplier:
    """Write down where a supplier is registered now."""
    found = Supplier.objects.select_for_update(of=("self",)).get(pk=supplier.pk)
    if found.address == address.strip():
        raise Refused(
            field=_("registered address"),
            value=address,
            reason=_("it stands on file so"),
            remedy=_("Enter the new address, or leave it"),
        )
    found.address = address.strip()
    found.save(update_fields=["address"])
    _say("supplier_moved", actor, found, address=found.address)
    return found


@action(rights.RUN)
def qualify(actor: Actor, supplier: Supplier, *, name: str, number: str, expires_on: date) -> Qualification:
    """Enter a paper that shows what a supplier may do."""
    if expires_on <= clock.today():
        raise Refused(
            field=_("expires on"),
            value=expires_on,
            reason=_("it has run out"),
            remedy=_("Ask the supplier for one that is in force"),
        )
    made, new = Qualification.objects.get_or_create(
        supplier=supplier, name=name.strip(), number=number.strip(), defaults={"expires_on": expires_on}
    )
    if not new:
        made.expires_on = expires_on
        made.save(update_fields=["expires_on"])
    _say("supplier_qualified", actor, supplier, paper=made.name)
    return made


@action(rights.AWARD)
def exclude(actor: Actor, supplier: Supplier, given: dict[str, Any]) -> Exclusion:
    """Exclude a supplier from a day to a day, for a reason that has a source (《政府采购法》第七十七条)."""
    if given["valid_to"] <= given["valid_from"]:
        raise Refused(
            field=_("to"),
            value=given["valid_to"],
            reason=_("it does not lie after the beginning"),
            remedy=_("Enter a later day"),
        )
    made = Exclusion.objects.create(supplier=supplier, entered_by_id=actor.user_id, **given)
    _say("supplier_excluded", actor, supplier, reason=made.reason)
    return made


@action(rights.RUN)
def invite(actor: Actor, key: int, supplier: Supplier) -> Invitation:
    """A supplier takes part: invited, or registered for an open tender while bids come in. It gets a code."""
    procurement = held(actor, rights.RUN, key, State.APPROVED, State.TENDERING)
    if procurement.state == State.TENDERING and procurement.method != Procurement.Method.OPEN:
        raise Outdated(
            field=_("supplier"),
            value=supplier,
            reason=_("who takes part is fixed when it is published; only an open tender takes further ones"),
            remedy=_("Look at it as it stands"),
        )
    now = clock.now()
    if procurement.opens_at is not None and now >= procurement.opens_at:
        raise Outdated(
            field=_("supplier"),
            value=supplier,
            reason=_("the time for bids is over"),
            remedy=_("Look at it as it stands"),
        )
    must_be_able(supplier, clock.today())
    if procurement.invitations.filter(supplier=supplier).exists() or procurement.invitations.count() >= MOST_INVITED:
        raise Refused(
            field=_("supplier"),
            value=supplier,
            reason=_("it takes part already, or no more can"),
            remedy=_("Choose another"),
        )
    made = Invitation.objects.create(
        procurement=procurement,
        supplier=supplier,
        code=secrets.token_urlsafe(CODE_BYTES),
        invited_at=now,
        invited_by_id=actor.user_id,
    )
    say("supplier_invited", actor, procurement, supplier=str(supplier))
    return made


def must_be_able(supplier: Supplier, today: date) -> None:
    """Refuse who is excluded on a day, or shows no qualification that is in force."""
    excluded = supplier.exclusions.filter(valid_from__lte=today, valid_to__gt=today).first()
    if excluded is not None:
        raise Refused(
            field=_("supplier"),
            value=supplier,
            reason=_("it is excluded until %(day)s: %(reason)s")
            % {"day": excluded.valid_to, "reason": excluded.reason},
            remedy=_("Choose another"),
        )
    if not supplier.qualifications.filter(expires_on__gt=today).exists():
        raise Refused(
            field=_("supplier"),
            value=supplier,
            reason=_("no qualification of it is in force"),
            remedy=_("Enter its licence with the day on which it expires"),
        )


def invited_with(number: str, credit_code: str, code: str) -> Invitation | None:
    """The invitation of which somebody knows the procurement's number, the firm and the code; None else."""
    digits = number.strip().rpartition("-")[2]
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 18):
        return None
    found = (
        Invitation.objects.filter(
            Q(procurement_id=int(digits)), supplier__organisation__code=credit_code.strip().upper()
        )
        .select_related("procurement", "supplier__organisation")
        .first()
    )
    if found is None or str(found.procurement) != number.strip().upper() or found.code is None:
        return None
    held_code = found.code.clear()
    return found if secrets.compare_digest(held_code.encode(), code.strip().encode()) else None


def code_of(invitation: Invitation) -> str:
    assert invitation.code is not None  # it is made with the invitation
    return invitation.code.clear()


def _say(kind: str, actor: Actor, supplier: Supplier, **data: object) -> None:
    data = {"supplier": str(supplier), **{name: needed(_("reason"), str(text), "") for name, text in data.items()}}
    journal.record(f"finance.{kind}", by=actor, subject=supplier, data=data)
