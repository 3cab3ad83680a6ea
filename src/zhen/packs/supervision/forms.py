"""The forms of supervision."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from zhen.kernel.plan.api import Measure


class ReportForm(forms.Form):
    state = forms.ChoiceField(
        label=_("where it stands"),
        choices=[(state.value, state.label) for state in Measure.State if state != Measure.State.NOT_REPORTED],
    )
    text = forms.CharField(label=_("report"), widget=forms.Textarea(attrs={"rows": 5}), max_length=5000)
    evidence = forms.CharField(
        label=_("evidence"),
        required=False,
        max_length=500,
        help_text=_("The document, the record or the place where it can be seen; needed for “done”."),
    )


class HandInForm(forms.Form):
    result = forms.CharField(label=_("result"), widget=forms.Textarea(attrs={"rows": 5}), max_length=5000)


class SignOffForm(forms.Form):
    outcome = forms.ChoiceField(label=_("outcome"))
    reason = forms.CharField(label=_("remark"), required=False, max_length=300)

    def __init__(self, data: object, outcomes: list[tuple[str, object]]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # handed on as it came
        self.fields["outcome"].choices = outcomes  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=300)


class WordsForm(forms.Form):
    words = forms.CharField(label=_("words"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)


class ProofForm(forms.Form):
    proof = forms.CharField(label=_("proof"), max_length=300)
    on = forms.DateField(label=_("done on"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
