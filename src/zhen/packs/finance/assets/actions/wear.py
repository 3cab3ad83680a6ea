"""The depreciation of a month: the cards of a unit's books, in one voucher. Asked again, nothing changes."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance.assets import rights
from zhen.packs.finance.assets.actions.common import booked
from zhen.packs.finance.assets.models import Asset, Wear, WearRun
from zhen.packs.finance.assets.rules import FIXED, ON_FIXED, next_month, worn_by

SYSTEM = Actor.system("finance")


@action(rights.WEAR, silent=True)
def depreciate(actor: Actor, book: ledger.Book, month: date) -> WearRun:
    """Write off a month of every card in the books, and what earlier months have missed. The same month is done once.

    Raises Refused for a month that has not begun, and where a later one is booked already.
    """
    first = month.replace(day=1)
    held = actionable(actor, rights.WEAR, ledger.Book.objects.select_for_update(of=("self",))).get(pk=book.pk)
    done = WearRun.objects.filter(book=held, month=first).first()
    if done is not None:
        return done
    _check(held, first)
    cards = Asset.objects.select_for_update(of=("self",)).filter(
        state__in=ON_FIXED, account=FIXED, books=held.unit_id, wear_from__lte=first, worn__lt=F("value")
    )
    found = [(asset, amount) for asset in cards.order_by("pk") if (amount := owed(asset, first)) > 0]
    return _book(actor, held, first, found)


def owed(asset: Asset, month: date) -> int:
    """What the months up to this one write off and is not written off yet."""
    life = asset.life
    return 0 if life is None else worn_by(life, month) - (asset.worn - asset.worn_before)


def _check(book: ledger.Book, first: date) -> None:
    if first.year != book.year or first > clock.today():
        raise Refused(
            field=gettext_lazy("month"),
            value=f"{first:%Y-%m}",
            reason=gettext_lazy("it has not begun, or is not of the year of the books"),
            remedy=gettext_lazy("Choose a month of the books up to this one"),
        )
    later = WearRun.objects.filter(book=book, month__gt=first).order_by("month").first()
    if later is not None:
        raise Outdated(
            field=gettext_lazy("month"),
            value=f"{first:%Y-%m}",
            reason=gettext_lazy("%(month)s is booked already, and has made up for it") % {"month": later},
            remedy=gettext_lazy("Go on with the month after that"),
        )


def _book(actor: Actor, book: ledger.Book, first: date, found: list[tuple[Asset, int]]) -> WearRun:
    total = sum(amount for _asset, amount in found)
    run = WearRun(book=book, month=first, total=total, cards=len(found), made_at=clock.now())
    run.pk = _next_id()
    if total:
        on = min(next_month(first) - timedelta(days=1), clock.today())
        run.voucher = booked(
            actor, book, "depreciation", run, on, _("Depreciation %(month)s") % {"month": run}, amount=total
        )
    run.save(force_insert=True)
    Wear.objects.bulk_create(Wear(run=run, asset=asset, amount=amount) for asset, amount in found)
    for asset, amount in found:
        asset.worn += amount
    Asset.objects.bulk_update([asset for asset, _amount in found], ["worn"], batch_size=500)
    data = {"month": str(run), "amount": str(Money(total)), "count": len(found)}
    journal.record("finance.depreciated", by=actor, subject=run, unit=book.unit_id, data=data)
    return run


def _next_id() -> int:
    """The id that the run gets: its voucher names it, and the database wants the voucher with the run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('finance_wearrun', 'id'))")
        return int(cursor.fetchone()[0])


def run_last_month() -> None:
    """The job of the first day of a month: the month that is over, in every book that is open for it."""
    last = clock.today().replace(day=1) - timedelta(days=1)
    for book in ledger.Book.objects.filter(year=last.year, unit__in=Asset.objects.values("books")).order_by("pk"):
        closed = ledger.Period.objects.filter(book=book, month=last.month, closed_at__isnull=False).exists()
        if not closed:
            depreciate(SYSTEM, book, last)
