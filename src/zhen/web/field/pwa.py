"""The field app's manifest and worker: it can be put on the home screen, and keeps what was opened for the stairs."""

from __future__ import annotations

import json
from functools import cache

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_vite.templatetags.django_vite import vite_asset_url

from zhen.web.requests import Request

LOADED = (
    "main.ts",
    *(
        f"scripts/{name}.ts"
        for name in ("cases", "conditions", "field", "field/scan", "field/voice", "report-form", "worker-register")
    ),
    "../../../../node_modules/qr/decode.js",
)
"""The entries of the build on the field's pages, as `main.ts` and `scripts/field.ts` ask for them."""


ICONS = (("icon", "any"), ("maskable", "maskable"))


def _icon(name: str, purpose: str, size: int) -> dict[str, str]:
    source = vite_asset_url(f"app/{name}-{size}.png")
    return {"src": source, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


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
        "id": "/field/",
        "categories": ["government", "productivity"],
        "icons": [_icon(name, purpose, size) for name, purpose in ICONS for size in (192, 512)],
        "shortcuts": [
            {"name": _("Report what I see"), "url": reverse("field:report")},
            {"name": _("Scan a label"), "url": reverse("field:scan")},
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


def worker(request: Request) -> HttpResponse:
    """The service worker, behind the list of what every page of the field needs: a new release is a new worker."""
    built = settings.VITE_MANIFEST.with_name("field-worker.js")
    parts = [settings.STATIC_URL + "dist/" + part for part in field_parts()]
    code = f"const PARTS = {json.dumps(parts)};\n{built.read_text(encoding='utf-8') if built.exists() else ''}"
    response = HttpResponse(code, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@cache
def field_parts() -> tuple[str, ...]:
    """The files of the build that pages of the field load: scripts and styles. The map comes when asked for."""
    if not settings.VITE_MANIFEST.exists():
        return ()
    manifest = json.loads(settings.VITE_MANIFEST.read_text(encoding="utf-8"))
    waiting, seen, parts = list(LOADED), set[str](), dict[str, None]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        chunk = manifest[name]
        parts |= dict.fromkeys((chunk["file"], *chunk.get("css", ())))
        waiting += chunk.get("imports", ())
    return tuple(sorted((*parts, manifest["icons.svg"]["file"], manifest["mark.svg"]["file"])))


def offline(request: Request) -> HttpResponse:
    return render(request, "web/field/offline.html")
