"""What every page's template knows: the face, the reader, the languages, the menu."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from zhen.kernel.cases.api import types_for
from zhen.kernel.pages.api import Face
from zhen.web.cases.classes import reportable
from zhen.web.menus import menu_for
from zhen.web.requests import Request

THEME_COOKIE = "zhen-theme"
THEMES = ("auto", "light", "dark")
LANGUAGE_NAMES = {"zh-hans": ("简体中文", "zh-Hans"), "en": ("English", "en")}


def face(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Templates set `face` themselves (each layout names its own)."""
    ours = cast(Request, request)
    actor = getattr(ours, "actor", None)
    language = translation.get_language() or settings.LANGUAGE_CODE
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return {
        "actor": actor,
        "request_id": getattr(ours, "id", ""),
        "now": getattr(ours, "now", None),
        "language": language,
        "html_language": LANGUAGE_NAMES.get(language, (language, language))[1],
        "languages": [
            {"code": code, "name": LANGUAGE_NAMES[code][0], "tag": LANGUAGE_NAMES[code][1], "current": code == language}
            for code, _name in settings.LANGUAGES
        ],
        "theme": theme if theme in THEMES else "auto",
        "desk_menu": SimpleLazyObject(lambda: menu_for(ours, Face.DESK)),
        "portal_menu": SimpleLazyObject(lambda: menu_for(ours, Face.PORTAL)),
        "field_menu": SimpleLazyObject(lambda: menu_for(ours, Face.FIELD)),
        "may_see_cases": actor is not None and bool(types_for(actor)),
        "may_report_cases": actor is not None and bool(reportable(actor)),
        "may_see_cockpit": actor is not None and actor.may("plan.view"),
    }
