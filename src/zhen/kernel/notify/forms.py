"""Forms of the pages of notify."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import ROLES
from zhen.kernel.journal.api import EVENT_KINDS
from zhen.kernel.notify.declarations import CHANNELS, REMINDER_SOURCES


def channel_choices() -> list[tuple[str, Any]]:
    return [(channel.id, channel.name) for channel in CHANNELS]


class TextForm(forms.Form):
    language = forms.ChoiceField(label=_("language"), choices=lambda: settings.LANGUAGES)
    subject = forms.CharField(label=_("subject"), max_length=300)
    body = forms.CharField(label=_("text"), widget=forms.Textarea(attrs={"rows": 8}))


class RuleForm(forms.Form):
    source = forms.ChoiceField(
        label=_("of what"), choices=lambda: [(source.id, source.name) for source in REMINDER_SOURCES]
    )
    offset = forms.IntegerField(
        label=_("days after the date (negative: before)"), min_value=-366, max_value=366, initial=-7
    )
    role = forms.ChoiceField(
        label=_("to the role"),
        required=False,
        choices=lambda: [("", _("the people who answer for it")), *((role.id, role.name) for role in ROLES)],
    )
    channels = forms.MultipleChoiceField(
        label=_("channels"),
        required=False,
        choices=channel_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all that the person allows. The inbox always has it."),
    )
    working_days = forms.BooleanField(label=_("on working days only"), required=False, initial=True)
    active = forms.BooleanField(label=_("active"), required=False, initial=True)


class WebhookForm(forms.Form):
    name = forms.CharField(label=_("name"), max_length=100)
    url = forms.URLField(label=_("address"), max_length=500, assume_scheme="https")
    kinds = forms.MultipleChoiceField(label=_("kinds of events"), widget=forms.CheckboxSelectMultiple)
    active = forms.BooleanField(label=_("active"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        modules = sorted({kind.id.partition(".")[0] for kind in EVENT_KINDS})
        field = self.fields["kinds"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            *((f"{module}.*", f"{module}.*") for module in modules),
            *((kind.id, kind.id) for kind in EVENT_KINDS),
        ]


class PreferencesForm(forms.Form):
    wanted = forms.MultipleChoiceField(
        label=_("Send my messages also by"),
        required=False,
        choices=lambda: [(channel.id, channel.name) for channel in CHANNELS if channel.optional],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The inbox has all of them in any case."),
    )
