"""The one door to every declared page: who may enter is decided here, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from zhen.kernel.access.api import ActorKind
from zhen.kernel.pages.api import BoardPage, DashboardPage, DetailPage, FilePage, FormPage, ListPage, MapPage, Page
from zhen.web.pages import boards, dashboards, details, forms, lists, made, maps
from zhen.web.requests import Request

Draw = Callable[..., HttpResponse]

DRAW: dict[type[Page], Draw] = {
    ListPage: lists.draw,
    DetailPage: details.draw,
    FilePage: made.draw,
    FormPage: forms.draw,
    BoardPage: boards.draw,
    MapPage: maps.draw,
    DashboardPage: dashboards.draw,
}


def view_of(page: Page) -> Callable[..., Any]:
    """The view of a page. Whoever is not signed in is asked to; whoever lacks the permission gets 403."""
    draw = DRAW[type(page)]

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: Request, key: str | None = None) -> HttpResponse:
        if request.actor.kind is ActorKind.ANONYMOUS and (page.signed_in or page.permission is not None):
            return redirect_to_login(request.get_full_path())
        if page.permission is not None:
            request.actor.require(page.permission)
        return draw(request, page) if key is None else draw(request, page, key)

    return view
