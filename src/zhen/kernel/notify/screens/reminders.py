"""The rules of reminders: what is reminded of, when, and whom."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import ROLES, Actor
from zhen.kernel.notify import actions
from zhen.kernel.notify.declarations import REMINDER_SOURCES
from zhen.kernel.notify.forms import RuleForm
from zhen.kernel.notify.models import ReminderRule
from zhen.kernel.notify.queries import (
    rule,
    rules,
)
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Column,
    DetailPage,
    Fact,
    FormPage,
    Kind,
    ListPage,
    Panel,
    Params,
    Tone,
)

Text = str | Promise
RULES = "notify.reminder.manage"


def all_rules(actor: Actor, _params: Params) -> QuerySet[ReminderRule]:
    return rules(actor)


def source_name(row: ReminderRule) -> Text:
    found = REMINDER_SOURCES.get(row.source)
    return found.name if found else row.source


def to_whom(row: ReminderRule) -> Text:
    role = ROLES.get(row.role)
    return role.name if role else _("the people who answer for it")


def rule_form(_actor: Actor, subject: ReminderRule | None, data: Any, _files: Any) -> RuleForm:
    if subject is None:
        return RuleForm(data)
    names = ("source", "offset", "role", "channels", "working_days", "active")
    return RuleForm(data, initial={name: getattr(subject, name) for name in names})


def save_rule(actor: Actor, subject: ReminderRule | None, form: RuleForm) -> str:
    actions.save_rule(actor, subject, **form.cleaned_data)
    return reverse("page:notify.rules")


REMINDERS = (
    ListPage(
        id="notify.rules",
        title=_("Reminder rules"),
        menu=_("Reminder rules"),
        icon="bell",
        order=880,
        permission=RULES,
        rows=all_rules,
        columns=(
            Column(id="source", label=_("of what"), value=source_name),
            Column(
                id="offset",
                label=_("days after the date (negative: before)"),
                value="offset",
                kind=Kind.NUMBER,
                sort="offset",
            ),
            Column(id="to", label=_("to the role"), value=to_whom),
            Column(
                id="active",
                label=_("State"),
                value=lambda row: (
                    Chip(text=_("active"), tone=Tone.ON_TRACK) if row.active else Chip(text=_("switched off"))
                ),
                kind=Kind.CHIP,
            ),
        ),
        order_by=("source", "offset", "role"),
        detail="notify.rule",
        buttons=(Button(id="new", label=_("New rule"), permission=RULES, form="notify.rule_new"),),
        empty=_("Nobody is reminded of anything yet. A rule says how many days before or after a date, and whom."),
    ),
    DetailPage(
        id="notify.rule",
        title=_("reminder rule"),
        permission=RULES,
        subject=rule,
        heading=lambda subject: source_name(subject),
        panels=(
            Panel(
                id="facts",
                title=_("reminder rule"),
                form="facts",
                source=lambda _actor, row: [
                    Fact(label=_("days after the date (negative: before)"), value=row.offset, kind=Kind.NUMBER),
                    Fact(label=_("to the role"), value=to_whom(row)),
                    Fact(label=_("channels"), value="、".join(row.channels) or "—"),
                    Fact(label=_("on working days only"), value=_("yes") if row.working_days else _("no")),
                ],
            ),
        ),
        buttons=(Button(id="edit", label=_("Change"), permission=RULES, form="notify.rule_edit", key="e"),),
    ),
    FormPage(
        id="notify.rule_new",
        title=_("New rule"),
        permission=RULES,
        form=rule_form,
        save=save_rule,
        submit=_("Save"),
    ),
    FormPage(
        id="notify.rule_edit",
        title=_("Change a rule"),
        permission=RULES,
        subject=rule,
        form=rule_form,
        save=save_rule,
        submit=_("Save"),
    ),
)
