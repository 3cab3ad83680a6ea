"""The forms of public money."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhen.kernel.identity.api import open_units
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money, Unreadable
from zhen.packs.finance.actions.payments import InvoiceIn
from zhen.packs.finance.kinds import KINDS, Method
from zhen.packs.finance.models import BudgetLine, Payment


class MoneyField(forms.Field):
    """An amount in yuan, as people write it; fen come out."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": "30"})

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return Money.parse(text[:30]).fen
        except Unreadable as fault:
            raise forms.ValidationError(str(fault)) from fault

    def prepare_value(self, value: Any) -> Any:
        return f"{value / 100:.2f}" if isinstance(value, int) else value


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LineForm(forms.ModelForm):  # type: ignore[type-arg]
    amount = MoneyField(label=_("amount (yuan)"))

    class Meta:
        model = BudgetLine
        fields = ("unit", "name", "function", "economic", "source", "amount")

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        units = self.fields["unit"]
        assert isinstance(units, forms.ModelChoiceField)
        units.queryset = open_units(clock.today())


class ResolutionForm(forms.Form):
    resolution = forms.CharField(label=_("resolution of the congress"), max_length=100)


class PlanForm(forms.Form):
    month = forms.IntegerField(label=_("month"), min_value=1, max_value=12)
    method = forms.ChoiceField(label=_("way of payment"), choices=Method.choices)
    amount = MoneyField(label=_("amount (yuan)"))


class ChangeForm(forms.Form):
    after = forms.ModelChoiceField(label=_("to the line"), queryset=BudgetLine.objects.none(), required=False)
    amount = MoneyField(label=_("amount (yuan)"))
    reason = forms.CharField(label=_("reason"), max_length=300)
    resolution = forms.CharField(
        label=_("resolution of the congress"),
        max_length=100,
        required=False,
        help_text=_("Needed for less in all, and between function classes."),
    )

    def __init__(self, data: Any, line: BudgetLine) -> None:
        super().__init__(data)
        lines = self.fields["after"]
        assert isinstance(lines, forms.ModelChoiceField)
        lines.queryset = BudgetLine.objects.filter(budget=line.budget).exclude(pk=line.pk)


def kinds_by_hand() -> list[tuple[str, Any]]:
    return [(kind.id, kind.name) for kind in KINDS.values() if kind.by_hand]


class PaymentForm(forms.Form):
    kind = forms.ChoiceField(label=_("kind"), choices=kinds_by_hand)
    method = forms.ChoiceField(label=_("way of payment"), choices=Method.choices, initial=Method.AUTHORISED)
    purpose = forms.CharField(label=_("purpose"), max_length=200)
    amount = MoneyField(label=_("amount (yuan)"))
    withheld = MoneyField(
        label=_("retention money (yuan)"),
        required=False,
        help_text=_("What is kept back beside the amount, until the day when it is due."),
    )
    retention_due = Day(label=_("retention money due on"), required=False)
    payee = forms.CharField(label=_("payee"), max_length=100)
    payee_bank = forms.CharField(label=_("payee's bank"), max_length=100, required=False)
    payee_account = forms.CharField(label=_("payee's account"), max_length=40, required=False)
    invoice_code = forms.CharField(
        label=_("invoice code"), max_length=12, required=False, help_text=_("Empty for fully digital invoices.")
    )
    invoice_number = forms.CharField(label=_("invoice number"), max_length=20, required=False)
    invoice_dated = Day(label=_("date of the invoice"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["withheld"] = given.get("withheld") or 0
        if given.get("invoice_number") and not given.get("invoice_dated"):
            self.add_error("invoice_dated", str(_("Enter the date that stands on the invoice.")))
        return given

    def invoices(self) -> tuple[InvoiceIn, ...]:
        given = self.cleaned_data
        if not given["invoice_number"]:
            return ()
        return (
            InvoiceIn(
                code=given["invoice_code"],
                number=given["invoice_number"],
                dated=given["invoice_dated"],
                amount=given["amount"] + given["withheld"],
            ),
        )


class ReleaseForm(forms.Form):
    """The release of retention money: what was agreed on stands already."""

    line = forms.ModelChoiceField(label=_("budget line"), queryset=BudgetLine.objects.none())
    method = forms.ChoiceField(label=_("way of payment"), choices=Method.choices, initial=Method.AUTHORISED)
    amount = MoneyField(label=_("amount (yuan)"))

    def __init__(self, data: Any, payment: Payment) -> None:
        super().__init__(data, initial={"line": payment.line_id, "method": payment.method, "amount": payment.withheld})
        lines = self.fields["line"]
        assert isinstance(lines, forms.ModelChoiceField)
        lines.queryset = BudgetLine.objects.filter(
            unit=payment.line.unit_id, budget__book__year__gte=payment.quota.book.year
        )


class PaidForm(forms.Form):
    on = Day(label=_("paid on"))
    bank_reference = forms.CharField(label=_("bank reference"), max_length=60)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=300)


class ReverseForm(forms.Form):
    on = Day(label=_("date"))
    reason = forms.CharField(label=_("reason"), max_length=200)
