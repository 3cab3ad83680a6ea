"""The forms of renewal."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import NewReporter
from zhen.kernel.files import api as files
from zhen.kernel.identity.api import User, open_units
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money, Unreadable
from zhen.kernel.parties.api import Organisation
from zhen.kernel.rounds.api import Visit
from zhen.packs.renewal import queries
from zhen.packs.renewal.checklists import ACCEPTANCE
from zhen.packs.renewal.models import (
    ConsentRule,
    Consultation,
    DelayReason,
    DoorFact,
    Milestone,
    Picture,
    Project,
    WarrantyTerm,
    valid_on,
)

MOST_CHOICES = 200
SECRET_LENGTH = 22
"""Of 128 random bits, as they are written."""


class MoneyField(forms.Field):
    """An amount in yuan, as people write it; fen come out."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": "30"})

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        try:
            return Money.parse(text[:30]).fen if text else None
        except Unreadable as fault:
            raise forms.ValidationError(
                _("“%(text)s” is no amount. Write yuan, such as 1234.50 or 120万.") % {"text": text}
            ) from fault

    def prepare_value(self, value: Any) -> Any:
        return f"{value / 100:.2f}" if isinstance(value, int) else value


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ProjectForm(forms.ModelForm):  # type: ignore[type-arg]
    first_start = Day(label=_("first plan: from"))
    first_end = Day(label=_("first plan: to"))
    budget = MoneyField(label=_("budget (yuan)"), required=False)
    contract = MoneyField(label=_("contract sum (yuan)"), required=False)
    contractor = forms.CharField(
        label=_("contractor's credit code"),
        required=False,
        max_length=18,
        help_text=_("Of a firm that stands among the organisations."),
    )

    class Meta:
        model = Project
        fields = (
            "kind", "name", "about", "address", "lon", "lat", "unit", "person", "first_start", "first_end", "budget",
            "budget_ref", "contractor", "contract", "contract_ref",
        )  # fmt: skip

    def __init__(self, data: Any, project: Project | None = None) -> None:
        super().__init__(data, instance=project)
        units, people = self.fields["unit"], self.fields["person"]
        assert isinstance(units, forms.ModelChoiceField)
        assert isinstance(people, forms.ModelChoiceField)
        units.queryset = open_units(clock.today())
        people.queryset = User.objects.filter(is_active=True, is_machine=False).order_by("name_key", "pk")
        if project is not None:
            for name in ("kind", "first_start", "first_end"):
                del self.fields[name]
            self.initial["contractor"] = project.contractor.code if project.contractor else ""

    def clean_contractor(self) -> Organisation | None:
        code = self.cleaned_data["contractor"].strip()
        if not code:
            return None
        found = Organisation.objects.filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_("No organisation has this code. Enter the firm first, or mend the code."))
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (given.get("lon") is None) != (given.get("lat") is None):
            self.add_error("lat", _("Give both longitude and latitude, or neither."))
        return given

    def _post_clean(self) -> None:
        """The action writes the row; nothing is put into it here."""


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class PurposeForm(forms.Form):
    purpose = forms.CharField(
        label=_("purpose"), max_length=200, help_text=_("Your purpose is written to the journal, with your name.")
    )


class BlackOutForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=300)

    def __init__(self, actor: Actor, picture: Picture, data: Any) -> None:
        super().__init__(data)
        shown = files.shown_of([picture.file])[picture.file_id]
        self.fields = {"boxes": files.RedactionField(actor, shown), **self.fields}


class ConsultationForm(forms.Form):
    asked = forms.IntegerField(label=_("households asked"), min_value=1, max_value=100_000)
    area_asked = forms.DecimalField(label=_("floor area asked (m²)"), min_value=1, max_digits=12, decimal_places=2)


def _label(name: str) -> Any:
    field = Consultation._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field.verbose_name


class VotesForm(forms.Form):
    """How the owners answered so far."""

    close = forms.BooleanField(
        label=_("This is the result: close the consultation"),
        required=False,
        help_text=_("Closed counts cannot be changed; the rule then says whether they are enough."),
    )

    def __init__(self, data: Any, consultation: Consultation) -> None:
        super().__init__(data)
        numbers = ("agreed", "against", "abstained")
        fields: dict[str, forms.Field] = {}
        for name in numbers:
            label = _label(name)
            fields[name] = forms.IntegerField(
                label=label, min_value=0, max_value=consultation.asked, initial=getattr(consultation, name)
            )
        for name in numbers:
            label = _label(f"area_{name}")
            fields[f"area_{name}"] = forms.DecimalField(
                label=label, min_value=0, max_digits=12, decimal_places=2, initial=getattr(consultation, f"area_{name}")
            )
        self.fields = {**fields, **self.fields}


class PublicityForm(forms.Form):
    starts_on = Day(label=_("from"))
    ends_on = Day(label=_("to"))
    where = forms.CharField(label=_("where it hangs"), max_length=200)


