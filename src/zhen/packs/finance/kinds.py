"""The kinds of payments: which events book them, and what must be known of the payee.

A part of this pack with a kind of its own adds it by `add` where its papers are declared, before a request is served.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Method(TextChoices):
    """The two ways of centralised payment (国库集中支付)."""

    DIRECT = "direct", _("direct payment")
    AUTHORISED = "authorised", _("authorised payment")


BOTH = frozenset(Method)


@dataclass(frozen=True, kw_only=True)
class PaymentKind:
    """A kind of payment. `{method}` in the name of an event stands for direct or authorised.

    `paid` is booked when the bank has paid, `approved` before that, when the payment is approved; `retained` instead
    of `paid` where retention money is withheld (empty: nothing may be withheld). `to_account`: nothing can be paid
    without the payee's account. `by_hand`: it is offered on the form; otherwise another paper asks for it.
    """

    id: str
    name: str | Promise
    paid: str
    approved: str = ""
    retained: str = ""
    methods: frozenset[Method] = BOTH
    to_account: bool = True
    by_hand: bool = True


KINDS: dict[str, PaymentKind] = {}


def add(kind: PaymentKind) -> PaymentKind:
    """Bring in a kind of payment. Raises ValueError where there is another of its name."""
    if KINDS.setdefault(kind.id, kind) != kind:
        raise ValueError(f"two kinds of payment are called {kind.id}")
    return kind


EXPENSE = add(
    PaymentKind(id="expense", name=_("expense"), paid="expense_{method}", retained="expense_retained_{method}")
)
ASSET = add(PaymentKind(id="asset", name=_("fixed asset"), paid="asset_{method}", retained="asset_retained_{method}"))
CARD = add(
    PaymentKind(
        id="card",
        name=_("official card"),
        paid="card_repaid",
        approved="card_claimed",
        methods=frozenset({Method.AUTHORISED}),
        to_account=False,
    )
)
RETENTION = add(PaymentKind(id="retention", name=_("retention money"), paid="retention_{method}", by_hand=False))
