"""Who reported or follows something sees what becomes of it, adds to it, rates it, reopens it or takes it back.

The number and the secret stand in forms and in the session only: never in an address, a log or a referrer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhen.kernel.access.api import Actor
from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import CASE_TYPES, Case, Move, Reporter, Transition
from zhen.kernel.identity.api import within
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing
from zhen.web.reports.forms import RateForm, ReopenForm, SayForm, TrackForm, WithdrawForm
from zhen.web.requests import Request

TRIES_A_MINUTE = 20
WORDS_AN_HOUR = 30
OPENED = "reports.opened"
SAY = "say"
PUBLIC = Actor.anonymous()


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A case that somebody may see by its number and secret: his own (`mine`), or a neighbour's that he follows."""

    case: Case
    number: str
    secret: str
    mine: bool


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: Request) -> HttpResponse:
    """Number and secret open a report. What is wrong is not said: number, secret, or too many tries."""
    form = TrackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number, secret = form.cleaned_data["number"].strip().upper(), form.cleaned_data["secret"].strip()
        if _may_try(request) and _open(number, secret) is not None:
            request.session[OPENED] = [number, secret]
            return redirect("reports:track")
        form.add_error(None, _("Number and secret do not go together, or there were too many tries. Check both."))
    opened = _opened(request) if request.method != "POST" else None
    if opened is None:
        status = 422 if form.is_bound else 200
        return render(request, "web/reports/track.html", {"form": form}, status=status)
    return _show(request, opened)


def _may_try(request: Request) -> bool:
    return within(f"track:{get_ip(request)}", calls=TRIES_A_MINUTE, seconds=60, now=request.now)


def _opened(request: Request) -> Opened | None:
    held = request.session.get(OPENED)
    return _open(*held) if held else None


def _open(number: str, secret: str) -> Opened | None:
    if "\x00" in number + secret:
        return None
    for find, mine in ((cases.tracked, True), (cases.followed, False)):
        try:
            return Opened(case=find(number, secret), number=number, secret=secret, mine=mine)
        except Missing:
            continue
    return None


def _show(request: Request, opened: Opened, **tried: forms.Form) -> HttpResponse:
    case, type_ = opened.case, CASE_TYPES[opened.case.type]
    context = {
        "case": case,
        "mine": opened.mine,
        "state": type_.state(case.state),
        "outcome": type_.outcome(case.outcome),
        "way": cases.way(case, mine=opened.mine),
        "expected": cases.expected(case) if case.open else None,
        "pictures": cases.shown_to_reporter(request.actor, case) if opened.mine else (),
        "offers": list(_offers(request, case, tried)) if opened.mine else (),
        "say": (tried.get(SAY) or _say_form(request, None)) if opened.mine else None,
        "reports": 1 + case.followers,
    }
    return render(request, "web/reports/case.html", context, status=422 if tried else 200)


def _offers(request: Request, case: Case, tried: Mapping[str, forms.Form]) -> list[dict[str, Any]]:
    """The steps of the reporter's own with their forms; one that is too late says so instead."""
    return [
        {
            "step": step,
            "form": tried.get(step.id) or _form_of(step, None),
            "too_late": cases.why_not(PUBLIC, case, step, request.now),
        }
        for step in cases.steps_of_reporter(case)
        if not (cases.Need.RATING in step.needs and case.rating)
    ]


def _form_of(step: Transition, data: Any) -> forms.Form:
    made = RateForm if cases.Need.RATING in step.needs else WithdrawForm if step.ends_as else ReopenForm
    return made(data, auto_id=f"id_{step.id}_%s")


def _say_form(request: Request, data: Any) -> SayForm:
    return SayForm(data, request.FILES if data is not None else None, actor=request.actor, auto_id="id_say_%s")


@never_cache
@require_POST
def say(request: Request) -> HttpResponse:
    """A word of the reporter's, with photos."""
    opened = _opened(request)
    if opened is None or not opened.mine:
        return redirect("reports:track")
    form = _say_form(request, request.POST)
    if not form.is_valid():
        return _show(request, opened, **{SAY: form})
    try:
        if not within(f"say:{get_ip(request)}", calls=WORDS_AN_HOUR, seconds=3600, now=request.now):
            raise Refused(
                field=_("comment"),
                value="",
                reason=_("much was added from this connection within the hour"),
                remedy=_("Try again later, or call the operations centre"),
            )
        given = form.cleaned_data
        cases.say_as_reporter(request.actor, opened.number, opened.secret, given["text"], given["photos"] or ())
    except Missing:
        return redirect("reports:track")
    except Refused as refused:
        form.add_error(None, str(refused))
        return _show(request, opened, **{SAY: form})
    messages.success(request, _("Added. The units that handle it see it."))
    return redirect("reports:track")


@never_cache
@require_POST
def step(request: Request, step: str) -> HttpResponse:
    """A step of the reporter's own: rate, say that it is not solved, or take it back."""
    opened = _opened(request)
    if opened is None or not opened.mine:
        return redirect("reports:track")
    found = CASE_TYPES[opened.case.type].transition(step)
    if found is None or found.by is not cases.By.REPORTER:
        raise Http404
    form = _form_of(found, request.POST)
    if not form.is_valid():
        return _show(request, opened, **{step: form})
    try:
        cases.move_as_reporter(request.actor, opened.number, opened.secret, step, Move(**form.cleaned_data))
    except Reporter.DoesNotExist:
        return redirect("reports:track")
    except Refused as refused:
        form.add_error(None, str(refused))
        return _show(request, opened, **{step: form})
    messages.success(request, _("Thank you. It is noted."))
    return redirect("reports:track")


@never_cache
@require_POST
def leave(request: Request) -> HttpResponse:
    """Close what this browser has opened; who only follows may stop following as well."""
    held = request.session.pop(OPENED, None)
    if held and request.POST.get("unfollow") and cases.unfollow(PUBLIC, *held):
        messages.success(request, _("You follow it no more."))
    return redirect("reports:track")
