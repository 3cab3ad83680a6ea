"""The year's money on one page, for whoever leads: execution against time, what is late, what waits, what comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Chart, Column, DashboardPage, Figure, Kind, Link, Page, Panel, Series, Tone
from zhen.packs.finance import queries, rights
from zhen.packs.finance.classification import THRIFT, economic_of, function_of
from zhen.packs.finance.control import queries as control
from zhen.packs.finance.models import Payment
from zhen.packs.finance.screens.budgets import BEHIND_BY, pace

EXECUTION = "/desk/finance/execution/"
MOST = 10
"""Large payments that are shown; the others stand in the list."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """Lines of the budget taken together: fen granted and spent, and where they are listed."""

    name: str
    granted: int
    spent: int
    url: str

    @property
    def link(self) -> Link:
        return Link(text=self.name, url=self.url)

    @property
    def done(self) -> str:
        return f"{100 * self.spent / self.granted:.1f}%" if self.granted else ""


def of_this_year(actor: Actor) -> QuerySet[Any]:
    """The lines of the year that are in force."""
    return queries.lines(actor).filter(budget__book__year=clock.today().year, quota__isnull=False)


def listed(**given: object) -> str:
    """The list of this year's lines, found by `q` where it is given."""
    return f"{EXECUTION}?{urlencode({'year': clock.today().year, **given})}"


def parts(lines: Iterable[Any], name: Callable[[Any], str], found: Callable[[Any], str]) -> list[Part]:
    """By `name`, the largest first; `found` are the words by which the list of execution finds them."""
    sums: dict[str, list[int]] = {}
    words: dict[str, str] = {}
    for line in lines:
        each = sums.setdefault(name(line), [0, 0])
        each[0] += line.granted
        each[1] += line.spent
        words[name(line)] = found(line)
    return [
        Part(name=key, granted=granted, spent=spent, url=listed(q=words[key]))
        for key, (granted, spent) in sorted(sums.items(), key=lambda item: -item[1][0])
    ]


def share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def figures(actor: Actor, _params: Mapping[str, str]) -> list[Figure]:
    lines = list(of_this_year(actor))
    granted, released, reserved, spent = (
        sum(getattr(line, name) for line in lines) for name in ("granted", "released", "reserved", "spent")
    )
    year, passed = str(clock.today().year), queries.share_of_year(clock.today())
    done = share(spent, granted)
    late = [line for line in lines if is_late(line)]
    waiting = control.to_sign(actor).count()
    return [
        Figure(label=_("budget"), value=granted / 100, unit=_("yuan"), period=year, evidence=listed()),
        Figure(label=_("spent"), value=spent / 100, unit=_("yuan"), period=year, evidence=listed()),
        Figure(
            label=_("execution"),
            value=done,
            unit="%",
            period=year,
            evidence=listed(),
            tone=Tone.BEHIND if done is not None and passed - done > BEHIND_BY else Tone.ON_TRACK,
            why=_("Nothing is granted."),
            target=_("%(share)s%% of the year has passed") % {"share": passed},
        ),
        Figure(
            label=_("released, not yet spent"),
            value=(released - spent) / 100,
            unit=_("yuan"),
            period=year,
            evidence=listed(),
        ),
        Figure(
            label=_("reserved for payments on their way"),
            value=reserved / 100,
            unit=_("yuan"),
            period=year,
            evidence="#coming",
        ),
        Figure(
            label=_("lines behind the year"),
            value=len(late),
            period=year,
            tone=Tone.BEHIND if late else Tone.ON_TRACK,
            evidence="#late",
        ),
        Figure(
            label=_("waits for my signature"),
            value=waiting,
            period=__("now"),
            tone=Tone.DUE_SOON if waiting else Tone.ON_TRACK,
            evidence="/desk/finance/to_sign/",
        ),
    ]


def is_late(line: Any) -> bool:
    return pace(line).tone is Tone.BEHIND


def late_lines(actor: Actor, _params: Mapping[str, str]) -> list[Any]:
    """The furthest behind first."""
    lines = [line for line in of_this_year(actor) if line.granted and is_late(line)]
    return sorted(lines, key=lambda line: line.spent / line.granted)


def by_unit(actor: Actor, _params: Mapping[str, str]) -> list[Part]:
    return parts(of_this_year(actor), lambda line: str(line.unit.name), lambda line: str(line.unit.name))


def by_function(actor: Actor, _params: Mapping[str, str]) -> list[Part]:
    return parts(of_this_year(actor), lambda line: function_of(line.function), lambda line: str(line.function[:3]))


def by_economic(actor: Actor, _params: Mapping[str, str]) -> list[Part]:
    return parts(of_this_year(actor), lambda line: economic_of(line.economic), lambda line: str(line.economic[:3]))


@dataclass(frozen=True, kw_only=True)
class Thrift:
    """One of the three public expenses, in fen."""

    name: str
    granted: int
    spent: int
    last_year: int
    url: str

    @property
    def link(self) -> Link:
        return Link(text=self.name, url=self.url)


