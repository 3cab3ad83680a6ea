"""The forms of public money."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhen.kernel.identity.api import Unit, open_units
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money, Unreadable
from zhen.packs.finance.actions.bank import unmatched_in_books
from zhen.packs.finance.actions.papers import Listed, read_list
from zhen.packs.finance.actions.payments import InvoiceIn
from zhen.packs.finance.kinds import KINDS, Method
from zhen.packs.finance.models import BankLine, BudgetLine, Payment
from zhen.packs.finance.slips import KINDS as SLIPS

PARTED = re.compile(r"\s*[|｜;；]\s*")
"""What lies between the parts of a line that somebody writes."""


def long_text(label: Any, *, rows: int = 3, most: int = 500, required: bool = True, help_text: Any = "") -> Any:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, max_length=most, required=required, help_text=help_text)


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


class BudgetForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("unit"), queryset=Unit.objects.none())
    year = forms.IntegerField(label=_("year"), min_value=2000, max_value=2100)
    level = forms.ChoiceField(label=_("fiscal level"), choices=ledger.Level.choices)
    unit_type = forms.ChoiceField(label=_("type of the unit"), choices=ledger.UnitType.choices)

    def __init__(self, last: ledger.Book | None, data: Any) -> None:
        """`last`: the newest books that there are; what is offered goes on from them."""
        initial: dict[str, Any] = {"year": clock.today().year}
        if last is not None:
            initial = {"unit": last.unit, "year": last.year + 1, "level": last.level, "unit_type": last.unit_type}
        super().__init__(data, initial=initial)
        units = self.fields["unit"]
        assert isinstance(units, forms.ModelChoiceField)
        units.queryset = open_units(clock.today())


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


class CarryForm(forms.Form):
    line = forms.ModelChoiceField(label=_("budget line"), queryset=BudgetLine.objects.none())

    def __init__(self, data: Any, payment: Payment) -> None:
        super().__init__(data)
        lines = self.fields["line"]
        assert isinstance(lines, forms.ModelChoiceField)
        book = payment.quota.book
        lines.queryset = BudgetLine.objects.filter(budget__book__unit=book.unit_id, budget__book__year=book.year + 1)


class PayrollForm(forms.Form):
    month = forms.IntegerField(label=_("month"), min_value=1, max_value=12)
    list_number = forms.CharField(label=_("number of the list"), max_length=40)
    method = forms.ChoiceField(label=_("way of payment"), choices=Method.choices)
    people = forms.IntegerField(label=_("number of people"), min_value=1, max_value=10_000)
    pay = MoneyField(label=_("gross pay (yuan)"))
    tax = MoneyField(label=_("income tax withheld (yuan)"))
    own_insurance = MoneyField(label=_("social insurance withheld (yuan)"))
    own_housing = MoneyField(label=_("housing fund withheld (yuan)"))
    insurance = MoneyField(label=_("employer's social insurance (yuan)"))
    housing = MoneyField(label=_("employer's housing fund (yuan)"))


class SubsidiesForm(forms.Form):
    name = forms.CharField(label=_("subsidy"), max_length=100)
    basis = forms.CharField(
        label=_("granted by the rule"), max_length=200, help_text=_("The rule that grants it, by its number.")
    )
    bank = forms.CharField(label=_("paid out by"), max_length=100)
    bank_account = forms.CharField(label=_("account that is paid out from"), max_length=40)
    list = forms.FileField(
        label=_("list"),
        help_text=_(
            "CSV or XLSX with the columns 账号 and 金额. It is counted, summed and fingerprinted here and not kept."
        ),
    )

    def listed(self) -> Listed:
        file = self.cleaned_data["list"]
        return read_list(file.read(), file.name)


class SlipForm(forms.Form):
    kind = forms.ChoiceField(label=_("kind"), choices=lambda: [(kind.id, kind.name) for kind in SLIPS.values()])
    on = Day(label=_("date"))
    amount = MoneyField(label=_("amount (yuan)"))
    what = forms.CharField(label=_("summary"), max_length=150)
    party = forms.CharField(label=_("from or to"), max_length=100)
    reference = forms.CharField(label=_("receipt or bank reference"), max_length=60)
    line = forms.ModelChoiceField(
        label=_("budget line"),
        queryset=BudgetLine.objects.none(),
        required=False,
        help_text=_("For an expense: the line that it belongs to."),
    )

    def __init__(self, data: Any, book: ledger.Book) -> None:
        super().__init__(data)
        lines = self.fields["line"]
        assert isinstance(lines, forms.ModelChoiceField)
        lines.queryset = BudgetLine.objects.filter(budget__book=book)


class BankFileForm(forms.Form):
    account = forms.ModelChoiceField(label=_("account"), queryset=ledger.Account.objects.none())
    file = forms.FileField(
        label=_("file"),
        help_text=_("CSV or XLSX of the bank, with the columns 交易日期, 收入, 支出, 余额, 对方户名, 流水号 and 摘要."),
    )

    def __init__(self, data: Any, files: Any, book: ledger.Book) -> None:
        super().__init__(data, files)
        accounts = self.fields["account"]
        assert isinstance(accounts, forms.ModelChoiceField)
        accounts.queryset = ledger.Account.objects.filter(chart=book.chart, code__in=("1002", "1011"))


class LineChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django has none at run time
    """Lines of the books by their voucher, date and summary."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.voucher} {obj.voucher.date:%m-%d} {obj.voucher.summary}"


class MatchForm(forms.Form):
    voucher_line = LineChoice(label=_("line of the books"), queryset=ledger.Line.objects.none())

    def __init__(self, data: Any, bank: BankLine) -> None:
        super().__init__(data)
        fits = [line.pk for line in unmatched_in_books(bank.statement) if line.debit - line.credit == bank.amount]
        lines = self.fields["voucher_line"]
        assert isinstance(lines, forms.ModelChoiceField)
        lines.queryset = ledger.Line.objects.filter(pk__in=fits).select_related("voucher")
