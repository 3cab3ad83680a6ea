"""Who reported or follows something sees what becomes of it, adds to it, rates it, and says that it is not solved.

The number and the secret stand in forms and in the session only: never in an address, a log or a referrer.
"""

from __future__ import annotations

from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import CASE_TYPES, Case, Move, Reporter
from zhen.kernel.identity.api import within
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing
from zhen.web.reports.forms import RateForm, ReopenForm, TrackForm
from zhen.web.requests import Request

TRIES_A_MINUTE = 20
OPENED = "reports.opened"


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
    opened = request.session.get(OPENED)
    case = _open(*opened) if opened and request.method != "POST" else None
    if case is None:
        status = 422 if form.is_bound else 200
        return render(request, "web/reports/track.html", {"form": form}, status=status)
    return _show(request, case)


def _may_try(request: Request) -> bool:
    return within(f"track:{get_ip(request)}", calls=TRIES_A_MINUTE, seconds=60, now=clock.now())


def _open(number: str, secret: str) -> Case | None:
    try:
        return cases.tracked(number, secret)
    except Missing:
        return None


def _show(request: Request, case: Case, **tried: forms.Form) -> HttpResponse:
    type_ = CASE_TYPES[case.type]
    offers = [
        {"step": step, "form": tried.get(step.id) or _form_of(step, None)}
        for step in cases.steps_of_reporter(case)
        if not (cases.Need.RATING in step.needs and case.rating)
    ]
    context = {
        "case": case,
        "state": type_.state(case.state),
        "outcome": type_.outcome(case.outcome),
        "told": cases.story(case),
        "pictures": cases.shown_to_reporter(request.actor, case),
        "offers": offers,
    }
    return render(request, "web/reports/case.html", context, status=422 if tried else 200)


def _form_of(step: cases.Transition, data: Any) -> forms.Form:
    return RateForm(data) if cases.Need.RATING in step.needs else ReopenForm(data)


@require_POST
def step(request: Request, step: str) -> HttpResponse:
    """A step of the reporter's own: rate, or say that it is not solved."""
    opened = request.session.get(OPENED)
    case = _open(*opened) if opened else None
    if case is None or opened is None:
        return redirect("reports:track")
    found = CASE_TYPES[case.type].transition(step)
    if found is None or found.by is not cases.By.REPORTER:
        raise Http404
    form = _form_of(found, request.POST)
    if not form.is_valid():
        return _show(request, case, **{step: form})
    try:
        cases.move_as_reporter(request.actor, opened[0], opened[1], step, Move(**form.cleaned_data))
    except Reporter.DoesNotExist:
        return redirect("reports:track")
    except Refused as refused:
        form.add_error(None, str(refused))
        return _show(request, case, **{step: form})
    messages.success(request, _("Thank you. It is noted."))
    return redirect("reports:track")
