"""Bad input, told so that the person who gave it can mend it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _

Text = str | Promise


class Refused(Exception):
    """An input that cannot be used as it stands (422). Remedy: as its own `remedy` says.

    `field` is the name that the reader sees, `value` what was given (shortened), `reason` what is
    wrong with it, `remedy` the step that mends it.
    """

    status = 422

    def __init__(self, *, field: Text, value: object, reason: Text, remedy: Text) -> None:
        self.field = field
        self.value = _short(value)
        self.reason = reason
        self.remedy = remedy
        super().__init__(field, self.value, reason, remedy)

    def __str__(self) -> str:
        return _("%(field)s “%(value)s”: %(reason)s. %(remedy)s.") % {
            "field": self.field,
            "value": self.value,
            "reason": self.reason,
            "remedy": self.remedy,
        }


class Outdated(Refused):
    """Somebody else was faster (409). Nothing was written. Remedy: look at what stands now, and decide again."""

    status = 409


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