def thrift(actor: Actor, _params: Mapping[str, str]) -> list[Thrift]:
    year = clock.today().year
    rows = queries.payments(actor).filter(state=Payment.State.PAID, line__economic__in=THRIFT, paid_on__year=year - 1)
    before = dict(rows.order_by().values_list("line__economic").annotate(total=Sum("amount")))
    sums = {code: [0, 0] for code in THRIFT}
    for line in of_this_year(actor).filter(economic__in=THRIFT):
        sums[line.economic][0] += line.granted
        sums[line.economic][1] += line.spent
    return [
        Thrift(
            name=name,
            granted=sums[code][0],
            spent=sums[code][1],
            last_year=before.get(code, 0),
            url=listed(q=code),
        )
        for code, name in THRIFT.items()
    ]


def coming(actor: Actor, _params: Mapping[str, str]) -> list[Payment]:
    """The largest payments that are asked for or approved and not yet made."""
    open_ = (Payment.State.ASKED, Payment.State.APPROVED)
    return list(queries.payments(actor).filter(state__in=open_).order_by("-amount", "pk")[:MOST])


def course(actor: Actor, _params: Mapping[str, str]) -> Chart | None:
    """What was spent up to the end of each month, beside a twelfth of the budget a month."""
    today = clock.today()
    granted = sum(line.granted for line in of_this_year(actor))
    if not granted:
        return None
    paid = queries.payments(actor).filter(state=Payment.State.PAID, paid_on__year=today.year)
    by_month = dict(paid.order_by().values_list("paid_on__month").annotate(total=Sum("amount")))
    sums, total = [], 0
    for month in range(1, 13):
        total += by_month.get(month, 0)
        sums.append(round(total / 1_000_000, 2) if month <= today.month else None)
    even = [round(granted * month / 12 / 1_000_000, 2) for month in range(1, 13)]
    return Chart(
        says=_("%(spent)s%% of the year's budget is spent; %(passed)s%% of the year has passed.")
        % {"spent": share(total, granted), "passed": queries.share_of_year(today)},
        labels=[f"{month}月" for month in range(1, 13)],
        series=(Series(name=_("spent"), values=sums), Series(name=_("a twelfth a month"), values=even)),
        unit="万元",
    )


SUMS = (
    Column(id="granted", label=_("budget (yuan)"), value="granted", kind=Kind.MONEY),
    Column(id="spent", label=_("spent (yuan)"), value="spent", kind=Kind.MONEY),
)
DONE = Column(id="done", label=_("execution"), value="done", width="narrow")


def table(id: str, title: Any, source: Any, first: Any, **more: Any) -> Panel:
    columns = (Column(id="name", label=first, value="link", kind=Kind.LINK), *SUMS, DONE)
    return Panel(id=id, title=title, form="table", source=source, columns=columns, **more)


PAGES: tuple[Page, ...] = (
    DashboardPage(
        id="finance.overview",
        title=_("Public money at a glance"),
        menu=_("Public money at a glance"),
        icon="gauge",
        order=59,
        permission=rights.VIEW,
        intro=_("The budget of the year against its time. Every figure opens to the lines, papers and vouchers in it."),
        panels=(
            Panel(id="figures", title=_("In numbers"), form="figures", source=figures, wide=True),
            Panel(id="course", title=_("Spending through the year"), form="chart", source=course, wide=True),
            table("units", _("By department"), by_unit, _("department"), wide=True),
            Panel(
                id="late",
                title=_("Behind the year"),
                form="table",
                source=late_lines,
                columns=(
                    Column(id="name", label=_("project"), value="name"),
                    Column(id="unit", label=_("department"), value="unit.name"),
                    *SUMS,
                    Column(id="pace", label=_("execution"), value=pace, kind=Kind.CHIP),
                ),
                detail="finance.line",
                wide=True,
                empty=_("No line is behind the year."),
            ),
            Panel(
                id="coming",
                title=_("Large payments that are coming"),
                form="table",
                source=coming,
                columns=(
                    Column(id="number", label=_("number"), value=str),
                    Column(id="purpose", label=_("purpose"), value="purpose"),
                    Column(id="payee", label=_("payee"), value="payee"),
                    Column(id="amount", label=_("amount (yuan)"), value="amount", kind=Kind.MONEY),
                    Column(id="state", label=_("state"), value="get_state_display"),
                ),
                detail="finance.payment",
                wide=True,
                empty=_("No payment is on its way."),
            ),
            Panel(
                id="thrift",
                title=_("The three public expenses"),
                form="table",
                source=thrift,
                columns=(
                    Column(id="name", label=_("expense"), value="link", kind=Kind.LINK),
                    *SUMS,
                    Column(id="before", label=_("last year (yuan)"), value="last_year", kind=Kind.MONEY),
                ),
                wide=True,
            ),
            table("functions", _("By function class"), by_function, _("function class")),
            table("economic", _("By economic class"), by_economic, _("economic class")),
        ),
    ),
)
