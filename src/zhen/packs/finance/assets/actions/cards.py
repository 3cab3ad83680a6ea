"""Cards: made from what was paid for or from what the first books brought forward; works that are finished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.files.api import File
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance import duties
from zhen.packs.finance.assets import rights
from zhen.packs.finance.assets.actions.common import begins_by, book_of, booked, held, not_ahead, tell
from zhen.packs.finance.assets.models import Asset, AssetClass, AssetPhoto
from zhen.packs.finance.assets.rules import FIXED, UNDER_CONSTRUCTION, WORN, State, begins_on, worn_by
from zhen.packs.finance.models import Payment

SURPLUS = "3001"
KIND, PAYMENT = "asset", "finance.payment"
MOST_AT_ONCE = 200


@dataclass(frozen=True, kw_only=True)
class NewAsset:
    """A card to be made, or `count` equal ones that share `value` (fen). `years` is the life; None: the class's."""

    name: str
    asset_class: AssetClass
    unit_id: int
    value: int
    acquired_on: date
    details: str = ""
    count: int = 1
    years: int | None = None
    keeper_id: int | None = None
    place_id: int | None = None
    spot: str = ""
    source_text: str = ""
    source: tuple[str, object] = field(default=("", ""))


@action(rights.RECORD)
def register(actor: Actor, payment: Payment, new: NewAsset) -> list[Asset]:
    """Make the cards of what a payment bought. They come to no more than it was booked with on 1601 or 1613."""
    rows = Payment.objects.select_for_update(of=("self",)).select_related("line__budget__book")
    paid = rows.get(pk=payment.pk)
    if paid.kind != KIND or paid.state != Payment.State.PAID:
        raise Refused(
            field=_("payment"),
            value=paid,
            reason=_("it has not bought an asset"),
            remedy=_("Choose a payment for a fixed asset that was made"),
        )
    account, left = _to_register(paid)
    _check(actor, new)
    if new.value > left:
        raise Refused(
            field=_("value"),
            value=Money(new.value),
            reason=_("only %(left)s of the payment have no card yet") % {"left": Money(left)},
            remedy=_("Enter what was booked; the cards and the books hold the same"),
        )
    book = paid.line.budget.book
    made = [_card(actor, new, share, book, account) for share in Money(new.value).share([1] * new.count)]
    for asset in made:
        asset.payment = paid
    return _entered(actor, made)


def _to_register(payment: Payment) -> tuple[str, int]:
    """The account that a payment was booked on, and what of it has no card yet."""
    rows = ledger.Line.objects.filter(
        voucher__source_type=PAYMENT, voucher__source_id=str(payment.pk), account__code__in=(FIXED, UNDER_CONSTRUCTION)
    )
    sums = dict(rows.order_by().values_list("account__code").annotate(total=Sum(F("debit") - F("credit"))))
    account = max(sums, key=lambda code: sums[code], default=FIXED)
    carded = payment.assets.aggregate(total=Sum("value"))["total"] or 0
    return account, sums.get(account, 0) - carded


@action(rights.RECORD)
def bring_in(actor: Actor, book: ledger.Book, cards: Sequence[NewAsset]) -> list[Asset]:
    """Cards of assets from before the first books here: their value and what is written off are brought forward.

    What is written off is what the rules would have written off by the end of the year before.
    """
    if not 0 < len(cards) <= MOST_AT_ONCE:
        raise Refused(
            field=_("assets"),
            value=len(cards),
            reason=_("so many cannot be brought in at once"),
            remedy=_("Bring in 1 to %(most)s at a time") % {"most": MOST_AT_ONCE},
        )
    first = date(book.year, 1, 1)
    made = []
    for new in cards:
        _check(actor, new)
        if new.acquired_on >= first:
            raise Refused(
                field=_("acquired on"),
                value=new.acquired_on,
                reason=_("it was acquired within the year of the books"),
                remedy=_("Make its card at the payment that bought it"),
            )
        for share in Money(new.value).share([1] * new.count):
            asset = _card(actor, new, share, book, FIXED)
            asset.opening = book
            _write_off_before(asset, first)
            made.append(asset)
    value, worn = sum(asset.value for asset in made), sum(asset.worn for asset in made)
    entries = [ledger.Entry(account=FIXED, debit=value)]
    entries += [ledger.Entry(account=WORN, credit=worn)] if worn else []
    entries += [ledger.Entry(account=SURPLUS, credit=value - worn)] if value > worn else []
    ledger.bring_forward(actor, book, entries, request=uuid4())
    return _entered(actor, made)


