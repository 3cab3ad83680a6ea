"""The field app's manifest and worker: it can be put on the home screen, and keeps what was opened for the stairs."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django_vite.templatetags.django_vite import vite_asset_url

from zhen.web.requests import Request


def manifest(request: Request) -> HttpResponse:
    content = {
        "name": _("Zhen in the field"),
        "short_name": _("Zhen"),
        "lang": request.LANGUAGE_CODE,
        "start_url": "/field/",
        "scope": "/field/",
        "display": "standalone",
        "background_color": "#f6f2e8",
        "theme_color": "#f6f2e8",
        "icons": [{"src": vite_asset_url("mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return JsonResponse(content, content_type="application/manifest+json")


def worker(request: Request) -> HttpResponse:
    """The service worker. It keeps the pages that were opened, and one that says that there is no signal."""
    response = HttpResponse(render_to_string("web/field/worker.js"), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


def offline(request: Request) -> HttpResponse:
    return render(request, "web/field/offline.html")
