"""Leases: asked for, approved by another; their rents received for the treasury and paid to it (rows 10 and 10p)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance import duties
from zhen.packs.finance.assets import rights
from zhen.packs.finance.assets.actions.common import book_of, booked, held, not_ahead, tell
from zhen.packs.finance.assets.models import Lease, Rent
from zhen.packs.finance.assets.rules import State, first_of, months_between, next_month
from zhen.packs.finance.duties import always

LONGEST = 60
"""Months of a lease."""


@action(rights.ASK)
def ask_lease(
    actor: Actor, asset_id: int, *, tenant: str, contract: str, starts_on: date, ends_on: date, rent: int
) -> Lease:
    """Ask that an asset be let, by a contract."""
    asset = held(actor, rights.ASK, asset_id, State.IN_USE)
    months = months_between(starts_on, ends_on)
    if not (starts_on < ends_on and months <= LONGEST):
        raise Refused(
            field=_("to"),
            value=ends_on,
            reason=_("a lease lasts up to %(most)s months") % {"most": LONGEST},
            remedy=_("Mend the days"),
        )
    if rent <= 0:
        raise Refused(
            field=_("rent of a month"), value=Money(rent), reason=_("it is not above zero"), remedy=_("Enter the rent")
        )
    other = Lease.objects.filter(asset=asset, starts_on__lte=ends_on, ends_on__gte=starts_on)
    found = other.exclude(state=Lease.State.REFUSED).first()
    if found is not None:
        raise Refused(
            field=_("from"),
            value=starts_on,
            reason=_("it is let in these days: %(lease)s") % {"lease": found},
            remedy=_("Begin after that"),
        )
    made = Lease.objects.create(
        asset=asset,
        tenant=tenant.strip(),
        contract=contract.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        rent=rent,
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
    )
    tell("lease_asked", actor, asset, made, lease=str(made), amount=str(Money(rent)))
    return made


@action(rights.DECIDE)
def decide_lease(actor: Actor, lease_id: int, *, approve: bool) -> Lease:
    """Decide on a lease. Approved, the rent of each of its months is due on the month's first day, or on its own."""
    rows = Lease.objects.select_for_update(of=("self",)).select_related("asset")
    lease = actionable(actor, rights.DECIDE, rows).get(pk=lease_id)
    if lease.state != Lease.State.ASKED:
        raise Outdated(
            field=_("lease of an asset"), value=lease, reason=_("it is decided on"), remedy=_("Look at it as it stands")
        )
    duties.check(actor, "lease.decide", {"lease.ask": lease.asked_by_id})
    lease.state = Lease.State.APPROVED if approve else Lease.State.REFUSED
    lease.decided_by_id = actor.user_id
    lease.save(update_fields=["state", "decided_by"])
    if approve:
        Rent.objects.bulk_create(Rent(lease=lease, due_on=day, amount=lease.rent) for day in due_days(lease))
    tell("lease_approved" if approve else "lease_refused", actor, lease.asset, lease, lease=str(lease))
    return lease


def due_days(lease: Lease) -> list[date]:
    """When the rents are due; a month that the lease only touches by its end is not due again."""
    days, day = [lease.starts_on], next_month(lease.starts_on)
    last = first_of(lease.ends_on)
    while day <= last and (day != last or lease.ends_on.day >= lease.starts_on.day):
        days.append(day)
        day = next_month(day)
    return days


@action(rights.COLLECT)
def receive_rent(actor: Actor, rent_id: int, *, on: date, reference: str) -> Rent:
    """A rent has come in: it is held for the treasury."""
    always(actor, "payment.pay")
    not_ahead(on, _("received on"))
    rent = _rent(actor, rent_id)
    if rent.received_on is not None:
        raise Outdated(
            field=_("rent of a month"), value=rent, reason=_("it is received already"), remedy=_("Look at the lease")
        )
    if not reference.strip():
        raise Refused(field=_("bank reference"), value="", reason=_("it shows that it came in"), remedy=_("Enter it"))
    asset = rent.lease.asset
    booked(actor, book_of(asset, on), "treasury_received", rent, on, f"{rent.lease} {rent}", amount=rent.amount)
    rent.received_on, rent.reference = on, reference.strip()
    rent.save(update_fields=["received_on", "reference"])
    tell("rent_received", actor, asset, rent.lease, amount=str(Money(rent.amount)), month=str(rent))
    return rent


@action(rights.COLLECT)
def remit_rent(actor: Actor, rent_id: int, *, on: date) -> Rent:
    """A rent is paid to the treasury."""
    always(actor, "payment.pay")
    not_ahead(on, _("paid to the treasury on"))
    rent = _rent(actor, rent_id)
    if rent.received_on is None or rent.remitted_on is not None or on < rent.received_on:
        raise Outdated(
            field=_("rent of a month"),
            value=rent,
            reason=_("nothing of it is due on that day"),
            remedy=_("Look at the lease as it stands"),
        )
    asset = rent.lease.asset
    booked(actor, book_of(asset, on), "treasury_paid", rent, on, f"{rent.lease} {rent}", amount=rent.amount)
    rent.remitted_on = on
    rent.save(update_fields=["remitted_on"])
    tell("rent_remitted", actor, asset, rent.lease, amount=str(Money(rent.amount)), month=str(rent))
    return rent


def _rent(actor: Actor, rent_id: int) -> Rent:
    rows = Rent.objects.select_for_update(of=("self",)).select_related("lease__asset")
    return actionable(actor, rights.COLLECT, rows).get(pk=rent_id)
