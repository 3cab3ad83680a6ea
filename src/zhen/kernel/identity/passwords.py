"""Rules for passwords beside Django's own."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

KINDS = (str.isalpha, str.isdigit, lambda letter: not letter.isalnum())


class KindsOfCharacters:
    """At least two of letters, digits and other signs (GB/T 22239-2019, 8.1.4.1 a asks for complexity)."""

    def validate(self, password: str, user: object = None) -> None:
        if sum(any(kind(letter) for letter in password) for kind in KINDS) < 2:
            raise ValidationError(
                _("The password has only one kind of characters: use at least two of letters, digits and signs."),
                code="password_one_kind",
            )

    def get_help_text(self) -> str:
        return gettext("Use at least two of letters, digits and signs.")
