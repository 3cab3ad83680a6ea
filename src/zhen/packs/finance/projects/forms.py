"""The forms of the project library."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.identity.api import Unit
from zhen.kernel.lib.numbers import Money, Unreadable
from zhen.packs.finance.forms import PARTED, long_text
from zhen.packs.finance.projects.models import Project

MOST_LINES = 60
FIRST, LAST = 2000, 2100


class ProjectForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("department"), queryset=Unit.objects.none())
    name = forms.CharField(label=_("project"), max_length=100)
    kind = forms.ChoiceField(label=_("kind"), choices=Project.Kind.choices, initial=Project.Kind.SPECIFIC)
    basis = long_text(
        pgettext_lazy("a project", "basis"), most=300, help_text=_("The decision, plan or contract that it rests on.")
    )
    objective = long_text(_("objective"), help_text=_("What it is to bring about, so that it can be seen afterwards."))
    function = forms.CharField(label=_("function class"), max_length=20)
    source = forms.CharField(label=_("funding source"), max_length=20)
    priority = forms.IntegerField(
        label=_("priority"), min_value=1, max_value=999, initial=100, help_text=_("The lowest number comes first.")
    )
    needs = long_text(
        _("needs"),
        rows=4,
        most=4000,
        help_text=_("A line for each: year | economic class | yuan, such as 2027 | 30213 | 50万"),
    )

    def __init__(self, units: QuerySet[Unit], project: Project | None, data: Any) -> None:
        super().__init__(data, initial=_facts(project) if project else None)
        chosen = self.fields["unit"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = units if project is None else Unit.objects.filter(pk=project.unit_id)

    def clean_needs(self) -> list[tuple[int, str, int]]:
        found: dict[tuple[int, str], int] = {}
        for number, line in enumerate(self.cleaned_data["needs"].splitlines()[:MOST_LINES], 1):
            if not line.strip():
                continue
            year, economic, fen = _need(number, line.strip())
            if (year, economic) in found:
                raise forms.ValidationError(
                    _("Line %(number)s: %(year)s has %(economic)s already; write one line with the sum")
                    % {"number": number, "year": year, "economic": economic}
                )
            found[year, economic] = fen
        return [(year, economic, fen) for (year, economic), fen in found.items()]


def _need(number: int, line: str) -> tuple[int, str, int]:
    parts = PARTED.split(line)
    if len(parts) != 3 or not re.fullmatch("[0-9]{4}", parts[0]) or not re.fullmatch("[0-9]{3,20}", parts[1]):
        raise forms.ValidationError(
            _("Line %(number)s: write year | economic class | yuan, such as 2027 | 30213 | 50万") % {"number": number}
        )
    if not FIRST <= int(parts[0]) <= LAST:
        raise forms.ValidationError(
            _("Line %(number)s: the year must be from %(first)s to %(last)s")
            % {"number": number, "first": FIRST, "last": LAST}
        )
    try:
        fen = Money.parse(parts[2][:30]).fen
    except Unreadable as fault:
        raise forms.ValidationError(_("Line %(number)s: %(fault)s") % {"number": number, "fault": fault}) from fault
    if fen <= 0:
        raise forms.ValidationError(_("Line %(number)s: the amount must be above zero") % {"number": number})
    return int(parts[0]), parts[1], fen


def _facts(project: Project) -> dict[str, Any]:
    needs = "\n".join(f"{need.year} | {need.economic} | {need.amount / 100:.2f}" for need in project.needs.all())
    names = ("unit", "name", "kind", "basis", "objective", "function", "source", "priority")
    return {**{name: getattr(project, name) for name in names}, "needs": needs}


class ReasonForm(forms.Form):
    said = long_text(_("reason"), most=300)


class Projects(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.priority} · {obj.unit.name} · {obj.name} · {Money(obj.needed)}"


class DrawForm(forms.Form):
    projects = Projects(
        label=pgettext_lazy("a project", "projects"),
        queryset=Project.objects.none(),
        widget=forms.CheckboxSelectMultiple(),
    )

    def __init__(self, projects: QuerySet[Project], data: Any) -> None:
        super().__init__(data)
        chosen = self.fields["projects"]
        assert isinstance(chosen, forms.ModelMultipleChoiceField)
        chosen.queryset = projects
