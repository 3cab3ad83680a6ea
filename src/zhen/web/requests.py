"""The request as our views see it."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import Elevation


class Request(HttpRequest):
    """HttpRequest after our middleware: with an id, the actor and the one clock reading of the request.

    `second_factor_missing`: an administrator whose posts are not in force yet. `elevation`: what the
    banner shows while an administrator's dangerous rights are in force.
    """

    id: str
    actor: Actor
    now: datetime
    second_factor_missing: bool
    elevation: Elevation | None
