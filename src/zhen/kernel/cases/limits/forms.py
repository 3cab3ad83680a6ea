"""The form for a time limit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.declarations import CASE_TYPES
from zhen.kernel.cases.limits.values import NewLimit
from zhen.kernel.cases.models import TimeLimit
from zhen.kernel.cases.routing.forms import class_choices

DEADLINE = "/"


def deadline_choices() -> list[tuple[str, Any]]:
    """Each deadline of each kind of case."""
    return [
        (f"{type_.id}{DEADLINE}{deadline.id}", _("{type}: {deadline}").format(type=type_.name, deadline=deadline.name))
        for type_ in CASE_TYPES
        for deadline in type_.deadlines
    ]


def _days(label: Any, help: Any, initial: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=help, min_value=0, max_value=60, initial=initial)


class LimitForm(forms.Form):
    deadline = forms.ChoiceField(label=_("deadline"), choices=deadline_choices)
    category = forms.TypedChoiceField(
        label=_("class"), coerce=int, empty_value=None, required=False, choices=class_choices
    )
    amount = forms.IntegerField(label=_("amount"), min_value=1, max_value=3660)
    unit = forms.ChoiceField(label=_("unit of time"), choices=TimeLimit.Unit.choices, initial="working_days")
    moves = forms.BooleanField(
        label=_("a last day off moves to the next worked day"),
        required=False,
        help_text=_("Only for calendar days, and only where its source says so (Civil Code, article 203)."),
    )
    warn_at = forms.IntegerField(
        label=_("warn at per cent of the limit"),
        min_value=0,
        max_value=99,
        initial=80,
        help_text=_("Whoever has the case is told when so much of the time has run. 0: never."),
    )
    remind_every = _days(
        _("remind every so many working days"), _("After it has run out, as long as it is open. 0: never."), 0
    )
    escalate_after = _days(_("escalate after working days"), _("Counted from when it ran out. 0: never."), 1)
    escalate_to = forms.ChoiceField(
        label=_("escalate to"), choices=TimeLimit.Above.choices, initial=TimeLimit.Above.DISPATCHER
    )
    valid_from = forms.DateField(
        label=_("from"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Cases that are received before keep the limit that they have."),
    )
    source = forms.CharField(
        label=_("source"), max_length=300, help_text=_("By whose decision: a law, a standard, a document.")
    )

    def proposal(self) -> NewLimit:
        given = dict(self.cleaned_data)
        case_type, _mark, deadline = given.pop("deadline").partition(DEADLINE)
        source = given.pop("source").strip()
        return NewLimit(
            case_type=case_type, deadline=deadline, category_id=given.pop("category"), source=source, **given
        )
