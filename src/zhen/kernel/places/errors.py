"""Why a change of places is refused. Each error names the field, the value and the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Text: TypeAlias = "str | _StrPromise"


class Refused(ValidationError):
    """A change of places that the rules do not allow (422). `code` says which rule, `field` which input."""

    def __init__(self, field: str, code: str, message: Text, /, **params: Any) -> None:
        self.field = field
        super().__init__(message, code=code, params=params)

    def __str__(self) -> str:
        return str(self.messages[0])
