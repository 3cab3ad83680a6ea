"""Views of the faces that are not drawn from declarations, but for the homes, which have their own files."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhen.kernel.access.api import ActorKind
from zhen.kernel.pages.api import PAGES, FormPage, ListPage, Missing
from zhen.web import drafts, filters
from zhen.web.addresses import address
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


@require_POST
def saved_filter(request: Request, page: str) -> HttpResponse:
    declared = _list_page(request, page)
    assert request.actor.id is not None, "_list_page lets only users in"
    saved = filters.save(request.actor.id, page, request.POST.get("name", "").strip(), request.POST.get("query", ""))
    messages.success(request, _("The view is saved as “{name}”.").format(name=saved.name))
    return HttpResponseRedirect(f"{address(declared)}?{saved.query}")


@require_POST
def saved_filter_delete(request: Request, key: int) -> HttpResponse:
    if request.actor.id is None:
        return redirect_to_login("/desk/")
    saved = filters.delete(request.actor.id, key)
    messages.success(request, _("The saved view “{name}” is deleted.").format(name=saved.name))
    return HttpResponseRedirect(address(_list_page(request, saved.page)))


def _list_page(request: Request, id: str) -> ListPage:
    page = PAGES.get(id)
    if not isinstance(page, ListPage) or request.actor.id is None:
        raise Missing(id)
    if page.permission is not None:
        request.actor.require(page.permission)
    return page


@require_POST
def draft(request: Request, page: str) -> HttpResponse:
    """Keep what was typed into a form so far; the page's script calls it while somebody types."""
    declared = PAGES.get(page)
    if not isinstance(declared, FormPage) or not declared.draft or request.actor.id is None:
        raise Missing(page)
    if declared.permission is not None:
        request.actor.require(declared.permission)
    kept = drafts.keep(request.actor, page, request.GET.get("key", "")[:100], request.POST)
    return HttpResponse(status=204 if kept else 413)