class ObjectionForm(forms.Form):
    text = forms.CharField(
        label=_("What do you object to, and why?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    name = forms.CharField(label=_("name"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("phone"),
        max_length=20,
        required=False,
        help_text=_("For the answer. Only whoever handles it can read it; without it the objection is anonymous."),
    )

    def reporter(self) -> NewReporter:
        """Whoever objects. What staff enter is followed by staff: nobody is given its secret."""
        given = self.cleaned_data
        secret = given.get("secret") or new_secret()
        return NewReporter(secret=secret, name=given["name"].strip(), phone=given["phone"].strip())


class PublicObjectionForm(ObjectionForm):
    """With a secret that the page makes up: whoever keeps it can follow the objection, and nobody else."""

    secret = forms.CharField(
        label=_("your secret"),
        min_length=SECRET_LENGTH,
        max_length=64,
        widget=forms.TextInput(attrs={"readonly": True, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Keep it. With it and the number you see later where your objection stands."),
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, initial={"secret": new_secret()})


def new_secret() -> str:
    return token_urlsafe(16)


def _visits(project: Project, checklist: str = "") -> list[tuple[str, str]]:
    rows = queries.shown_visits(project)
    rows = rows.filter(checklist=checklist) if checklist else rows
    return [(str(visit.pk), _said(visit)) for visit in rows.select_related("version")[:MOST_CHOICES]]


def _said(visit: Visit) -> str:
    people = "、".join(str(one) for one in (visit.inspector, visit.second) if one is not None)
    return " · ".join(part for part in (f"{visit.planned_on:%Y-%m-%d}", str(visit.version or ""), people) if part)


class VisitForm(forms.Form):
    """A form that names a visit to the project."""

    visit = forms.ChoiceField(label=_("visit"))

    def __init__(self, data: Any, project: Project, checklist: str = "") -> None:
        super().__init__(data)
        self.project = project
        field = self.fields["visit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *_visits(project, checklist)]

    def chosen(self) -> Visit | None:
        key = self.cleaned_data.get("visit")
        return queries.shown_visits(self.project).get(pk=key) if key else None


class ReachForm(VisitForm):
    on = Day(label=_("reached on"))
    proof = forms.CharField(label=_("proof"), max_length=200, required=False, help_text=_("Number of the document"))

    def __init__(self, data: Any, milestone: Milestone) -> None:
        super().__init__(data, milestone.project)
        self.fields["visit"].required = False
        self.fields["visit"].help_text = _("Works are shown by a visit that took a photo of them.")
        self.initial["on"] = clock.today()
        self.order_fields(["on", "proof", "visit"])


class AcceptForm(VisitForm):
    def __init__(self, data: Any, project: Project) -> None:
        super().__init__(data, project, ACCEPTANCE.id)


class MeasureForm(VisitForm):
    """A field for each line of the bill: what is done in all. Lines that are left empty stay as they are."""

    def __init__(self, data: Any, project: Project) -> None:
        super().__init__(data, project)
        for line in queries.quantities().filter(project=project):
            have = line.done or 0  # type: ignore[attr-defined]  # annotated
            self.fields[f"line_{line.pk}"] = forms.DecimalField(
                label=f"{line.name}（{line.unit}）",
                required=False,
                min_value=0,
                max_digits=12,
                decimal_places=2,
                help_text=_("%(have)s of %(planned)s so far") % {"have": have, "planned": line.planned},
            )

    def amounts(self) -> dict[int, Any]:
        prefix = "line_"
        return {
            int(name.removeprefix(prefix)): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix) and value is not None
        }


class QuantityForm(forms.Form):
    name = forms.CharField(label=_("item"), max_length=100)
    unit = forms.CharField(label=_("unit of measure"), max_length=20)
    planned = forms.DecimalField(label=_("planned"), min_value=0, max_digits=12, decimal_places=2)
    weight = forms.IntegerField(
        label=_("weight"), min_value=1, max_value=1000, initial=10, help_text=_("Such as its share of the price in %.")
    )


class DelayForm(forms.Form):
    new_on = Day(label=_("new day"))
    reason = forms.ModelChoiceField(label=_("reason"), queryset=DelayReason.objects.none())
    note = forms.CharField(label=_("note"), max_length=300, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        field = self.fields["reason"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = DelayReason.objects.filter(valid_on(clock.today())).order_by("pk")


class PairForm(forms.Form):
    title = forms.CharField(label=_("what is seen"), max_length=60)
    before = forms.ModelChoiceField(label=_("before"), queryset=Picture.objects.none())
    after = forms.ModelChoiceField(label=_("after"), queryset=Picture.objects.none())

    def __init__(self, data: Any, project: Project) -> None:
        super().__init__(data)
        for name in ("before", "after"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = Picture.objects.filter(project=project).select_related("file", "visit", "project")
            field.label_from_instance = _called  # type: ignore[method-assign,assignment]  # as Django documents it


def _called(picture: Picture) -> str:
    return f"{picture.taken_on:%Y-%m-%d} · {picture.file.name} · {picture.pk}"


class DoorsForm(forms.Form):
    labels = forms.CharField(
        label=_("doors"),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("One on each line, such as 12号301室. No names."),
    )


class FactForm(forms.Form):
    kind = forms.ChoiceField(label=_("fact"), widget=forms.RadioSelect)
    on = Day(label=_("day"))
    proof = forms.CharField(label=_("proof"), max_length=200, help_text=_("Number of the paper"))

    def __init__(self, data: Any, facts: list[DoorFact]) -> None:
        super().__init__(data)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.kind, one.get_kind_display()) for one in facts if one.confirmed_at is None]


class ConsentRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    valid_from = Day(label=_("valid from"))

    class Meta:
        model = ConsentRule
        fields = (
            "matter", "part_of", "part_in", "agree_of", "agree_in", "more_than", "of_all", "publicity_days",
            "valid_from", "source",
        )  # fmt: skip


class WarrantyForm(forms.ModelForm):  # type: ignore[type-arg]
    valid_from = Day(label=_("valid from"))

    class Meta:
        model = WarrantyTerm
        fields = ("kind", "months", "valid_from", "source")


class DelayReasonForm(forms.ModelForm):  # type: ignore[type-arg]
    valid_from = Day(label=_("valid from"))

    class Meta:
        model = DelayReason
        fields = ("code", "name", "valid_from", "source")
