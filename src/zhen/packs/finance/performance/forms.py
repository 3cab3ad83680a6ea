"""The forms of objectives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.files.api import ALL, UploadField
from zhen.kernel.lib import clock
from zhen.kernel.plan.api import INDICATORS
from zhen.packs.finance.forms import Day
from zhen.packs.finance.performance.models import Measure, Objective
from zhen.packs.finance.performance.rules import Comparator, Group


class Prose(forms.CharField):
    widget = forms.Textarea(attrs={"rows": 4})


class ObjectiveForm(forms.Form):
    text = Prose(label=_("objective"), max_length=500)


class MeasureForm(forms.Form):
    group = forms.ChoiceField(label=_("group"), choices=Group.choices)
    name = forms.CharField(label=_("indicator"), max_length=100)
    comparator = forms.ChoiceField(label=_("comparison"), choices=Comparator.choices)
    target = forms.DecimalField(label=_("target"), max_digits=16, decimal_places=2)
    unit = forms.CharField(label=_("unit of measure"), max_length=20, required=False)
    weight = forms.DecimalField(label=_("weight (points)"), max_digits=5, decimal_places=2, min_value=Decimal("0.01"))
    grows = forms.BooleanField(label=_("fills up over the year"), required=False, initial=True)

    field_order = ("group", "name", "indicator")

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        choices = sorted(((one.id, str(one.name)) for one in INDICATORS), key=lambda choice: choice[1])
        self.fields["indicator"] = forms.ChoiceField(
            label=_("read from"),
            required=False,
            choices=[("", _("entered by hand")), *choices],
            help_text=_("Empty: its value is entered by hand, with its evidence."),
        )
        self.order_fields(self.field_order)


class ValueForm(forms.Form):
    value = forms.DecimalField(label=_("value"), max_digits=16, decimal_places=2)
    on = Day(label=_("as of"))
    evidence = forms.CharField(label=_("evidence"), max_length=500)

    def __init__(self, actor: Actor, data: Any, files: Any) -> None:
        super().__init__(data, files, initial={"on": clock.today()})
        self.fields["paper"] = UploadField(actor, kinds=ALL, most=1, label=_("paper"), required=False)


class MonitorForm(forms.Form):
    note = Prose(label=_("what is done about it"), max_length=1000, required=False)


class AssessForm(forms.Form):
    assessment = Prose(label=_("self-assessment"), max_length=1000)


class ReviewForm(forms.Form):
    """For each indicator its points, which begin with the unit's own, and a reason where they differ."""

    def __init__(self, objective: Objective, data: Any) -> None:
        super().__init__(data)
        self.measures: list[Measure] = list(objective.measures.all())
        for measure in self.measures:
            facts = {"name": measure.name, "own": measure.self_points, "most": measure.weight}
            self.fields[f"points-{measure.pk}"] = forms.DecimalField(
                label=_("%(name)s: points (own %(own)s of %(most)s)") % facts,
                max_digits=5,
                decimal_places=2,
                min_value=0,
                max_value=measure.weight,
                initial=measure.self_points,
            )
            self.fields[f"reason-{measure.pk}"] = forms.CharField(
                label=_("%(name)s: reason of the difference") % facts, max_length=300, required=False
            )
        self.fields["opinion"] = Prose(label=_("opinion of the review"), max_length=1000)

    def given(self) -> dict[int, tuple[Decimal, str]]:
        said = self.cleaned_data
        return {one.pk: (said[f"points-{one.pk}"], said[f"reason-{one.pk}"]) for one in self.measures}


class PleaForm(forms.Form):
    reason = Prose(label=_("reason"), max_length=500)
