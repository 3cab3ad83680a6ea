"""Views of the faces that are not drawn from declarations, but for the homes, which have their own files."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from zhen.kernel.access.api import ActorKind
from zhen.web.context import THEME_COOKIE, THEMES
from zhen.web.requests import Request
from zhen.web.search import LONGEST_QUERY, find

YEAR = 365 * 24 * 3600


@require_POST
def preferences(request: Request) -> HttpResponse:
    """Language and theme, kept by the browser in two cookies, so that they also hold before signing in."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax")
    theme = request.POST.get("theme")
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR, samesite="Lax")
    return response


def search(request: Request) -> HttpResponse:
    """The search page; with `part=hits` only the hits, for the dialog."""
    if request.actor.kind is ActorKind.ANONYMOUS:
        return redirect_to_login(request.get_full_path())
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    context = {"query": query, "groups": find(request.actor, query)}
    part = request.GET.get("part") == "hits"
    return render(request, "web/parts/hits.html" if part else "web/search.html", context)