def _write_off_before(asset: Asset, first: date) -> None:
    """What the months before `first` wrote off; the rest goes over the months that are left."""
    life = asset.life
    if life is None:
        return
    passed = (first.year - life.begins.year) * 12 + first.month - life.begins.month
    if passed > 0:
        before = date(first.year - 1, 12, 1)
        asset.worn = asset.worn_before = worn_by(life, before)
        left = life.months - passed
        asset.wear_from, asset.months = (first, left) if left > 0 else (None, None)


def _check(actor: Actor, new: NewAsset) -> None:
    not_ahead(new.acquired_on, _("acquired on"))
    duties.check(actor, "asset.record", {"asset.keep": new.keeper_id})
    shortest = new.asset_class.years
    if new.years is not None and (shortest is None or new.years < shortest):
        raise Refused(
            field=_("life (years)"),
            value=new.years,
            reason=_("%(name)s: not depreciated") % {"name": new.asset_class.name}
            if shortest is None
            else _("%(name)s last at least %(years)s years") % {"name": new.asset_class.name, "years": shortest},
            remedy=_("Leave it empty to take that of the class"),
        )
    if not 0 < new.count <= MOST_AT_ONCE or new.value < new.count:
        raise Refused(
            field=_("value"),
            value=Money(new.value),
            reason=_("each card needs a value above zero"),
            remedy=_("Enter the value of all of them together"),
        )


def _card(actor: Actor, new: NewAsset, share: Money, book: ledger.Book, account: str) -> Asset:
    years = new.years or new.asset_class.years
    built = account == UNDER_CONSTRUCTION
    return Asset(
        name=new.name.strip(),
        asset_class=new.asset_class,
        details=new.details.strip(),
        books_id=book.unit_id,
        unit_id=new.unit_id,
        keeper_id=new.keeper_id,
        place_id=new.place_id,
        spot=new.spot.strip(),
        state=State.BUILDING if built else State.IN_USE,
        account=account,
        value=share.fen,
        months=years * 12 if years else None,
        wear_from=begins_on(new.acquired_on, begins_by(book.chart)) if years else None,
        acquired_on=new.acquired_on,
        source_text=new.source_text.strip(),
        source_type=new.source[0],
        source_id=str(new.source[1]),
        made_by_id=actor.user_id,
        made_at=clock.now(),
    )


def _entered(actor: Actor, made: list[Asset]) -> list[Asset]:
    Asset.objects.bulk_create(made)
    journal.record_many(
        [
            journal.NewEvent(
                kind="finance.asset_recorded",
                subject=asset,
                unit=asset.unit_id,
                data={"asset": str(asset), "name": asset.name, "amount": str(Money(asset.value))},
            )
            for asset in made
        ],
        by=actor,
    )
    return made


@action(rights.RECORD)
def finish(actor: Actor, asset_id: int, *, on: date) -> Asset:
    """A work is finished and in use: from 1613 to 1601, and depreciated from then on."""
    not_ahead(on, _("finished on"))
    asset = held(actor, rights.RECORD, asset_id, State.BUILDING)
    duties.check(actor, "asset.record", {"asset.keep": asset.keeper_id})
    if on < asset.acquired_on:
        raise Refused(
            field=_("finished on"), value=on, reason=_("it lies before its beginning"), remedy=_("Give a later day")
        )
    book = book_of(asset, on)
    booked(actor, book, "asset_finished", asset, on, asset.name, amount=asset.value)
    asset.account, asset.state = FIXED, State.IN_USE
    if asset.months is not None:
        asset.wear_from = begins_on(on, begins_by(book.chart))
    asset.save(update_fields=["account", "state", "wear_from"])
    tell("asset_finished", actor, asset)
    return asset


@action(rights.MOVE)
def add_photos(actor: Actor, asset_id: int, files: Sequence[File]) -> None:
    """Photos of an asset, as it is."""
    asset = actionable(actor, rights.MOVE, Asset.objects.all()).get(pk=asset_id)
    if AssetPhoto.objects.filter(file__in=files).exists():
        raise Outdated(
            field=_("photos"), value="", reason=_("one shows another asset already"), remedy=_("Send it again")
        )
    AssetPhoto.objects.bulk_create(AssetPhoto(asset=asset, file=one) for one in files)
    tell("asset_photographed", actor, asset, count=len(files))
