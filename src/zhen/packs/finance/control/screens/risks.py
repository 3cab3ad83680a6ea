"""Risk rules with their numbers and their rate of false findings, and the findings themselves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import url_of
from zhen.kernel.lib.numbers import Money
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Fact,
    Figure,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Missing,
    Panel,
    Tone,
)
from zhen.packs.finance.control import dated, forms, queries, rights
from zhen.packs.finance.control.models import Finding, RiskSetting
from zhen.packs.finance.control.queries import RiskCount
from zhen.packs.finance.control.risks import RISKS, Risk
from zhen.packs.finance.control.screens.common import FROM, SOURCE, STATE, holds_on, is_draft, period, state
from zhen.packs.finance.groups import CONTROL

TONES = {"": Tone.BEHIND, "justified": Tone.NEUTRAL, "error": Tone.DUE_SOON, "violation": Tone.OVERDUE}


def risk_for(actor: Actor, key: str) -> RiskCount:
    found = next((count for count in queries.risk_counts(actor) if count.id == key), None)
    if found is None:
        raise Missing(key)
    return found


def declared(actor: Actor, key: str) -> Risk:
    return risk_for(actor, key).risk


def numbers(setting: RiskSetting | None) -> str:
    if setting is None:
        return ""
    return "；".join(
        f"{number.name} {setting.values[number.id] / 100:,.0f}"
        if number.unit == "money"
        else f"{number.name} {setting.values[number.id]}"
        for number in RISKS[setting.rule].numbers
    )


def runs(count: RiskCount) -> Chip:
    if count.setting is None:
        return Chip(text=_("does not run: no numbers in force"))
    return Chip(text=_("it runs"), tone=Tone.ON_TRACK)


def cause(finding: Finding) -> Chip:
    return Chip(text=finding.get_cause_display() if finding.cause else _("open findings"), tone=TONES[finding.cause])


def case_link(finding: Finding) -> Link:
    return Link(text=finding.case.number, url=url_of(finding.case))


def paper_link(finding: Finding) -> Link:
    return Link(text=str(finding.payment), url=f"/desk/finance/payments/{finding.payment_id}/")


def rule_name(finding: Finding) -> Any:
    risk = RISKS.get(finding.rule)
    return risk.name if risk else finding.rule


def figures(_actor: Actor, count: RiskCount) -> list[Figure]:
    here = f"/desk/finance/findings/?rule={count.id}"
    return [
        Figure(label=_("open findings"), value=count.open, evidence=here),
        Figure(label=_("justified"), value=count.justified, evidence=here),
        Figure(label=_("error, put right"), value=count.error, evidence=here),
        Figure(label=_("violation"), value=count.violation, evidence=here),
        Figure(
            label=_("false findings"),
            value=count.false_rate,
            unit="%",
            why=_("None is closed yet."),
            evidence=here,
            target=_("closed as justified ÷ closed"),
        ),
    ]


def facts(_actor: Actor, count: RiskCount) -> list[Fact]:
    return [
        Fact(label=_("what it looks for"), value=count.risk.about),
        Fact(label=_("numbers in force"), value=numbers(count.setting) or _("none: it does not run")),
    ]


def settings_of(actor: Actor, count: RiskCount) -> Any:
    return queries.settings(actor).filter(rule=count.id).order_by("-valid_from", "-pk")


def findings_of(actor: Actor, count: RiskCount) -> Any:
    return queries.findings(actor).filter(rule=count.id).order_by("-found_at", "-pk")


def setting_facts(_actor: Actor, setting: RiskSetting) -> list[Fact]:
    risk = RISKS[setting.rule]
    values = [
        Fact(
            label=number.name,
            value=str(Money(setting.values[number.id])) if number.unit == "money" else setting.values[number.id],
        )
        for number in risk.numbers
    ]
    return [Fact(label=_("risk rule"), value=risk.name), *values, *period(setting)]


def save_setting(actor: Actor, _risk: Risk, form: forms.SettingForm) -> str:
    made = dated.propose_setting(actor, **form.given())
    return f"/desk/finance/risk_settings/{made.pk}/"


def withdraw(actor: Actor, setting: RiskSetting, _data: Any) -> str:
    rule = setting.rule
    dated.withdraw(actor, setting)
    return f"/desk/finance/risk_rules/{rule}/"


def end(actor: Actor, setting: RiskSetting, _data: Any) -> str:
    rule = setting.rule
    dated.end(actor, setting)
    return f"/desk/finance/risk_rules/{rule}/"


FINDING_COLUMNS = (
    Column(id="case", label=_("case"), value=case_link, kind=Kind.LINK),
    Column(id="rule", label=_("risk rule"), value=rule_name, sort="rule"),
    Column(id="text", label=_("what the rule found"), value="case.text", width="wide"),
    Column(id="paper", label=_("payment"), value=paper_link, kind=Kind.LINK),
    Column(id="unit", label=_("department"), value="payment.line.unit.name"),
    Column(id="at", label=_("found at"), value="found_at", kind=Kind.TIME, sort="found_at"),
    Column(id="due", label=_("due at"), value="case.due_at", kind=Kind.DATE),
    Column(id="cause", label=_("cause"), value=cause, kind=Kind.CHIP),
)
SETTING_COLUMNS = (
    Column(id="rule", label=_("risk rule"), value=lambda one: RISKS[one.rule].name, sort="rule"),
    Column(id="numbers", label=_("numbers"), value=numbers, width="wide"),
    FROM,
    SOURCE,
    STATE,
)

PAGES = (
    ListPage(
        id="finance.findings",
        title=_("Findings of internal control"),
        menu=_("Control findings"),
        group=CONTROL,
        icon="search-check",
        order=73,
        permission=rights.VIEW,
        intro=_("What the risk rules have found on the journal. Each is a case that ends with a cause."),
        rows=lambda actor, _params: queries.findings(actor),
        columns=FINDING_COLUMNS,
        filters=(
            Filter(
                id="rule",
                label=_("risk rule"),
                apply=lambda rows, value: rows.filter(rule=value),
                choices=tuple(Choice(value=risk.id, label=risk.name) for risk in RISKS.values()),
            ),
            Filter(
                id="state",
                label=_("state"),
                apply=lambda rows, value: rows.filter(active=value == "open"),
                choices=(
                    Choice(value="open", label=_("open findings")),
                    Choice(value="closed", label=_("closed findings")),
                ),
            ),
        ),
        order_by=("-active", "-found_at", "-pk"),
        empty=_("The risk rules have found nothing. They look at each payment as it is asked for and made."),
    ),
    ListPage(
        id="finance.risk_rules",
        title=_("Risk rules"),
        menu=_("Risk rules"),
        group=CONTROL,
        icon="radar",
        order=74,
        permission=rights.VIEW,
        intro=_("They look at papers and payees, never at people. A rule runs while numbers for it are in force."),
        rows=lambda actor, _params: queries.risk_counts(actor),
        columns=(
            Column(id="name", label=_("risk rule"), value="risk.name"),
            Column(id="about", label=_("what it looks for"), value="risk.about", width="wide"),
            Column(id="numbers", label=_("numbers in force"), value=lambda count: numbers(count.setting), width="wide"),
            Column(id="open", label=_("open findings"), value="open", kind=Kind.NUMBER),
            Column(id="closed", label=_("closed findings"), value="closed", kind=Kind.NUMBER),
            Column(id="false", label=_("false findings (%)"), value="false_rate", kind=Kind.NUMBER),
            Column(id="runs", label=_("state"), value=runs, kind=Kind.CHIP),
        ),
        detail="finance.risk_rule",
    ),
    DetailPage(
        id="finance.risk_rule",
        title=_("risk rule"),
        permission=rights.VIEW,
        subject=risk_for,
        heading=lambda count: count.risk.name,
        chips=lambda count: (runs(count),),
        panels=(
            Panel(id="facts", title=_("Rule"), form="facts", source=facts),
            Panel(id="figures", title=_("What became of its findings"), form="figures", source=figures),
            Panel(
                id="settings",
                title=_("Numbers"),
                form="table",
                source=settings_of,
                columns=SETTING_COLUMNS[1:],
                detail="finance.risk_setting",
                wide=True,
                empty=_("Nobody has proposed numbers yet."),
            ),
            Panel(
                id="findings",
                title=_("Control findings"),
                form="table",
                source=findings_of,
                columns=(FINDING_COLUMNS[0], *FINDING_COLUMNS[2:]),
                wide=True,
                empty=_("It has found nothing."),
            ),
        ),
        buttons=(
            Button(
                id="propose", label=_("Propose numbers"), permission=rights.PROPOSE, form="finance.risk_setting_new"
            ),
        ),
    ),
    ListPage(
        id="finance.risk_settings",
        title=_("Numbers of risk rules"),
        permission=rights.VIEW,
        rows=lambda actor, _params: queries.settings(actor),
        columns=SETTING_COLUMNS,
        order_by=("rule", "-valid_from"),
        detail="finance.risk_setting",
        empty=_("Nobody has proposed numbers yet."),
    ),
    DetailPage(
        id="finance.risk_setting",
        title=_("numbers of a risk rule"),
        permission=rights.VIEW,
        subject=queries.setting,
        heading=lambda setting: RISKS[setting.rule].name,
        chips=lambda setting: (state(setting),),
        panels=(Panel(id="facts", title=_("Numbers"), form="facts", source=setting_facts), HISTORY),
        buttons=(
            Button(
                id="approve",
                label=_("Put in force"),
                permission=rights.APPROVE_RULE,
                run=lambda actor, setting, _data: dated.approve(actor, setting),
                confirm=_("The rule runs with these numbers from that day on."),
                shown=is_draft,
                key="a",
            ),
            Button(
                id="withdraw",
                label=_("Take back"),
                permission=rights.PROPOSE,
                run=withdraw,
                confirm=_("The draft goes; the journal keeps that it was proposed."),
                shown=is_draft,
            ),
            Button(
                id="end",
                label=_("End today"),
                permission=rights.APPROVE_RULE,
                run=end,
                confirm=_("From today on the rule does not run any more."),
                shown=holds_on,
            ),
        ),
    ),
    FormPage(
        id="finance.risk_setting_new",
        title=_("Propose numbers of a risk rule"),
        permission=rights.PROPOSE,
        subject=declared,
        intro=_("They hold for nothing until a second person puts them in force."),
        form=lambda _actor, risk, data, _files: forms.SettingForm(data, risk),
        save=save_setting,
        submit=_("Propose"),
    ),
)
