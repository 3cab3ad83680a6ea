"""The forms of alarms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhen.kernel.identity.api import Unit, User
from zhen.kernel.telemetry.alarms.rules import causes_of
from zhen.kernel.telemetry.declarations import CAUSES, Severity
from zhen.kernel.telemetry.models import EscalationStep


class CloseForm(forms.Form):
    """What it was. Offered are the causes that fit every profile of the alarms."""

    cause = forms.ChoiceField(label=_("cause"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("what was found"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any, profiles: Iterable[str]) -> None:
        super().__init__(data)
        known = [causes_of(profile) for profile in profiles] or [causes_of("")]
        fitting = [cause for cause in known[0] if all(cause in others for others in known[1:])]
        self.fields["cause"].choices = [(cause, CAUSES[cause]) for cause in fitting]  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    person = forms.ModelChoiceField(label=_("person"), queryset=User.objects.none())

    def __init__(self, data: Any, people: QuerySet[User]) -> None:
        super().__init__(data)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class CommentForm(forms.Form):
    text = forms.CharField(label=_("text"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class Moment(forms.DateTimeField):
    """A moment in the town's time, chosen to the minute."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **given: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **given)


class SuppressForm(forms.Form):
    starts_at = Moment(label=_("from"))
    ends_at = Moment(label=_("until"))
    reason = forms.CharField(label=_("reason"), max_length=200)

    def __init__(self, data: Any, start: datetime) -> None:
        super().__init__(data, initial={"starts_at": start})


class ShiftForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("unit"), queryset=Unit.objects.none())
    user = forms.ModelChoiceField(label=_("person"), queryset=User.objects.none())
    starts_at = Moment(label=_("from"))
    ends_at = Moment(label=_("until"))

    def __init__(self, data: Any, units: QuerySet[Unit], people: QuerySet[User], start: datetime) -> None:
        super().__init__(data, initial={"starts_at": start})
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["user"].queryset = people  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """One step more at the end of a unit's steps."""

    unit = forms.ModelChoiceField(label=_("unit"), queryset=Unit.objects.none())
    after_minutes = forms.FloatField(label=_("minutes after the alarm"), min_value=0, max_value=24 * 60)
    whom = forms.ChoiceField(label=_("whom"), choices=EscalationStep.Whom.choices)
    person = forms.ModelChoiceField(
        label=_("person"), queryset=User.objects.none(), required=False, help_text=_("Only for a named person.")
    )
    severity = forms.TypedChoiceField(
        label=_("severity at least"), coerce=int, choices=Severity.choices, initial=Severity.MINOR
    )

    def __init__(self, data: Any, units: QuerySet[Unit], people: QuerySet[User]) -> None:
        super().__init__(data)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
