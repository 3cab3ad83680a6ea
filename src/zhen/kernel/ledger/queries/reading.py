"""Reading books, vouchers and lines, restricted."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db.models import Prefetch, Q, QuerySet

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.ledger.declarations import PAPERS
from zhen.kernel.ledger.models import Account, Book, Line, Period, Quota, Voucher
from zhen.kernel.ledger.queries.balances import VIEW
from zhen.kernel.pages.api import Missing


def books(actor: Actor) -> QuerySet[Book]:
    return restrict(actor, VIEW, Book.objects.select_related("unit"))


def book_for(actor: Actor, key: str) -> Book:
    found = books(actor).filter(pk=key).first() if key.isdecimal() and key.isascii() else None
    if found is None:
        raise Missing(key)
    return found


def periods(actor: Actor, book: Book) -> QuerySet[Period]:
    return restrict(actor, VIEW, Period.objects.filter(book=book))


def vouchers(actor: Actor) -> QuerySet[Voucher]:
    return restrict(actor, VIEW, Voucher.objects.select_related("period__book__unit"))


def voucher_for(actor: Actor, key: str) -> Voucher:
    rows = (
        vouchers(actor)
        .select_related("reverses", "reversed_by")
        .prefetch_related(
            Prefetch("lines", Line.objects.select_related("account", "dimensions__unit").order_by("position"))
        )
    )
    found = rows.filter(pk=key).first() if key.isdecimal() and key.isascii() else None
    if found is None:
        raise Missing(key)
    return found


def vouchers_of(actor: Actor, source: tuple[str, object]) -> QuerySet[Voucher]:
    """The vouchers that stand for a paper."""
    return vouchers(actor).filter(source_type=source[0], source_id=str(source[1])).order_by("date", "pk")


def paper_of(voucher: Voucher) -> str:
    """The address of the paper that a voucher stands for; empty where it was written by hand."""
    return address_of((voucher.source_type, voucher.source_id))


def address_of(source: tuple[str, object]) -> str:
    """The address of a paper, given as its kind and its id; empty where no pack declares papers of the kind."""
    kind, id = PAPERS.get(source[0]), str(source[1])
    return kind.address(id) if kind and id else ""


def names_of(sources: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What papers are called: their kind and what they say of themselves, or their id where that is not to be had.

    One query a kind that is a table."""
    by_kind: dict[str, set[str]] = {}
    for kind, id in sources:
        by_kind.setdefault(kind, set()).add(id)
    found = {}
    for kind, ids in by_kind.items():
        name = PAPERS[kind].name if kind in PAPERS else kind
        try:
            papers = apps.get_model(kind)._default_manager.in_bulk([id for id in ids if id.isdecimal()])
        except (LookupError, ValueError):
            papers = {}
        for id in ids:
            paper = papers.get(int(id)) if id.isdecimal() else None
            found[kind, id] = f"{name} {paper or id}"
    return found


def lines_of(actor: Actor, book: Book, account: Account) -> QuerySet[Line]:
    """The lines of an account and of its sub-accounts, in the order of the book."""
    below = Q(account=account) | Q(account__chart=account.chart, account__code__startswith=f"{account.code}.")
    rows = restrict(actor, VIEW, Line.objects.filter(below, voucher__period__book=book))
    return rows.select_related("voucher__period", "account", "dimensions__unit").order_by(
        "voucher__period__month", "voucher__number", "position"
    )


def quotas(actor: Actor, book: Book) -> QuerySet[Quota]:
    return restrict(actor, VIEW, Quota.objects.filter(book=book).select_related("dimensions__unit"))
