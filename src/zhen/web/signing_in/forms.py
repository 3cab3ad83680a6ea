"""Forms of the door."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import PERMISSIONS, Actor
from zhen.kernel.identity.api import User
from zhen.kernel.lib import clock

NEW_PASSWORD = forms.PasswordInput(attrs={"autocomplete": "new-password"})


def blame(form: forms.Form, error: ValidationError) -> None:
    """Put an action's refusal on the fields it names; what names none of them stands above the form."""
    for field, messages in error.message_dict.items() if hasattr(error, "error_dict") else [(None, error.messages)]:
        for message in messages:
            form.add_error(field if field in form.fields else None, message)


class ChoosePasswordForm(forms.Form):
    """The first password, or a new one after a one-time link."""

    password = forms.CharField(
        label=_("New password"), widget=NEW_PASSWORD, help_text=password_validators_help_text_html, strip=False
    )
    again = forms.CharField(label=_("The same once more"), widget=NEW_PASSWORD, strip=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned.get("again") and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("The two passwords differ: type the same one twice."))
        return cleaned


class AccountForm(forms.Form):
    """What people change about themselves."""

    email = forms.EmailField(label=_("e-mail"), required=False)
    phone = forms.CharField(label=_("phone"), required=False, max_length=40)
    language = forms.ChoiceField(label=_("language"), choices=lambda: settings.LANGUAGES)


class ElevationForm(forms.Form):
    reason = forms.CharField(
        label=_("What are you going to do, and why?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One sentence; the auditor reads it."),
    )


class TokenForm(forms.Form):
    """A new token. Only what its user holds can be chosen, and nothing that needs an elevation."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("Which program will use it?"))
    scopes = forms.MultipleChoiceField(label=_("Permissions"), widget=forms.CheckboxSelectMultiple)
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    def __init__(self, *args: Any, holder: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (permission.id, permission.name)
            for permission in PERMISSIONS
            if not permission.elevated and holder.may(permission.id)
        ]
        self.fields["until"].initial = clock.today() + timedelta(days=90)

    @property
    def expires_at(self) -> datetime:
        """The end of the last day, in the town's time."""
        return datetime.combine(self.cleaned_data["until"], time.max, tzinfo=clock.TOWN_ZONE)


class InviteForm(forms.Form):
    """A new account. The password is chosen by its owner with the one-time link."""

    username = forms.CharField(label=_("User name"), max_length=150, help_text=_("Used to sign in; it stays."))
    name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.EmailField(label=_("e-mail"), required=False)
    phone = forms.CharField(label=_("phone"), required=False, max_length=40)


class DemoForm(forms.Form):
    """Signing in as a person of the demo."""

    username = forms.ModelChoiceField(
        queryset=User.objects.filter(is_demo=True, is_active=True), to_field_name="username"
    )
