"""The first screen of each face."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zhen.kernel.access.api import Actor, ActorKind
from zhen.kernel.cases.api import CASE_TYPES
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import words
from zhen.kernel.pages.api import HOME_PANELS, Face, Missing, Panel
from zhen.kernel.places.api import PlaceVersion, readable
from zhen.kernel.plan.api import Overview, Standing, current_document, overview
from zhen.web import cockpit, recent
from zhen.web.cases import home as cases_home
from zhen.web.pages import common, panels
from zhen.web.requests import Request

MOST_SLIPS = 9


def portal(request: Request) -> HttpResponse:
    """What can I do here, what happens near me, what did the town promise and where does it stand."""
    params = common.params_of(request)
    areas = sorted(readable(request.actor, clock.today(), "town", "neighbourhood"), key=lambda area: area.name_key)
    town = next((area for area in areas if area.place.kind == "town"), None)
    neighbourhoods = [area for area in areas if area.place.kind == "neighbourhood"]
    near = _near(neighbourhoods, params.get("near", ""))
    context = {
        "town": town,
        "neighbourhoods": neighbourhoods,
        "near": near,
        "promise": _promise(Actor.anonymous()),
        "panels": drawn(request.actor, Face.PORTAL, params),
        "reportable": any(type_.public_intake and type_.scheme for type_ in CASE_TYPES),
    }
    return render(request, "web/portal_home.html", context)


def desk(request: Request) -> HttpResponse:
    """What is mine, what is late, what just came in."""
    if request.actor.kind is ActorKind.ANONYMOUS:
        return redirect_to_login(request.get_full_path())
    view = _plan(request.actor)
    mine = [promise for promise in view.promises if cockpit.is_mine(request.actor, promise)] if view else []
    urgent = [promise for promise in view.of(*cockpit.URGENT) if promise in mine] if view else []
    context = {
        "view": view,
        "mine": mine,
        "counts": cockpit.counts_of(mine, _mine_link),
        "slips": [cockpit.slip_of(promise) for promise in urgent[:MOST_SLIPS]],
        "urgent": len(urgent),
        "recent": recent.happenings(request.actor, request.now),
        "cases": cases_home.panels(request.actor, request.now),
        "panels": drawn(request.actor, Face.DESK, common.params_of(request)),
        "live": ",".join(sorted(recent.topics(request.actor))),
    }
    return render(request, "web/desk_home.html", context)


def drawn(actor: Actor, face: Face, params: Any) -> list[dict[str, Any]]:
    """The panels that modules and packs put on a home, for those who may see them; empty ones stay away."""
    wanted = [
        panel
        for panel in sorted(HOME_PANELS, key=lambda panel: (panel.order, panel.id))
        if panel.face is face and (panel.permission is None or actor.may(panel.permission))
    ]
    declared = [
        Panel(
            id=panel.id.replace(".", "-"),
            title=panel.title,
            form=panel.form,
            source=panel.source,
            columns=panel.columns,
            detail=panel.detail,
            wide=panel.wide,
            empty=panel.empty,
        )
        for panel in wanted
    ]
    return [panel for panel in panels.drawn(actor, declared, params) if panel["content"] or panel["panel"].empty]


def _near(neighbourhoods: list[PlaceVersion], code: str) -> PlaceVersion | None:
    if not code:
        return None
    found = next((area for area in neighbourhoods if area.place.code == code), None)
    if found is None:
        raise Missing(code)
    return found


def _plan(actor: Actor) -> Overview | None:
    if not actor.may(cockpit.VIEW):
        return None
    document = current_document(actor, on=clock.today())
    return overview(actor, document, on=clock.today()) if document else None


def _promise(actor: Actor) -> dict[str, Any] | None:
    """What the town promised to everybody: the published plan, counted, chapter by chapter."""
    document = current_document(actor, on=clock.today())
    if document is None:
        return None
    view = overview(actor, document, on=clock.today())
    url = reverse("plan:document", kwargs={"document_id": document.pk})
    counts = cockpit.counts_of(view.promises, lambda **query: f"{url}?standing={query['standing']}")
    return {
        "title": document.title,
        "url": url,
        "on": view.on,
        "total": len(view.promises),
        "counts": counts,
        "band": cockpit.band_of(counts),
        "chapters": [
            {
                "numeral": words(chapter.number),
                "title": chapter.title,
                "url": f"{url}{chapter.url}",
                "total": len(chapter.promises),
                "kept": chapter.standings.get(Standing.KEPT, 0),
                "band": cockpit.band_of(cockpit.counts_of(chapter.promises, lambda **query: url)),
            }
            for chapter in view.chapters
        ],
    }


def _mine_link(**query: object) -> str:
    return f"{reverse('web:cockpit_promises')}?mine=yes&standing={query['standing']}"
