"""The first screen of each face."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import render

from zhen.kernel.access.api import ActorKind
from zhen.web.requests import Request


def portal(request: Request) -> HttpResponse:
    return render(request, "web/portal_home.html")


def desk(request: Request) -> HttpResponse:
    if request.actor.kind is ActorKind.ANONYMOUS:
        return redirect_to_login(request.get_full_path())
    return render(request, "web/desk_home.html")


def field(request: Request) -> HttpResponse:
    if request.actor.kind is ActorKind.ANONYMOUS:
        return redirect_to_login(request.get_full_path())
    return render(request, "web/field_home.html")
