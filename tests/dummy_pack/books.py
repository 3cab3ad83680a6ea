"""What the benches cost: a small chart of accounts of two bases, and the entries of what happens to their money."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.ledger.api import AccountClass, AccountSpec, Basis, Chart, Level, Paper, VoucherTemplate

ALL = frozenset({"*"})
CHART = Chart(
    id="dummy_pack.chart",
    name=_("Accounts of the benches"),
    source="Rules of the bench keepers, 2019",
    classes=(
        AccountClass(
            id="assets",
            name=_("Assets"),
            basis=Basis.FINANCIAL,
            debit=True,
            accounts=(
                AccountSpec(code="1", name="Cash", mirror="cash"),
                AccountSpec(code="2", name="Benches"),
                AccountSpec(code="3", name="Wear of benches", contra=True),
            ),
        ),
        AccountClass(
            id="net",
            name=_("Net assets"),
            basis=Basis.FINANCIAL,
            debit=False,
            accounts=(AccountSpec(code="4", name="Capital"),),
        ),
        AccountClass(
            id="revenue",
            name=_("Revenue"),
            basis=Basis.FINANCIAL,
            debit=False,
            accounts=(AccountSpec(code="5", name="Gifts"),),
            nominal=ALL,
        ),
        AccountClass(
            id="expense",
            name=_("Expenses"),
            basis=Basis.FINANCIAL,
            debit=True,
            accounts=(AccountSpec(code="6", name="Wood and nails"),),
            nominal=ALL,
        ),
        AccountClass(
            id="budget",
            name=_("Budget"),
            basis=Basis.BUDGETARY,
            debit=True,
            accounts=(
                AccountSpec(code="7", name="Funds"),
                AccountSpec(code="7.01", name="Funds in cash", mirror="cash"),
                AccountSpec(code="8", name="Given"),
                AccountSpec(code="9", name="Spent"),
            ),
            nominal=frozenset({"8", "9"}),
        ),
    ),
)

TEMPLATES = (
    VoucherTemplate(
        id="dummy_pack.given",
        event="dummy_pack.given",
        name=_("a gift arrives"),
        chart=CHART.id,
        financial="Dr 1 Cr 5",
        budgetary="Dr 7.01 Cr 8",
    ),
    VoucherTemplate(
        id="dummy_pack.bought",
        event="dummy_pack.bought",
        name=_("something is bought"),
        chart=CHART.id,
        financial="Dr {what} Cr 1",
        budgetary="Dr 9 Cr 7.01",
        levels=frozenset({Level.TOWN}),
    ),
)

PAPERS = (Paper(id="dummy_pack.bench", name=_("bench"), address=lambda bench: f"/desk/dummy_pack/benches/{bench}/"),)
