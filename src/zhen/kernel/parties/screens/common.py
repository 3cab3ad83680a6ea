"""What the pages share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse

from zhen.kernel.lib.refusals import Refused


def address(page: str, key: object = None) -> str:
    """The address of a declared page; `web` names the routes page:ID."""
    return reverse(f"page:{page}", kwargs={"key": str(key)} if key is not None else {})


def telling(save: Callable[[Any, Any, Any], str]) -> Callable[[Any, Any, Any], str]:
    """A form's `save` whose refusals stand in the form."""

    @wraps(save)
    def run(actor: Any, subject: Any, form: Any) -> str:
        try:
            return save(actor, subject, form)
        except Refused as refused:
            raise ValidationError(str(refused)) from refused

    return run
