"""Forms of the gateway's pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from zhen.gateways.gb26875.codec.dialects import DIALECTS
from zhen.gateways.gb26875.rules import LONGEST_DUTY_CHECK, ORDERS


class TerminalForm(forms.Form):
    device = forms.CharField(
        label=_("device"), max_length=64, help_text=_("The code of a device in the registry, such as HALL-1")
    )
    source = forms.CharField(
        label=_("address"),
        max_length=40,
        help_text=_("Six bytes as twelve digits, such as 790300000000, or the number on its label, such as 889"),
    )
    dialect = forms.ChoiceField(
        label=_("form of its frames"),
        required=False,
        choices=[("", _("recognise it")), *((each.code, each.chinese) for each in DIALECTS.values())],
    )
    networks = forms.CharField(
        label=_("only from"),
        required=False,
        max_length=300,
        help_text=_("Networks such as 10.20.0.0/16; empty: from anywhere"),
    )


class OrderForm(forms.Form):
    type = forms.TypedChoiceField(
        label=_("order"), coerce=int, choices=[(int(order.type), order.name) for order in ORDERS.values()]
    )
    minutes = forms.IntegerField(
        label=_("minutes"),
        initial=10,
        min_value=1,
        max_value=LONGEST_DUTY_CHECK,
        help_text=_("How long a duty check leaves to press the button"),
    )
    system_type = forms.IntegerField(label=_("system type"), initial=1, min_value=0, max_value=255)
    system_address = forms.IntegerField(label=_("system address"), initial=1, min_value=0, max_value=255)
    component_address = forms.CharField(
        label=_("component address"),
        required=False,
        max_length=20,
        help_text=_("For questions about one component: eight digits, such as 0A000200"),
    )
