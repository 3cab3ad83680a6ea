"""The pages of the checks that warnings open: the list, one rule, and the forms that enter and end it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Fact,
    Filter,
    FormPage,
    Kind,
    ListPage,
    Missing,
    Panel,
    Tone,
)
from zhen.kernel.rounds.api import CHECKLISTS, ChecklistVersion
from zhen.packs.upkeep import rights
from zhen.packs.upkeep.flood import queries
from zhen.packs.upkeep.flood.models import CheckRule
from zhen.packs.upkeep.flood.rules import end_rule, enter_rule


def kinds_of_premises() -> list[tuple[str, Any]]:
    from zhen.packs.upkeep.models import Premises

    return list(Premises.Kind.choices)


def checklists_in_use() -> list[tuple[str, str]]:
    """Each checklist by the name of its newest version in use."""
    rows = ChecklistVersion.objects.filter(published_at__isnull=False).order_by("code", "number")
    return sorted({row.code: row.name for row in rows}.items(), key=lambda pair: pair[1])


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    premises = forms.ChoiceField(label=_("kind of premises"), choices=kinds_of_premises)
    checklist = forms.ChoiceField(label=_("checklist"), choices=checklists_in_use)
    days = forms.IntegerField(label=_("days for it"), min_value=1, max_value=30, initial=1)
    valid_from = forms.DateField(
        label=_("in force from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = forms.CharField(
        label=_("by whose order"), max_length=200, help_text=_("By whose decision: a law, a standard, a document.")
    )

    class Meta:
        model = CheckRule
        fields = ("kind", "level", "phase", "premises", "checklist", "days", "valid_from", "source")

    def __init__(self, data: Any) -> None:
        super().__init__(data, initial={"valid_from": clock.today()})


class EndForm(forms.Form):
    last = forms.DateField(label=_("in force until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data: Any) -> None:
        super().__init__(data, initial={"last": clock.today()})


def rule_for(_actor: Actor, key: str) -> CheckRule:
    rows = queries.check_rules()
    found = rows.filter(pk=key).first() if key.isascii() and key.isdecimal() and len(key) < 19 else None
    if found is None:
        raise Missing(key)
    return found


def premises_name(rule: CheckRule) -> Any:
    return dict(kinds_of_premises()).get(rule.premises, rule.premises)


def checklist_name(rule: CheckRule) -> Any:
    known = CHECKLISTS.get(rule.checklist)
    return known.title if known else rule.checklist


def warning_name(rule: CheckRule) -> Any:
    return rule.get_kind_display() if rule.kind else _("every warning")


def state(rule: CheckRule) -> Chip:
    today = clock.today()
    if rule.valid_from > today:
        return Chip(text=_("to come"), tone=Tone.DUE_SOON)
    if rule.valid_to is not None and rule.valid_to < today:
        return Chip(text=_("ended"))
    return Chip(text=_("in force"), tone=Tone.ON_TRACK)


def by_state(rows: QuerySet[CheckRule], value: str) -> QuerySet[CheckRule]:
    ended = Q(valid_to__lt=clock.today())
    return rows.filter(ended) if value == "ended" else rows.exclude(ended)


def facts(_actor: Actor, rule: CheckRule) -> list[Fact]:
    return [
        Fact(label=_("kind"), value=warning_name(rule)),
        Fact(label=_("from the level"), value=rule.get_level_display()),
        Fact(label=_("phase"), value=rule.get_phase_display()),
        Fact(label=_("kind of premises"), value=premises_name(rule)),
        Fact(label=_("checklist"), value=checklist_name(rule)),
        Fact(label=_("days for it"), value=rule.days, kind=Kind.NUMBER),
        Fact(label=_("in force from"), value=rule.valid_from, kind=Kind.DATE),
        Fact(label=_("in force until"), value=rule.valid_to, kind=Kind.DATE),
        Fact(label=_("source"), value=rule.source),
    ]


def url_of(rule: CheckRule) -> str:
    return reverse("page:upkeep.alert_rule", kwargs={"key": rule.pk})


def save_new(actor: Actor, _subject: None, form: RuleForm) -> str:
    return url_of(enter_rule(actor, form.cleaned_data))


def save_end(actor: Actor, rule: CheckRule, form: EndForm) -> str:
    return url_of(end_rule(actor, rule, form.cleaned_data["last"]))


PAGES = (
    ListPage(
        id="upkeep.alert_rules",
        title=_("Checks that warnings open"),
        permission=rights.REGISTER_VIEW,
        intro=_("Which level opens which check, since when, and by what rule."),
        rows=lambda _actor, _params: queries.check_rules(),
        columns=(
            Column(id="premises", label=_("kind of premises"), value=premises_name),
            Column(id="phase", label=_("phase"), value="get_phase_display"),
            Column(id="level", label=_("from the level"), value="get_level_display", sort="level"),
            Column(id="kind", label=_("kind"), value=warning_name),
            Column(id="checklist", label=_("checklist"), value=checklist_name),
            Column(id="from", label=_("in force from"), value="valid_from", kind=Kind.DATE, sort="valid_from"),
            Column(id="to", label=_("in force until"), value="valid_to", kind=Kind.DATE),
            Column(id="state", label=_("state"), value=state, kind=Kind.CHIP),
            Column(id="source", label=_("source"), value="source", width="wide"),
        ),
        filters=(
            Filter(
                id="state",
                label=_("state"),
                apply=by_state,
                choices=(Choice(value="holds", label=_("in force")), Choice(value="ended", label=_("ended"))),
            ),
        ),
        order_by=("level", "phase", "premises", "pk"),
        detail="upkeep.alert_rule",
        buttons=(
            Button(id="new", label=_("Enter a rule"), permission=rights.FLOOD, form="upkeep.alert_rule_new", key="n"),
        ),
        empty=_("No rule is in force: warnings open no checks."),
    ),
    DetailPage(
        id="upkeep.alert_rule",
        title=_("check that a warning opens"),
        permission=rights.REGISTER_VIEW,
        subject=rule_for,
        heading=lambda rule: f"{premises_name(rule)} · {rule.get_phase_display()}",
        chips=lambda rule: (state(rule),),
        panels=(Panel(id="facts", title=_("What holds"), form="facts", source=facts), HISTORY),
        buttons=(
            Button(
                id="end",
                label=_("End the rule"),
                permission=rights.FLOOD,
                form="upkeep.alert_rule_end",
                shown=lambda _actor, rule: rule.valid_to is None,
            ),
        ),
    ),
    FormPage(
        id="upkeep.alert_rule_new",
        title=_("Enter a rule"),
        intro=_("Warnings that are declared or raised from its day on open the check by themselves."),
        permission=rights.FLOOD,
        form=lambda _actor, _subject, data, _files: RuleForm(data),
        save=save_new,
        submit=_("Enter"),
    ),
    FormPage(
        id="upkeep.alert_rule_end",
        title=_("End the rule"),
        intro=_("The day is its last one. What it has opened goes on."),
        permission=rights.FLOOD,
        subject=rule_for,
        form=lambda _actor, _rule, data, _files: EndForm(data),
        save=save_end,
        submit=_("End the rule"),
    ),
)
