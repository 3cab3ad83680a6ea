"""The forms of procurement."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.files import api as files
from zhen.kernel.identity.api import User
from zhen.kernel.lib import clock
from zhen.kernel.parties.api import Organisation
from zhen.packs.finance.forms import PARTED, Day, MoneyField, long_text
from zhen.packs.finance.kinds import Method as PayMethod
from zhen.packs.finance.procurement.actions.contracts import Part
from zhen.packs.finance.procurement.models import Bid, Criterion, Figure, Procurement, Supplier
from zhen.packs.finance.procurement.models.figures import Category

MOST_LINES = 60


class NeedForm(forms.Form):
    title = forms.CharField(label=_("title"), max_length=100)
    category = forms.ChoiceField(label=pgettext_lazy("in procurement", "category"), choices=Category.choices)
    catalogue = forms.CharField(
        label=_("catalogue item"), max_length=20, help_text=_("Its code in the catalogue, such as A02010105.")
    )
    items = long_text(
        pgettext_lazy("in procurement", "items"),
        rows=4,
        most=4000,
        help_text=_("A line for each: name | quantity | unit of quantity"),
    )
    amount = MoneyField(label=_("estimated amount"))
    purpose = long_text(_("what it is needed for"))
    method = forms.ChoiceField(
        label=_("method"),
        choices=Procurement.Method.choices,
        help_text=_("The amount decides which methods are free to choose; another one needs a reason."),
    )
    method_reason = long_text(_("reason for another method"), required=False)
    split_reason = long_text(
        _("reason for needs apart"),
        required=False,
        help_text=_("Only where like needs of this year together come above a figure of the rules."),
    )

    def clean_items(self) -> list[tuple[str, int, str]]:
        found: list[tuple[str, int, str]] = []
        for number, line in enumerate(self.cleaned_data["items"].splitlines()[:MOST_LINES], 1):
            if not line.strip():
                continue
            parts = PARTED.split(line.strip())
            if len(parts) != 3 or not parts[0] or not (parts[1].isascii() and parts[1].isdecimal()):
                raise forms.ValidationError(
                    _("Line %(number)s: write name | quantity | unit, such as 打印机 | 3 | 台") % {"number": number}
                )
            if not 1 <= len(parts[1]) <= 7 or int(parts[1]) == 0:
                raise forms.ValidationError(
                    _("Line %(number)s: the quantity must be from 1 to 9999999") % {"number": number}
                )
            found.append((parts[0][:100], int(parts[1]), parts[2][:20]))
        return found


class PapersForm(forms.Form):
    title = forms.CharField(label=_("title"), max_length=100, required=False)
    public = forms.BooleanField(
        label=_("everybody may read it"), required=False, help_text=_("Such as the procurement document.")
    )

    def __init__(self, actor: Actor, data: Any, sent: Any) -> None:
        super().__init__(data, sent)
        self.fields = {"sent": files.UploadField(actor, kinds=files.ALL, label=_("files")), **self.fields}


class PersonForm(forms.Form):
    user = forms.ModelChoiceField(label=_("person"), queryset=User.objects.none())

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        people = self.fields["user"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = User.objects.filter(is_active=True).order_by("name", "pk")


class SupplierChoice(forms.Form):
    supplier = forms.ModelChoiceField(label=_("supplier"), queryset=Supplier.objects.none())

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        firms = self.fields["supplier"]
        assert isinstance(firms, forms.ModelChoiceField)
        firms.queryset = Supplier.objects.select_related("organisation").order_by("organisation__name_key")


class ObjectionForm(SupplierChoice):
    text = long_text(_("objection"), rows=6, most=4000)


class CriterionForm(forms.Form):
    name = forms.CharField(label=_("criterion"), max_length=100)
    weight = forms.IntegerField(label=_("weight"), min_value=1, max_value=100)
    price = forms.BooleanField(label=_("it is the price"), required=False)


class PublishForm(forms.Form):
    way = forms.ChoiceField(label=_("way of evaluation"), choices=Procurement.Way.choices)
    day = Day(label=_("day of the opening"))
    hour = forms.TimeField(
        label=_("hour of the opening"), widget=forms.TimeInput(attrs={"type": "time"}), initial=time(10)
    )

    def moment(self) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"], clock.TOWN_ZONE)


class PhraseForm(forms.Form):
    phrase = forms.CharField(
        label=_("passphrase"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class NewPhraseForm(PhraseForm):
    again = forms.CharField(
        label=_("passphrase again"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("phrase") and given.get("again") and given["phrase"] != given["again"]:
            self.add_error("again", str(_("It is not the same. Type it again.")))
        return given


class RelationForm(forms.Form):
    relation = forms.CharField(
        label=_("relation to a bidder"),
        max_length=300,
        required=False,
        help_text=_("Leave it empty if there is none. Whoever has one steps back and gives no points."),
    )


class PointsForm(forms.Form):
    """One field for each criterion but the price."""

    def __init__(self, bid: Bid, data: Any) -> None:
        super().__init__(data)
        for criterion in Criterion.objects.filter(procurement=bid.procurement, price=False):
            self.fields[f"c{criterion.pk}"] = forms.DecimalField(
                label=criterion.name,
                min_value=0,
                max_value=criterion.weight,
                decimal_places=2,
                help_text=_("0 to %(weight)s points") % {"weight": criterion.weight},
            )

    def points(self) -> dict[int, Any]:
        return {int(name[1:]): value for name, value in self.cleaned_data.items()}


class BidChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.supplier)


class AwardForm(forms.Form):
    bid = BidChoice(label=_("winning bid"), queryset=Bid.objects.none())
    reason = long_text(_("reason"), required=False, help_text=_("Needed where several share the first rank."))

    def __init__(self, procurement: Procurement, data: Any) -> None:
        super().__init__(data)
        bids = self.fields["bid"]
        assert isinstance(bids, forms.ModelChoiceField)
        bids.queryset = Bid.objects.filter(procurement=procurement, rank=1).select_related("supplier__organisation")


class ContractForm(forms.Form):
    title = forms.CharField(label=_("title"), max_length=100)
    amount = MoneyField(label=_("amount"))
    starts_on = Day(label=_("begins on"))
    ends_on = Day(label=_("ends on"))
    parts = long_text(
        _("instalments"),
        rows=4,
        most=4000,
        help_text=_(
            "A line for each: what for | day | yuan, with “| 预付” at its end where it is paid before acceptance"
        ),
    )
    retention = MoneyField(label=_("retention money"), required=False)
    retention_months = forms.IntegerField(
        label=_("retention term in months"), min_value=0, max_value=120, required=False
    )
    late_reason = forms.CharField(label=_("why it is late"), max_length=300, required=False)

    def __init__(self, procurement: Procurement, data: Any) -> None:
        super().__init__(data, initial={"title": procurement.title, "amount": procurement.award_amount})

    def clean_parts(self) -> list[Part]:
        found = []
        for number, line in enumerate(self.cleaned_data["parts"].splitlines()[:MOST_LINES], 1):
            if not line.strip():
                continue
            words = PARTED.split(line.strip())
            try:
                name, day, amount, *ahead = words
                fen = MoneyField().clean(amount)
                found.append(
                    Part(name=name[:100], due_on=date.fromisoformat(day), amount=fen, ahead=bool(ahead and ahead[0]))
                )
            except (ValueError, forms.ValidationError) as fault:
                raise forms.ValidationError(
                    _("Line %(number)s: write what for | day | yuan, such as 首付款 | 2026-10-01 | 30000 | 预付")
                    % {"number": number}
                ) from fault
        return found


class OpinionForm(forms.Form):
    opinion = long_text(_("legal opinion"))


class SignForm(forms.Form):
    on = Day(label=_("signed on"))


class AcceptForm(forms.Form):
    on = Day(label=_("accepted on"))
    findings = long_text(_("what was seen"))

    def __init__(self, actor: Actor, data: Any, sent: Any) -> None:
        super().__init__(data, sent)
        self.fields["sent"] = files.UploadField(actor, kinds=files.ALL, most=1, label=_("file"), required=False)


class InstalmentForm(forms.Form):
    kind = forms.ChoiceField(label=_("kind"), choices=(("expense", _("expense")), ("asset", _("fixed asset"))))
    method = forms.ChoiceField(label=_("way of payment"), choices=PayMethod.choices, initial=PayMethod.AUTHORISED)
    invoice_code = forms.CharField(
        label=_("invoice code"), max_length=12, required=False, help_text=_("Empty for fully digital invoices.")
    )
    invoice_number = forms.CharField(label=_("invoice number"), max_length=20, required=False)
    invoice_dated = Day(label=_("date of the invoice"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("invoice_number") and not given.get("invoice_dated"):
            self.add_error("invoice_dated", str(_("Enter the date that stands on the invoice.")))
        return given


class MoreForm(forms.Form):
    amount = MoneyField(label=_("amount"))
    reason = long_text(_("reason"), most=300)


def _registered() -> forms.CharField:
    return forms.CharField(
        label=_("registered address"), max_length=200, help_text=_("As it stands on the business licence.")
    )


class AddressForm(forms.Form):
    address = _registered()


class SupplierForm(forms.Form):
    organisation = forms.ModelChoiceField(label=_("organisation"), queryset=Organisation.objects.none())
    bank = forms.CharField(label=_("bank"), max_length=100)
    account = forms.CharField(label=pgettext_lazy("in procurement", "account"), max_length=40)
    address = _registered()

    def __init__(self, organisations: QuerySet[Organisation], data: Any) -> None:
        super().__init__(data)
        firms = self.fields["organisation"]
        assert isinstance(firms, forms.ModelChoiceField)
        firms.queryset = organisations.filter(supplier__isnull=True, code__isnull=False).order_by("name_key")


class QualificationForm(forms.Form):
    name = forms.CharField(label=_("qualification"), max_length=100)
    number = forms.CharField(label=pgettext_lazy("in procurement", "number"), max_length=60)
    expires_on = Day(label=_("expires on"))


class ExclusionForm(forms.Form):
    reason = long_text(_("reason"), most=300)
    source = forms.CharField(label=_("source"), max_length=200)
    valid_from = Day(label=_("from"))
    valid_to = Day(label=_("to"))


class FigureForm(forms.Form):
    code = forms.ChoiceField(label=pgettext_lazy("of rules", "figure"), choices=Figure.Code.choices)
    category = forms.ChoiceField(
        label=pgettext_lazy("in procurement", "category"), choices=[("", _("all")), *Category.choices], required=False
    )
    level = forms.ChoiceField(label=_("level"), choices=Figure.Level.choices)
    amount = forms.CharField(
        label=_("amount"), max_length=30, help_text=_("Yuan for the two amounts; days, per cent or a count else.")
    )
    valid_from = Day(label=_("valid from"))
    source = forms.CharField(label=_("source"), max_length=200)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        text = given.get("amount", "")
        if given.get("code") in (Figure.Code.LIMIT, Figure.Code.OPEN):
            given["amount"] = MoneyField().clean(text)
        elif text.isascii() and text.isdecimal() and len(text) < 6 and int(text) > 0:
            given["amount"] = int(text)
        elif text:
            self.add_error("amount", str(_("Enter a whole number above zero.")))
        return given


class BidForm(forms.Form):
    number = forms.CharField(label=_("number of the procurement"), max_length=30)
    credit_code = forms.CharField(label=_("unified social credit code"), max_length=18)
    code = forms.CharField(label=_("code of the invitation"), max_length=40)
    price = MoneyField(label=_("price"))
    days = forms.IntegerField(label=_("days to deliver"), min_value=1, max_value=3650)
    statement = long_text(_("statement"), rows=5, most=4000, required=False)
    file = forms.FileField(label=_("bid as a PDF"), required=False, help_text=_("At most 4 MB."))
