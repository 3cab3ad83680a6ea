"""Charts of accounts and voucher templates as packs declare them.

A template maps a business event to its entries on both bases. Its lines are written as in a textbook:

    VoucherTemplate(
        id="finance.paid.authorised",
        event="finance.paid",
        financial="Dr 5001 Cr 1011",
        budgetary="Dr 7101 Cr 8001.01",
    )

`Dr 1601=whole Cr 1011=paid Cr {withheld}=retained` names the amounts that the event brings, where it is not the one
`amount`, and leaves the account of a line to the event (`{withheld}`). A line whose amount is 0 is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.utils.functional import Promise

from zhen.kernel.ledger.models.books import Basis, Level, UnitType
from zhen.kernel.lib.problems import Problem
from zhen.kernel.lib.registry import Entry, Registry

Text = str | Promise
AMOUNT = "amount"
LINE = re.compile(r"(Dr|Cr) ([0-9][0-9.]*|\{[a-z_]+\})(?:=([a-z_]+))?")


@dataclass(frozen=True, kw_only=True)
class AccountSpec:
    """An account of a chart. A code below another (8001.01) is a sub-account of it.

    `contra`: its normal side is the other one of its class, as of accumulated depreciation. Accounts of the two bases
    with the same `mirror` hold the same at any time.
    """

    code: str
    name: str
    contra: bool = False
    mirror: str = ""

    @property
    def parent(self) -> str:
        return self.code.rpartition(".")[0]


@dataclass(frozen=True, kw_only=True)
class AccountClass:
    """A class of accounts: assets, revenue. `nominal` ones are emptied when the year closes."""

    id: str
    name: Text
    basis: Basis
    debit: bool
    accounts: tuple[AccountSpec, ...]
    nominal: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart of accounts, such as that of the 政府会计制度. Its accounts are brought into the database.

    `source` is the rule that it stands in.
    """

    id: str
    name: Text
    source: str
    classes: tuple[AccountClass, ...]


@dataclass(frozen=True, kw_only=True)
class TemplateLine:
    """One line of a template: an account, or the name of one that the event chooses (`slot`), and its amount."""

    debit: bool
    account: str = ""
    slot: str = ""
    amount: str = AMOUNT


@dataclass(frozen=True, kw_only=True)
class VoucherTemplate:
    """The paired entries of a business event; see this module's head.

    Of the templates of an event the one is taken that is in force on the day (`valid_to` not included), for the fiscal
    level and for the type of the unit; empty sets mean every one. `source` is the rule it follows.
    """

    id: str
    event: str
    name: Text
    chart: str
    financial: str = ""
    budgetary: str = ""
    valid_from: date = date(2019, 1, 1)
    valid_to: date | None = None
    levels: frozenset[Level] = frozenset()
    unit_types: frozenset[UnitType] = frozenset()
    source: str = ""

    def lines(self) -> tuple[TemplateLine, ...]:
        return (*parse_lines(self.financial), *parse_lines(self.budgetary))

    def holds(self, *, on: date, level: str, unit_type: str) -> bool:
        return (
            self.valid_from <= on
            and (self.valid_to is None or on < self.valid_to)
            and (not self.levels or level in self.levels)
            and (not self.unit_types or unit_type in self.unit_types)
        )


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A kind of paper that vouchers stand for, such as `finance.payment`: the first part of `Business.source`.

    `address` leads from the id of one to its page.
    """

    id: str
    name: Text
    address: Callable[[str], str]


@cache
def parse_lines(text: str) -> tuple[TemplateLine, ...]:
    """The lines of an entry as text. Raises ValueError where it is none."""
    found = []
    rest = LINE.sub("", text)
    if rest.strip():
        raise ValueError(f"{text!r}: {rest.strip()!r} is no line such as Dr 5001 or Cr 1011=paid")
    for side, account, amount in LINE.findall(text):
        slot = account[1:-1] if account.startswith("{") else ""
        found.append(
            TemplateLine(debit=side == "Dr", account="" if slot else account, slot=slot, amount=amount or AMOUNT)
        )
    return tuple(found)


def _check_charts(charts: Mapping[str, Entry[Chart]]) -> Iterable[Problem]:
    for entry in charts.values():
        where = f"{entry.owner}: chart {entry.value.id}"
        accounts = [(kind, account) for kind in entry.value.classes for account in kind.accounts]
        codes = [account.code for _kind, account in accounts]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            yield Problem(where=where, what=f"has the account {code} twice", remedy="Rename one of the two")
        for _kind, account in accounts:
            if account.parent and account.parent not in codes[: codes.index(account.code)]:
                yield Problem(
                    where=where, what=f"has no {account.parent} before {account.code}", remedy="Declare it before it"
                )
        for mirror in sorted({account.mirror for _kind, account in accounts if account.mirror}):
            bases = {kind.basis for kind, account in accounts if account.mirror == mirror}
            if len(bases) != len(Basis):
                yield Problem(
                    where=where, what=f"has the mirror {mirror} on one basis only", remedy="Name one of the other"
                )


def _check_templates(templates: Mapping[str, Entry[VoucherTemplate]]) -> Iterable[Problem]:
    for entry in templates.values():
        template = entry.value
        where = f"{entry.owner}: voucher template {template.id}"
        chart = CHARTS.candidate.get(template.chart)
        if chart is None:
            yield Problem(where=where, what=f"uses the unknown chart {template.chart}", remedy="Declare that chart")
            continue
        try:
            yield from _check_lines(template, chart.value, where)
        except ValueError as fault:
            yield Problem(where=where, what=str(fault), remedy="Write it as Dr 5001 Cr 1011")


def _check_lines(template: VoucherTemplate, chart: Chart, where: str) -> Iterator[Problem]:
    bases = {account.code: kind.basis for kind in chart.classes for account in kind.accounts}
    if not template.lines():
        yield Problem(where=where, what="has no line", remedy="Give it financial or budgetary lines")
    for basis, text in ((Basis.FINANCIAL, template.financial), (Basis.BUDGETARY, template.budgetary)):
        lines = parse_lines(text)
        for line in lines:
            if line.account and bases.get(line.account) != basis:
                yield Problem(
                    where=where, what=f"has {line.account} on the {basis} side", remedy="Use an account of that basis"
                )
        if lines and len({line.debit for line in lines}) < 2:
            yield Problem(where=where, what=f"has one side only: {text}", remedy="Name debits and credits")


CHARTS: Registry[Chart] = Registry(Chart, label="chart of accounts", check=_check_charts)
PAPERS: Registry[Paper] = Registry(Paper, label="kind of paper")
TEMPLATES: Registry[VoucherTemplate] = Registry(VoucherTemplate, label="voucher template", check=_check_templates)
