"""The pages of typhoon and flood: the live situation of a warning, its paper, and the rules of its checks."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Column,
    DetailPage,
    Fact,
    Figure,
    FilePage,
    FormPage,
    Kind,
    Link,
    ListPage,
    Panel,
    Tone,
)
from zhen.packs.upkeep import rights
from zhen.packs.upkeep.flood import actions, forms, queries
from zhen.packs.upkeep.flood.models import Alert, Level
from zhen.packs.upkeep.flood.registers import REGISTERS, SHELTER_COLUMNS, SUPPLY_COLUMNS
from zhen.packs.upkeep.flood.report import report_pdf
from zhen.packs.upkeep.flood.rule_screens import PAGES as RULES

TONES = {Level.BLUE: Tone.DUE_SOON, Level.YELLOW: Tone.BEHIND, Level.ORANGE: Tone.BEHIND, Level.RED: Tone.OVERDUE}


def level_chip(alert: Alert) -> Chip:
    if alert.ended_at is not None:
        return Chip(text=_("lifted"))
    return Chip(text=alert.get_level_display(), tone=TONES[Level(alert.level)])


def of(alert: Alert) -> str:
    return reverse("page:upkeep.alert", kwargs={"key": alert.pk})


def holds(_actor: Actor, alert: Alert) -> bool:
    return alert.ended_at is None


def figures(actor: Actor, alert: Alert) -> list[Figure]:
    """The situation in numbers: each from the rows that stand below it."""
    now = queries.situation(actor, alert)
    asked = sum(one.coverage.subjects for one in now.checks)
    seen = sum(one.coverage.seen for one in now.checks)
    left = sum(one.coverage.planned for one in now.checks)
    wrong = Tone.OVERDUE if now.findings_open else Tone.NEUTRAL
    when = _("now") if alert.ended_at is None else _("at its end")
    return [
        Figure(label=_("on duty"), value=len(now.duties), period=when),
        Figure(label=_("checked"), value=seen, period=when, target=str(asked) if asked else ""),
        Figure(label=_("still to be checked"), value=left, period=when),
        Figure(label=_("findings open"), value=now.findings_open, period=when, tone=wrong),
        Figure(label=_("shelters open"), value=now.shelters_open, period=_("now")),
        Figure(label=_("people in shelters"), value=now.people, period=_("now")),
        Figure(label=_("supplies below what should be"), value=len(now.short), period=_("now")),
        Figure(label=_("flood alarms open"), value=now.cases_open, period=when),
    ]


def facts(actor: Actor, alert: Alert) -> list[Fact]:
    on_duty = "；".join(f"{one.get_task_display()} {one.user or '—'}" for one in queries.on_duty(alert, clock.now()))
    return [
        Fact(label=_("kind"), value=alert.get_kind_display()),
        Fact(label=_("level"), value=alert.get_level_display()),
        Fact(label=_("response"), value=alert.get_response_display()),
        Fact(label=_("unit in charge"), value=alert.unit.name),
        Fact(label=_("warning issued at"), value=alert.began_at, kind=Kind.TIME),
        Fact(label=_("lifted at"), value=alert.ended_at, kind=Kind.TIME),
        Fact(label=_("on duty"), value=on_duty),
    ]


def paper(_actor: Actor, alert: Alert) -> list[Link]:
    url = reverse("page:upkeep.alert_report", kwargs={"key": alert.pk})
    return [Link(text=_("Situation report (A4)"), url=url, icon="file-text", detail=_("As it stands now."))]


def check_rows(_actor: Actor, alert: Alert) -> list[dict[str, Any]]:
    return [
        {
            "phase": one.check.get_phase_display(),
            "campaign": Link(
                text=one.check.campaign.title,
                url=reverse("page:rounds.campaign", kwargs={"key": one.check.campaign_id}),
            ),
            "subjects": one.coverage.subjects,
            "seen": one.coverage.seen,
            "planned": one.coverage.planned,
            "found": one.coverage.with_findings,
        }
        for one in queries.checks_of(alert)
    ]


def readings(actor: Actor, _alert: Alert) -> list[dict[str, Any]]:
    return [
        {"device": one.device, "metric": one.metric, "value": f"{one.value:g} {one.unit}", "at": one.at}
        for one in queries.measured(actor)
    ]


def case_link(row: Any) -> Link | str:
    return Link(text=row.case.number, url=f"/desk/cases/{row.case.number}/") if row.case is not None else ""


def save_alert(actor: Actor, _subject: None, form: forms.DeclareForm) -> str:
    given = {**form.cleaned_data}
    unit = given.pop("unit")
    return of(actions.declare(actor, unit_id=unit.pk, **given))


def save_level(actor: Actor, alert: Alert, form: forms.LevelForm) -> str:
    return of(actions.set_level(actor, alert, **form.cleaned_data))


def save_lift(actor: Actor, alert: Alert, form: forms.LiftForm) -> str:
    return of(actions.lift(actor, alert, form.cleaned_data["source"]))


def save_duty(actor: Actor, alert: Alert, form: forms.DutyForm) -> str:
    given = {**form.cleaned_data}
    user = given.pop("user")
    actions.put_on_duty(actor, alert, user_id=user.pk, **given)
    return of(alert)


ALERT_PANELS = (
    Panel(id="figures", title=_("Situation"), form="figures", source=figures, wide=True),
    Panel(id="facts", title=_("What holds"), form="facts", source=facts),
    Panel(id="paper", title=_("Papers"), form="links", source=paper),
    Panel(
        id="checks",
        title=_("Checks"),
        form="table",
        source=check_rows,
        columns=(
            Column(id="phase", label=_("phase"), value="phase"),
            Column(
                id="campaign",
                label=pgettext_lazy("of inspections", "campaign"),
                value="campaign",
                kind=Kind.LINK,
                width="wide",
            ),
            Column(id="subjects", label=_("to be looked at"), value="subjects", kind=Kind.NUMBER),
            Column(id="seen", label=_("looked at"), value="seen", kind=Kind.NUMBER),
            Column(id="planned", label=_("still to be checked"), value="planned", kind=Kind.NUMBER),
            Column(id="found", label=_("with findings"), value="found", kind=Kind.NUMBER),
        ),
        wide=True,
        empty=_("This level opens no check. The rules say which level opens which."),
    ),
    Panel(
        id="findings",
        title=pgettext_lazy("of visits", "Findings"),
        form="table",
        source=lambda _actor, alert: queries.findings_of(alert),
        columns=(
            Column(id="subject", label=_("where"), value="subject.name", width="wide"),
            Column(id="title", label=pgettext_lazy("of a visit", "finding"), value="title"),
            Column(id="case", label=_("case number"), value=case_link, kind=Kind.LINK),
            Column(id="right", label=_("put right at"), value="rectified_at", kind=Kind.TIME),
        ),
        permission="rounds.view",
        wide=True,
        empty=_("Nothing was found so far."),
    ),
    Panel(
        id="duty",
        title=_("Duty roster"),
        form="table",
        source=lambda _actor, alert: alert.duties.select_related("user"),
        columns=(
            Column(id="who", label=_("who"), value="user", kind=Kind.PERSON),
            Column(id="task", label=_("task"), value="get_task_display"),
            Column(id="from", label=_("from"), value="from_at", kind=Kind.TIME),
            Column(id="to", label=_("to"), value="to_at", kind=Kind.TIME),
        ),
        empty=_("Nobody is on the roster yet."),
    ),
    Panel(
        id="steps",
        title=_("Levels"),
        form="table",
        source=lambda _actor, alert: alert.steps.all(),
        columns=(
            Column(id="at", label=_("since"), value="at", kind=Kind.TIME),
            Column(id="level", label=_("level"), value="get_level_display"),
            Column(id="response", label=_("response"), value="get_response_display"),
            Column(id="source", label=_("by whose order"), value="source"),
        ),
    ),
    Panel(
        id="shelters",
        title=_("Shelters"),
        form="table",
        source=lambda actor, _alert: queries.shelters(actor).order_by("-people", "name"),
        columns=SHELTER_COLUMNS[:4],
        detail="upkeep.shelter",
        empty=_("No shelter is entered."),
    ),
    Panel(
        id="short",
        title=_("Supplies below what should be"),
        form="table",
        source=lambda actor, _alert: queries.short(actor),
        columns=SUPPLY_COLUMNS[:4],
        detail="upkeep.supply",
        empty=_("Of everything there is enough."),
    ),
    Panel(
        id="readings",
        title=_("Rain and water"),
        form="table",
        source=readings,
        columns=(
            Column(id="device", label=_("device"), value="device"),
            Column(id="metric", label=_("metric"), value="metric"),
            Column(id="value", label=_("value"), value="value"),
            Column(id="at", label=_("read at"), value="at", kind=Kind.TIME),
        ),
        empty=_("No rain gauge or water level has told anything yet."),
    ),
    Panel(
        id="cases",
        title=_("Flood alarms"),
        form="table",
        source=lambda actor, alert: queries.cases_of(actor, alert),
        columns=(
            Column(
                id="number",
                label=_("case number"),
                value=lambda row: Link(text=row.number, url=f"/desk/cases/{row.number}/"),
                kind=Kind.LINK,
            ),
            Column(id="title", label=_("title"), value="title", width="wide"),
            Column(id="at", label=_("received at"), value="received_at", kind=Kind.TIME),
        ),
        permission=rights.VIEW,
        empty=_("No device has raised an alarm."),
    ),
    HISTORY,
)

ALERTS = (
    ListPage(
        id="upkeep.alerts",
        title=_("Typhoon and flood"),
        menu=_("Typhoon and flood"),
        icon="cloud-rain",
        order=67,
        permission=rights.REGISTER_VIEW,
        intro=_("Each warning with its levels, duty, checks, shelters and supplies; its page is the situation now."),
        rows=lambda actor, _params: queries.alerts(actor),
        columns=(
            Column(id="title", label=_("title"), value="title", width="wide"),
            Column(id="kind", label=_("kind"), value="get_kind_display"),
            Column(id="level", label=_("level"), value=level_chip, kind=Kind.CHIP, sort="level"),
            Column(id="response", label=_("response"), value="get_response_display"),
            Column(id="began", label=_("warning issued at"), value="began_at", kind=Kind.TIME, sort="began_at"),
            Column(id="ended", label=_("lifted at"), value="ended_at", kind=Kind.TIME, sort="ended_at"),
        ),
        order_by=("-began_at", "-pk"),
        detail="upkeep.alert",
        buttons=(
            Button(id="new", label=_("Declare a warning"), permission=rights.FLOOD, form="upkeep.alert_new", key="n"),
        ),
        empty=_("No warning was ever declared."),
    ),
    DetailPage(
        id="upkeep.alert",
        title=pgettext_lazy("of the weather", "warning"),
        permission=rights.REGISTER_VIEW,
        subject=queries.alert_for,
        heading=lambda alert: alert.title,
        chips=lambda alert: (level_chip(alert),),
        panels=ALERT_PANELS,
        buttons=(
            Button(
                id="level", label=_("Raise or lower"), permission=rights.FLOOD, form="upkeep.alert_level", shown=holds
            ),
            Button(id="duty", label=_("Put on duty"), permission=rights.FLOOD, form="upkeep.alert_duty", shown=holds),
            Button(id="lift", label=_("Lift"), permission=rights.FLOOD, form="upkeep.alert_lift", shown=holds),
        ),
        live=frozenset({"rounds.visited", "upkeep.warning_changed", "upkeep.shelter_told", "upkeep.supply_counted"}),
    ),
    FilePage(
        id="upkeep.alert_report",
        title=_("Situation report (A4)"),
        permission=rights.REGISTER_VIEW,
        subject=queries.alert_for,
        make=report_pdf,
    ),
    FormPage(
        id="upkeep.alert_new",
        title=_("Declare a warning"),
        intro=_("The checks of its level are opened at once, for everybody who walks the grid."),
        permission=rights.FLOOD,
        form=lambda _actor, _subject, data, _files: forms.DeclareForm(data),
        save=save_alert,
        submit=_("Declare"),
    ),
    FormPage(
        id="upkeep.alert_level",
        title=_("Raise or lower"),
        permission=rights.FLOOD,
        subject=queries.alert_for,
        form=lambda _actor, _alert, data, _files: forms.LevelForm(data),
        save=save_level,
        submit=_("Order"),
    ),
    FormPage(
        id="upkeep.alert_lift",
        title=_("Lift"),
        intro=_("What has to be looked at afterwards is opened at once."),
        permission=rights.FLOOD,
        subject=queries.alert_for,
        form=lambda _actor, _alert, data, _files: forms.LiftForm(data),
        save=save_lift,
        submit=_("Lift"),
    ),
    FormPage(
        id="upkeep.alert_duty",
        title=_("Put on duty"),
        permission=rights.FLOOD,
        subject=queries.alert_for,
        form=lambda _actor, _alert, data, _files: forms.DutyForm(data),
        save=save_duty,
        submit=_("Put on duty"),
    ),
)
PAGES = (*ALERTS, *RULES, *REGISTERS)
