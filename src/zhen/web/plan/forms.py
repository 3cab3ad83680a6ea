"""Forms of the plan's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhen.kernel.plan.api import Comparator, Document, Edit, Finding, Measure, Series, TargetKind

REPORTABLE = [choice for choice in Measure.State.choices if choice[0] != Measure.State.NOT_REPORTED]


class FindingForm(forms.Form):
    """What a finding says. The inputs belong to a form elsewhere on the page (`form_id`): forms do not nest."""

    comparator = forms.ChoiceField(label=_("comparator"), choices=Comparator.choices, required=False)
    value = forms.DecimalField(label=_("value"), max_digits=20, decimal_places=6, required=False)
    value_high = forms.DecimalField(label=_("upper value"), max_digits=20, decimal_places=6, required=False)
    unit = forms.CharField(label=_("unit of measure"), max_length=30, required=False)
    target_kind = forms.ChoiceField(label=_("kind of target"), choices=TargetKind.choices, required=False)
    verb = forms.CharField(label=_("verb"), max_length=60, required=False)
    object = forms.CharField(label=_("object"), max_length=300, required=False)
    due_on = forms.DateField(
        label=_("due on"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    lead = forms.CharField(label=_("lead units, one a line"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    cooperating = forms.CharField(
        label=_("cooperating units, one a line"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    TARGET_ONLY = ("comparator", "value", "value_high", "unit", "target_kind")

    def __init__(self, *args: Any, kind: str, form_id: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{form_id}-%s"
        if kind == Finding.Kind.MEASURE:
            for name in self.TARGET_ONLY:
                del self.fields[name]
        for field in self.fields.values():
            field.widget.attrs["form"] = form_id

    def edit(self) -> Edit:
        given = self.cleaned_data
        owners = [
            {"name": name.strip(), "role": role, "generic": False}
            for role, names in (("lead", given["lead"]), ("cooperating", given["cooperating"]))
            for name in names.splitlines()
            if name.strip()
        ]
        return Edit(
            comparator=given.get("comparator") or "",
            value=given.get("value"),
            value_high=given.get("value_high"),
            unit=given.get("unit") or "",
            target_kind=given.get("target_kind") or "",
            verb=given["verb"],
            object=given["object"],
            due_on=given["due_on"],
            owners=owners,
        )


def initial_of(finding: Finding) -> dict[str, Any]:
    names = ("comparator", "value", "value_high", "unit", "target_kind", "verb", "object", "due_on")
    values = {name: getattr(finding, name) for name in names}
    for name in ("value", "value_high"):
        if values[name] is not None:
            values[name] = values[name].normalize().__format__("f")
    for role in ("lead", "cooperating"):
        values[role] = "\n".join(owner["name"] for owner in finding.owners if owner["role"] == role)
    return values


class ReportForm(forms.Form):
    """Where a measure stands, as its owner says."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(label=_("state"), choices=REPORTABLE)
    note = forms.CharField(label=_("note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class BindForm(forms.Form):
    """What measures a target: `indicator:ID` or `series:NUMBER`, or nothing."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    source = forms.ChoiceField(label=_("measured by"), required=False)
    reading = forms.ChoiceField(label=_("read from the series"))
    course = forms.ChoiceField(label=_("course"))
    baseline = forms.DecimalField(label=_("value at the start"), required=False, max_digits=20, decimal_places=6)


class DocumentForm(forms.Form):
    """A plan to import."""

    file = forms.FileField(label=_("file"), help_text=_("txt, docx, html or pdf, at most 20 MB"))
    kind = forms.ChoiceField(label=_("kind"))
    title = forms.CharField(label=_("title"), required=False, max_length=200, help_text=_("empty: as the text says"))
    year = forms.IntegerField(
        label=_("year"), required=False, min_value=1949, max_value=2100, help_text=_("empty: as the text says")
    )
    into: Any = forms.ModelChoiceField(
        queryset=Document.objects.none(),
        label=_("a new text of"),
        required=False,
        help_text=_("empty: a plan of its own"),
    )


class SeriesFileForm(forms.Form):
    """A file of figures for a series."""

    file = forms.FileField(label=_("file"), help_text=_("CSV or XLSX with the columns 时间 and 数值, at most 5 MB"))
    source = forms.CharField(label=_("source"), required=False, max_length=300)


class SeriesForm(forms.Form):
    """A new series."""

    code = forms.SlugField(
        label=_("code"), max_length=60, help_text=_("letters, digits and dashes, such as tax-district")
    )
    name = forms.CharField(label=_("name"), max_length=200)
    kind = forms.ChoiceField(label=_("kind"), choices=Series.Kind.choices)
    unit = forms.CharField(label=_("unit of measure"), max_length=30)
    source = forms.CharField(label=_("source"), max_length=300)
