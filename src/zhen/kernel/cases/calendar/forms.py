"""The form for a year's notice: its text, or the days one by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.calendar import reading, ruling
from zhen.kernel.cases.calendar.values import YearNotice
from zhen.kernel.identity.api import User
from zhen.kernel.lib.refusals import Refused

LONGEST = 5_000


def _area(label: Any, help: Any, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help, required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows})
    )


class YearForm(forms.Form):
    year = forms.IntegerField(label=_("year"), min_value=2004, max_value=2100)
    notice = _area(
        _("text of the notice"),
        _("Paste the State Council's notice: its days are read from it. Or write the days into the two lists below."),
        6,
    )
    holidays = _area(
        _("days off"),
        _("One holiday a line, such as: 国庆节：10月1日至7日. Single days and ranges, with or without the year."),
        8,
    )
    swap_days = _area(_("swap days"), _("The Saturdays and Sundays that are worked instead."), 4)
    source = forms.CharField(
        label=_("source"), max_length=300, help_text=_("The notice with its number, or where it was announced.")
    )
    approved_by = forms.TypedChoiceField(
        label=_("approved by"), coerce=int, help_text=_("Who checked the days against the notice: not yourself.")
    )

    def __init__(self, data: Any = None, *, approvers: Iterable[User] = (), **options: Any) -> None:
        super().__init__(data, **options)
        self.approvers = {user.pk: str(user) for user in approvers}
        self.fields["approved_by"].choices = [("", _("choose")), *self.approvers.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if self.errors:
            return given
        lists = given["holidays"].strip() or given["swap_days"].strip()
        if bool(lists) == bool(given["notice"].strip()):
            raise forms.ValidationError(_("Give either the text of the notice or the lists of days."))
        try:
            given["read"] = self._read(given)
            ruling.check(given["read"])
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return given

    def proposal(self) -> YearNotice:
        found: YearNotice = self.cleaned_data["read"]
        return found

    def _read(self, given: dict[str, Any]) -> YearNotice:
        year = given["year"]
        if given["notice"].strip():
            holidays, swap_days = reading.read_notice(given["notice"], year)
        else:
            holidays = reading.read_days(given["holidays"], year)
            swap_days = reading.read_days(given["swap_days"], year)
        return YearNotice(
            year=year,
            holidays=holidays,
            swap_days=swap_days,
            source=given["source"].strip(),
            approved_by=self.approvers[given["approved_by"]],
            approver=given["approved_by"],
        )
