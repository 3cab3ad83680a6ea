"""The forms of work orders: a file of them, and the answer to one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.declarations import CASE_TYPES
from zhen.kernel.cases.orders.values import Reply

SENDERS = {"hotline": _("12345 hotline")}


def sender_name(sender: str) -> Any:
    return SENDERS.get(sender, sender)


def sender_choices() -> list[tuple[str, Any]]:
    return [(sender, sender_name(sender)) for type_ in CASE_TYPES for sender in sorted(type_.orders_from)]


class FileForm(forms.Form):
    sender = forms.ChoiceField(label=_("sender"), choices=sender_choices)
    file = forms.FileField(
        label=_("file"),
        help_text=_(
            "CSV or XLSX, at most 5 MB, with the columns 工单编号, 标题, 内容, and where there are any 答复期限, "
            "类别编码, 网格编码, 地址, 经度, 纬度, 姓名, 电话, 紧急, 受理时间."
        ),
    )


class ReplyForm(forms.Form):
    demand = forms.CharField(
        label=_("demand"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the person asks for, in a sentence."),
    )
    facts = forms.CharField(
        label=_("facts"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What was found, and what was done."),
    )
    site_visit = forms.BooleanField(label=_("somebody went there"), required=False)
    not_contacted = forms.CharField(
        label=_("why nobody was contacted first"),
        max_length=300,
        required=False,
        help_text=_("Only where no contact is noted on the case."),
    )
    responsible = forms.CharField(label=_("responsible"), max_length=200, required=False)
    publish = forms.BooleanField(label=_("may be published"), required=False)

    def reply(self) -> Reply:
        return Reply(**self.cleaned_data)
