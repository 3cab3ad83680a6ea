"""The cast of a procurement, beside that of public money (finance/tests/conftest.py).

Alice asks for something, Bob heads her unit and approves it, Leo leads the town. Betty runs procurements; Kurt and
Karin hold the keys; Mia, Max and Moritz evaluate; Frank awards; Laura reviews contracts; Vera accepts deliveries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.files.api import store
from zhen.kernel.files.testing import an_image, an_upload
from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import a_user
from zhen.kernel.lib import clock
from zhen.kernel.lib.testing import Hands
from zhen.kernel.parties.models import Organisation
from zhen.packs.finance.models import BudgetLine
from zhen.packs.finance.procurement import shipped
from zhen.packs.finance.procurement.actions import contracts, evaluating, needs, suppliers, tendering
from zhen.packs.finance.procurement.models import Contract, Procurement, Supplier
from zhen.packs.finance.tests.conftest import NOW, TODAY, Cast, cast, hands, holding

__all__ = ["NOW", "TODAY", "Cast", "Hands", "Market", "cast", "hands", "market"]

WAN = 1_000_000
"""Ten thousand yuan in fen."""
PHRASES = ("four words for kurt", "four words for karin")
CODES = ("91310000000000001A", "91310000000000002B", "91310000000000003C", "91310000000000004D")


@dataclass
class Market:
    cast: Cast
    hands: Hands
    people: dict[str, Actor]
    suppliers: list[Supplier]

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.people[name]
        except KeyError as fault:
            raise AttributeError(name) from fault

    def user(self, name: str) -> User:
        return User.objects.get(username=name)

    def need(self, line: BudgetLine, amount: int = 30 * WAN, **given: Any) -> Procurement:
        facts: dict[str, Any] = {
            "title": "Printers",
            "catalogue": "A02010601",
            "category": "goods",
            "amount": amount,
            "purpose": "The old ones are broken",
            "method": "small",
            "items": (("Printer", 30, "piece"),),
        }
        return needs.ask(self.cast.alice, line, needs.Need(**facts | given))

    def approved(self, line: BudgetLine, amount: int = 30 * WAN, **given: Any) -> Procurement:
        return needs.approve(self.cast.leo, self.need(line, amount, **given).pk)

    def keys(self, procurement: Procurement) -> None:
        for name, phrase in zip(("kurt", "karin"), PHRASES, strict=True):
            tendering.name_holder(self.betty, procurement.pk, self.user(name))
            tendering.make_key(self.people[name], procurement.pk, phrase=phrase)

    def prepared(self, procurement: Procurement, *, invited: int = 3, scored: bool = False) -> Procurement:
        """Everything that a publication needs."""
        self.keys(procurement)
        for name in ("mia", "max", "moritz"):
            tendering.add_member(self.betty, procurement.pk, self.user(name))
        if scored:
            tendering.add_criterion(self.betty, procurement.pk, name="Price", weight=40, price=True)
            tendering.add_criterion(self.betty, procurement.pk, name="Service", weight=60, price=False)
        for supplier in self.suppliers[:invited]:
            suppliers.invite(self.betty, procurement.pk, supplier)
        paper = store(self.betty, an_upload(an_image()))
        needs.add_papers(self.betty, procurement.pk, [paper], title="Document", public=True)
        return procurement

    def published(self, procurement: Procurement, *, days: int = 21, way: str = "lowest") -> Procurement:
        return tendering.publish(self.betty, procurement.pk, way=way, opens_at=now() + timedelta(days=days))

    def bid(self, procurement: Procurement, which: int, price: int, **given: Any) -> tendering.Receipt:
        supplier = self.suppliers[which]
        invitation = procurement.invitations.get(supplier=supplier)
        return tendering.send_bid(
            Actor.anonymous(),
            number=str(procurement),
            credit_code=CODES[which],
            code=suppliers.code_of(invitation),
            price=price,
            days=10,
            statement="As asked for",
            **given,
        )

    def tendering(self, line: BudgetLine, prices: Sequence[int], *, scored: bool = False, **given: Any) -> Procurement:
        """Published, with bids that wait for the opening."""
        procurement = self.approved(line, **given)
        self.prepared(procurement, invited=len(prices), scored=scored)
        self.published(procurement, way="scored" if scored else "lowest")
        for which, price in enumerate(prices):
            self.bid(procurement, which, price)
        procurement.refresh_from_db()
        return procurement

    def opened(self, procurement: Procurement) -> Procurement:
        assert procurement.opens_at is not None
        self.hands.now = procurement.opens_at
        for name, phrase in zip(("kurt", "karin"), PHRASES, strict=True):
            tendering.turn_key(self.people[name], procurement.pk, phrase=phrase)
        procurement.refresh_from_db()
        return procurement

    def declared(self, procurement: Procurement) -> None:
        for name in ("mia", "max", "moritz"):
            evaluating.declare(self.people[name], procurement.pk, relation="")

    def scored(self, procurement: Procurement, points: dict[int, int]) -> None:
        """All members give the bid of each supplier the same."""
        (criterion,) = procurement.criteria.filter(price=False)
        for which, given in points.items():
            bid = procurement.bids.get(supplier=self.suppliers[which], in_force=True)
            for name in ("mia", "max", "moritz"):
                evaluating.score(self.people[name], procurement.pk, bid.pk, {criterion.pk: Decimal(given)})

    def awarded(self, line: BudgetLine, prices: Sequence[int] = (28 * WAN, 27 * WAN, 29 * WAN)) -> Procurement:
        procurement = self.opened(self.tendering(line, prices))
        self.declared(procurement)
        evaluating.rank(self.betty, procurement.pk)
        (first,) = procurement.bids.filter(rank=1)
        return evaluating.award(self.cast.frank, procurement.pk, first.pk, reason="")

    def terms(self, amount: int, **given: Any) -> contracts.Terms:
        today = now().date()
        facts: dict[str, Any] = {
            "title": "Printers",
            "amount": amount,
            "starts_on": today,
            "ends_on": today + timedelta(days=30),
            "parts": (contracts.Part(name="Whole", due_on=today + timedelta(days=30), amount=amount),),
        }
        return contracts.Terms(**facts | given)

    def signed(self, procurement: Procurement, **given: Any) -> Contract:
        made = contracts.draft(self.betty, procurement.pk, self.terms(procurement.award_amount or 0, **given))
        contracts.review(self.laura, made.pk, opinion="No objection")
        return contracts.sign(self.cast.leo, made.pk, on=now().date())


def now() -> datetime:
    return clock.now()


@pytest.fixture
def market(cast: Cast, hands: Hands) -> Market:
    shipped.bring()
    roles = {
        "betty": "finance.buyer",
        "kurt": "unit_clerk",
        "karin": "unit_clerk",
        "mia": "unit_clerk",
        "max": "unit_clerk",
        "moritz": "unit_head",
        "laura": "finance.legal",
        "vera": "unit_clerk",
    }
    people = {name: holding(a_user(name), role, cast.office) for name, role in roles.items()}
    firms = []
    for number, code in enumerate(CODES, 1):
        firm = Organisation(code=code, created_at=NOW)
        firm.set_name(f"Firm {number}")
        firm.save(force_insert=True)
        supplier = suppliers.add(people["betty"], firm, bank="Bank", account=f"1234{number}")
        suppliers.qualify(people["betty"], supplier, name="Licence", number="1", expires_on=date(2027, 12, 31))
        firms.append(supplier)
    return Market(cast=cast, hands=hands, people=people, suppliers=firms)
