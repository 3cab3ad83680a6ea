"""The forms of internal control."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import ROLES, Actor, permissions_of
from zhen.kernel.files.api import DOCUMENTS, UploadField
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.packs.finance.control import queries
from zhen.packs.finance.control.models import PaperKind, Resolution, Sample
from zhen.packs.finance.control.papers import PAPERS
from zhen.packs.finance.control.risks import Risk
from zhen.packs.finance.forms import Day, MoneyField

STEPS = 4


class RowForm(forms.Form):
    kind = forms.ChoiceField(label=_("kind of paper"), choices=PaperKind.choices)
    amount_from = MoneyField(label=_("from the amount (yuan)"), help_text=_("0 for papers of every amount."))
    step_1 = forms.ChoiceField(label=_("signs first"))
    step_2 = forms.ChoiceField(label=_("signs second"), required=False)
    step_3 = forms.ChoiceField(label=_("signs third"), required=False)
    step_4 = forms.ChoiceField(label=_("signs fourth"), required=False)
    resolution = forms.BooleanField(
        label=_("a resolution is needed"),
        required=False,
        help_text=_("The last signature is refused until a resolution with enough amount left covers the paper."),
    )
    valid_from = Day(label=_("from"))
    source = forms.CharField(label=_("source"), max_length=200, help_text=_("The document that lays it down."))

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        deciding = {paper.decide for paper in PAPERS.values()}
        roles = [(role.id, role.name) for role in ROLES if permissions_of(role) & deciding]
        for number in range(1, STEPS + 1):
            field = self.fields[f"step_{number}"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = roles if number == 1 else [("", "—"), *roles]
        self.fields["valid_from"].initial = clock.today()

    def given(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        steps = [given.pop(f"step_{number}") for number in range(1, STEPS + 1)]
        return {**given, "steps": [step for step in steps if step]}


class SettingForm(forms.Form):
    """The numbers of a risk rule, as it declares them."""

    def __init__(self, data: Any, risk: Risk) -> None:
        super().__init__(data)
        self.risk = risk
        for number in risk.numbers:
            self.fields[number.id] = (
                MoneyField(label=str(number.name), initial=number.usual)
                if number.unit == "money"
                else forms.IntegerField(
                    label=str(number.name),
                    initial=number.usual,
                    min_value=1,
                    max_value=100 if number.unit == "percent" else 3660,
                )
            )
        self.fields["valid_from"] = Day(label=_("from"), initial=clock.today())
        self.fields["source"] = forms.CharField(label=_("source"), max_length=200)

    def given(self) -> dict[str, Any]:
        values = {number.id: self.cleaned_data[number.id] for number in self.risk.numbers}
        return {
            "rule": self.risk.id,
            "values": values,
            "valid_from": self.cleaned_data["valid_from"],
            "source": self.cleaned_data["source"],
        }


class ResolutionForm(forms.ModelForm):  # type: ignore[type-arg]
    held_on = Day(label=_("held on the day"))
    amount = MoneyField(label=_("covers up to (yuan)"))

    class Meta:
        model = Resolution
        fields = (
            "number", "meeting", "held_on", "members", "present", "votes_for", "votes_against", "abstentions", "text",
            "amount",
        )  # fmt: skip

    def __init__(self, data: Any, files: Any, actor: Actor) -> None:
        super().__init__(data, files)
        self.fields["file"] = UploadField(actor, kinds=DOCUMENTS, most=1, label=_("signed minutes"), required=False)

    def given(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        files = given.pop("file", None) or [None]
        return {**given, "file": files[0]}


class OpinionForm(forms.Form):
    lawful = forms.ChoiceField(
        label=_("opinion"), choices=(("yes", _("no objection")), ("no", _("objection for legal reasons")))
    )
    opinion = forms.CharField(
        label=_("opinion of the legal adviser"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )


class CoverForm(forms.Form):
    resolution = forms.ModelChoiceField(
        label=_("resolution"),
        queryset=Resolution.objects.none(),
        help_text=_("Only those with enough amount left, to which the legal adviser has agreed."),
    )

    def __init__(self, data: Any, amount: int) -> None:
        super().__init__(data)
        field = self.fields["resolution"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queries.usable(amount)


class SampleForm(forms.Form):
    book = forms.ModelChoiceField(label=_("books"), queryset=ledger.Book.objects.none())
    method = forms.ChoiceField(label=_("way of drawing"), choices=Sample.Method.choices)
    first = Day(label=_("paid from"))
    last = Day(label=_("paid until"))
    size = forms.IntegerField(label=_("how many to draw"), min_value=1, max_value=500, initial=20)
    purpose = forms.CharField(label=_("purpose"), max_length=200)

    def __init__(self, data: Any, actor: Actor) -> None:
        super().__init__(data)
        field = self.fields["book"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queries.books(actor)


class SeedForm(forms.Form):
    seed = forms.CharField(
        label=_("seed"), max_length=200, help_text=_("Public numbers of today, such as those of a lottery.")
    )
    seed_from = forms.CharField(label=_("where the seed is from"), max_length=200)


class NoteForm(forms.Form):
    title = forms.CharField(label=_("title"), max_length=200)
    text = forms.CharField(label=_("what was seen"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))
