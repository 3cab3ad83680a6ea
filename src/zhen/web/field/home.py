"""The field's first screen: where do I go next, and what must I look at there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from zhen.kernel.access.api import ActorKind
from zhen.kernel.cases.api import CASE_TYPES, Transition, on_site
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Face
from zhen.web.cases.classes import reportable
from zhen.web.cases.rows import Row, rows_of
from zhen.web.homes import drawn
from zhen.web.pages import common
from zhen.web.requests import Request


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A case where somebody can do something on the spot."""

    row: Row
    url: str
    steps: Sequence[Transition]

    @property
    def new(self) -> bool:
        """Nobody has looked at it yet: it is no task of anybody's in the field, but may be settled on the way."""
        return self.row.case.state == CASE_TYPES[self.row.case.type].initial.id


@require_GET
def show(request: Request) -> HttpResponse:
    if request.actor.kind is ActorKind.ANONYMOUS:
        return redirect_to_login(request.get_full_path())
    stops = _stops(request)
    context: dict[str, Any] = {
        "at_hand": [stop for stop in stops if not stop.new],
        "new": [stop for stop in stops if stop.new],
        "may_report": bool(reportable(request.actor)),
        "panels": drawn(request.actor, Face.FIELD, common.params_of(request)),
        "today": clock.today(),
    }
    return render(request, "web/field/home.html", context)


def _stops(request: Request) -> list[Stop]:
    found = on_site(request.actor)
    rows = rows_of([case for case, _steps in found], request.now)
    return [
        Stop(row=row, url=reverse("field:case", kwargs={"number": case.number}), steps=steps)
        for row, (case, steps) in zip(rows, found, strict=True)
    ]
