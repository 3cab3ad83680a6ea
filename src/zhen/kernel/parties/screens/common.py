"""What the pages share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.urls import reverse

from zhen.kernel.lib.refusals import Refused

R = TypeVar("R")


def address(page: str, key: object = None) -> str:
    """The address of a declared page; `web` names the routes page:ID."""
    return reverse(f"page:{page}", kwargs={"key": str(key)} if key is not None else {})


def telling(run: Callable[[Any, Any, Any], R]) -> Callable[[Any, Any, Any], R]:
    """A form's `save` or a button's `run` whose refusals are told on the page."""

    @wraps(run)
    def told(actor: Any, subject: Any, given: Any) -> R:
        try:
            return run(actor, subject, given)
        except Refused as refused:
            raise ValidationError(str(refused)) from refused

    return told
