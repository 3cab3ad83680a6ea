"""Disposal: rows 12a to 12bp of the entries, each after the signature that it needs."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance import duties
from zhen.packs.finance.assets import rights
from zhen.packs.finance.assets.actions.common import book_of, booked, held, not_ahead, tell
from zhen.packs.finance.assets.models import Asset, Disposal, Transfer, WearRun
from zhen.packs.finance.assets.rules import State, first_of, worn_by
from zhen.packs.finance.duties import always

SYSTEM = Actor.system("finance")


@action(rights.ASK)
def ask_disposal(actor: Actor, asset_id: int, *, kind: str, reason: str) -> Disposal:
    """Ask that an asset be sold, scrapped, or taken off the books as lost."""
    asset = held(actor, rights.ASK, asset_id, State.IN_USE)
    if not reason.strip():
        raise Refused(field=_("reason"), value="", reason=_("a disposal needs it"), remedy=_("Say why"))
    if asset.transfers.filter(state=Transfer.State.ASKED).exists():
        raise Outdated(
            field=_("asset"),
            value=asset,
            reason=_("it is handed over already"),
            remedy=_("Wait until it is taken over"),
        )
    asset.state = State.WAITING
    asset.save(update_fields=["state"])
    made = Disposal.objects.create(
        asset=asset,
        kind=kind,
        reason=reason.strip(),
        keeper_id=asset.keeper_id,
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
    )
    tell("disposal_asked", actor, asset, made, disposal=str(made), reason=made.reason)
    return made


@action(rights.DECIDE)
def decide_disposal(actor: Actor, disposal_id: int, *, approve: bool, decision: str = "") -> Disposal:
    """Approve or refuse. A loss that is approved is an expense; one that is refused comes back on the books."""
    disposal, asset = _locked(actor, rights.DECIDE, disposal_id)
    sold = disposal.kind == Disposal.Kind.SOLD
    _expect(disposal, Disposal.State.ASKED if sold else Disposal.State.RECORDED)
    done = {"disposal.ask": disposal.asked_by_id, "disposal.record": disposal.recorded_by_id}
    duties.check(actor, "disposal.decide", done)
    disposal.approved_by_id, disposal.decision = actor.user_id, decision.strip()[:300]
    if approve and sold:
        disposal.state = Disposal.State.APPROVED
    elif approve:
        left = asset.value - disposal.worn
        if left:
            day = max(clock.today(), disposal.on or clock.today())
            booked(actor, book_of(asset, day), "asset_loss_approved", disposal, day, asset.name, amount=left)
        disposal.state, asset.state = Disposal.State.DONE, State.GONE
    else:
        _back(disposal, asset)
    disposal.save(update_fields=["state", "approved_by", "decision", "on"])
    asset.save(update_fields=["state", "gone_on"])
    tell("disposal_approved" if approve else "disposal_refused", actor, asset, disposal, disposal=str(disposal))
    return disposal


def _back(disposal: Disposal, asset: Asset) -> None:
    """Nothing comes of it: what was taken off the books comes back by a red voucher."""
    for voucher in ledger.Voucher.objects.filter(
        source_type=disposal._meta.label_lower, source_id=str(disposal.pk), reversed_by=None
    ).select_related("period__book__unit"):
        ledger.reverse(SYSTEM, voucher, on=max(clock.today(), voucher.date), reason=f"{disposal} {asset.name}")
    disposal.state, disposal.on = Disposal.State.REFUSED, None
    asset.state, asset.gone_on = State.IN_USE, None


@action(rights.RECORD)
def record_disposal(actor: Actor, disposal_id: int, *, on: date, proceeds: int = 0, costs: int = 0) -> Disposal:
    """Take the asset off the books: sold after the approval, scrapped or lost before it. None of the month is worn."""
    not_ahead(on, _("off the books since"))
    disposal, asset = _locked(actor, rights.RECORD, disposal_id)
    sold = disposal.kind == Disposal.Kind.SOLD
    _expect(disposal, Disposal.State.APPROVED if sold else Disposal.State.ASKED)
    done = {
        "disposal.ask": disposal.asked_by_id,
        "disposal.decide": disposal.approved_by_id,
        "asset.keep": disposal.keeper_id,
    }
    duties.check(actor, "disposal.record", done)
    _check_money(disposal, proceeds, costs)
    _check_worn(asset, on)
    book = book_of(asset, on)
    event = "asset_sold" if sold else "asset_lost"
    parts = {"whole": asset.value, "worn": asset.worn, "rest": asset.left}
    booked(actor, book, event, disposal, on, f"{disposal.get_kind_display()} {asset.name}", **parts)
    if proceeds:
        money = {"proceeds": proceeds, "costs": costs, "difference": proceeds - costs}
        booked(actor, book, "asset_proceeds", disposal, on, asset.name, **money)
    disposal.on, disposal.worn, disposal.proceeds, disposal.costs = on, asset.worn, proceeds, costs
    disposal.recorded_by_id = actor.user_id
    disposal.state = Disposal.State.DONE if sold else Disposal.State.RECORDED
    disposal.save()
    asset.state, asset.gone_on = State.GONE if sold else State.PENDING, on
    asset.save(update_fields=["state", "gone_on"])
    tell("disposal_recorded", actor, asset, disposal, disposal=str(disposal), amount=str(Money(asset.left)))
    return disposal


@action(rights.COLLECT)
def remit_sale(actor: Actor, disposal_id: int, *, on: date) -> Disposal:
    """What a sale brought is paid to the treasury (row 10p)."""
    always(actor, "payment.pay")
    not_ahead(on, _("paid to the treasury on"))
    disposal, asset = _locked(actor, rights.COLLECT, disposal_id)
    _expect(disposal, Disposal.State.DONE)
    if disposal.remitted_on is not None or not disposal.due or disposal.on is None or on < disposal.on:
        raise Outdated(
            field=_("paid to the treasury on"),
            value=on,
            reason=_("nothing of it is due on that day"),
            remedy=_("Look at the disposal as it stands"),
        )
    booked(actor, book_of(asset, on), "treasury_paid", disposal, on, asset.name, amount=disposal.due)
    disposal.remitted_on = on
    disposal.save(update_fields=["remitted_on"])
    tell("sale_remitted", actor, asset, disposal, amount=str(Money(disposal.due)))
    return disposal


def _check_money(disposal: Disposal, proceeds: int, costs: int) -> None:
    if costs > proceeds or min(proceeds, costs) < 0:
        raise Refused(
            field=_("costs of the sale"),
            value=Money(costs),
            reason=_("they are more than it brought"),
            remedy=_("Ask for a payment of them instead"),
        )
    if proceeds and disposal.kind != Disposal.Kind.SOLD:
        raise Refused(
            field=_("proceeds"),
            value=Money(proceeds),
            reason=_("only a sale brings something"),
            remedy=_("Leave it empty, or ask for a sale"),
        )


def _check_worn(asset: Asset, on: date) -> None:
    """It is worn exactly up to the month before."""
    month = first_of(on)
    before = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    life = asset.life
    wanted = asset.worn_before + (worn_by(life, before) if life else 0)
    if asset.worn < wanted:
        raise Refused(
            field=_("off the books since"),
            value=on,
            reason=_("depreciation up to %(month)s is not booked yet") % {"month": f"{before:%Y-%m}"},
            remedy=_("Book that month first"),
        )
    last = WearRun.objects.filter(lines__asset=asset).order_by("-month").first()
    if last is not None and last.month >= month:
        raise Refused(
            field=_("off the books since"),
            value=on,
            reason=_("its depreciation of %(month)s is booked; none is of the month of disposal") % {"month": last},
            remedy=_("Give a day of a later month"),
        )


def _locked(actor: Actor, permission: str, disposal_id: int) -> tuple[Disposal, Asset]:
    rows = Disposal.objects.select_for_update(of=("self",))
    disposal = actionable(actor, permission, rows).get(pk=disposal_id)
    asset = Asset.objects.select_for_update(of=("self",)).select_related("books").get(pk=disposal.asset_id)
    return disposal, asset


def _expect(disposal: Disposal, state: str) -> None:
    if disposal.state != state:
        raise Outdated(
            field=_("disposal of an asset"),
            value=disposal,
            reason=_("it is %(state)s") % {"state": disposal.get_state_display()},
            remedy=_("Look at it as it stands"),
        )
