"""The forms of assets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.files.api import UploadField
from zhen.kernel.identity.api import Unit, User, open_units
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.places.api import Kind, versions_on
from zhen.packs.finance.assets.actions.cards import NewAsset
from zhen.packs.finance.assets.models import Asset, AssetClass, Disposal, classes_on
from zhen.packs.finance.forms import Day, MoneyField
from zhen.packs.finance.models import Payment


class PlaceField(forms.ChoiceField):
    """A building, by its name; `place_id` comes out."""

    def __init__(self, **options: Any) -> None:
        rows = versions_on(clock.today(), Kind.BUILDING).order_by("name", "place_id").values_list("place_id", "name")
        super().__init__(choices=[("", "—"), *((str(id), name) for id, name in rows[:2000])], **options)

    def clean(self, value: Any) -> int | None:
        found = super().clean(value)
        return int(found) if found else None


class _Where(forms.Form):
    """Who uses an asset, who keeps it, and where it stands."""

    unit = forms.ModelChoiceField(label=_("used by"), queryset=Unit.objects.none())
    keeper = forms.ModelChoiceField(label=_("keeper"), queryset=User.objects.none(), required=False)
    spot = forms.CharField(label=_("floor, room"), max_length=100, required=False)

    def __init__(self, data: Any, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        units, keepers = self.fields["unit"], self.fields["keeper"]
        assert isinstance(units, forms.ModelChoiceField)
        assert isinstance(keepers, forms.ModelChoiceField)
        units.queryset = open_units(clock.today())
        keepers.queryset = User.objects.filter(is_active=True, is_machine=False).order_by("name_key", "pk")
        spot = self.fields.pop("spot")
        self.fields["place"] = PlaceField(label=_("place"), required=False)
        self.fields["spot"] = spot

    def where(self) -> dict[str, Any]:
        given = self.cleaned_data
        keeper = given["keeper"]
        return {
            "unit_id": given["unit"].pk,
            "keeper_id": keeper.pk if keeper else None,
            "place_id": given["place"],
            "spot": given["spot"],
        }


FIRST = ("name", "asset_class", "details", "count", "value", "acquired_on", "years", "source_text")


class CardForm(_Where):
    name = forms.CharField(label=_("name"), max_length=100)
    asset_class = forms.ModelChoiceField(label=_("class"), queryset=AssetClass.objects.none())
    details = forms.CharField(label=_("make, model, size"), max_length=200, required=False)
    count = forms.IntegerField(
        label=_("how many"), min_value=1, max_value=200, initial=1, help_text=_("Equal ones get a card each.")
    )
    value = MoneyField(label=_("value of all of them (yuan)"))
    acquired_on = Day(label=_("acquired on"))
    years = forms.IntegerField(
        label=_("life (years)"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("Empty: the shortest of its class."),
    )
    source_text = forms.CharField(label=_("contract or acceptance"), max_length=100, required=False)

    def __init__(self, data: Any, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial)
        found = self.fields["asset_class"]
        assert isinstance(found, forms.ModelChoiceField)
        found.queryset = classes_on(clock.today())
        self.order_fields(FIRST)

    def card(self, source: tuple[str, object] = ("", "")) -> NewAsset:
        return NewAsset(**{name: self.cleaned_data[name] for name in FIRST}, **self.where(), source=source)

    @classmethod
    def of_payment(cls, payment: Payment, data: Any) -> CardForm:
        left = payment.amount + payment.withheld - getattr(payment, "carded", 0)
        initial = {"name": payment.purpose, "value": left, "acquired_on": payment.paid_on, "unit": payment.line.unit_id}
        return cls(data, initial)


class OldCardForm(CardForm):
    """A card of an asset from before the first books."""

    book = forms.ModelChoiceField(label=_("brought forward into"), queryset=ledger.Book.objects.none())

    def __init__(self, actor: Actor, data: Any) -> None:
        super().__init__(data)
        found = self.fields["book"]
        assert isinstance(found, forms.ModelChoiceField)
        found.queryset = ledger.books(actor)
        self.order_fields(("book", *FIRST))


class HandOverForm(_Where):
    reason = forms.CharField(label=_("reason"), max_length=300, required=False)

    def __init__(self, asset: Asset, data: Any) -> None:
        super().__init__(
            data, {"unit": asset.unit_id, "keeper": asset.keeper_id, "place": asset.place_id, "spot": asset.spot}
        )


class FinishForm(forms.Form):
    on = Day(label=_("finished on"))


class DisposalForm(forms.Form):
    kind = forms.ChoiceField(label=_("kind"), choices=Disposal.Kind.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=300)


class LossForm(forms.Form):
    on = Day(label=_("off the books since"))


class SaleForm(LossForm):
    proceeds = MoneyField(label=_("proceeds (yuan)"))
    costs = MoneyField(label=_("costs of the sale (yuan)"), required=False)

    def clean_costs(self) -> int:
        return self.cleaned_data["costs"] or 0


class DecisionForm(forms.Form):
    decision = forms.CharField(
        label=_("decision"), widget=forms.Textarea(attrs={"rows": 3}), max_length=300, required=False
    )


class LeaseForm(forms.Form):
    tenant = forms.CharField(label=_("tenant (an organisation)"), max_length=100)
    contract = forms.CharField(label=_("number of the contract"), max_length=60)
    starts_on = Day(label=_("from"))
    ends_on = Day(label=_("to"))
    rent = MoneyField(label=_("rent of a month (yuan)"))


class ReceiptForm(forms.Form):
    on = Day(label=_("received on"))
    reference = forms.CharField(label=_("bank reference"), max_length=60)


class RemitForm(forms.Form):
    on = Day(label=_("paid to the treasury on"))


class PhotosForm(forms.Form):
    def __init__(self, actor: Actor, data: Any, files: Any) -> None:
        super().__init__(data, files)
        self.fields["photos"] = UploadField(actor, label=_("photos"), most=6)


class MonthForm(forms.Form):
    book = forms.ModelChoiceField(label=_("books"), queryset=ledger.Book.objects.none())
    month = forms.IntegerField(label=_("month"), min_value=1, max_value=12)

    def __init__(self, actor: Actor, data: Any) -> None:
        super().__init__(data, initial={"month": clock.today().month})
        found = self.fields["book"]
        assert isinstance(found, forms.ModelChoiceField)
        found.queryset = ledger.books(actor)
        self.initial["book"] = found.queryset.first()
