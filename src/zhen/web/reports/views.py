"""Residents report, follow what becomes of it, rate it, and say that it is not solved.

Every case type with public intake has these pages; the first is what the portal's form makes. The number and the
secret stand in forms and in the session only: never in an address, a log or a referrer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhen.kernel.access.api import Actor
from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import CASE_TYPES, Case, CaseType, Move, NewCase, NewReport, NewReporter, Reporter
from zhen.kernel.identity.api import within
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing
from zhen.kernel.places import api as places
from zhen.web.reports.forms import RateForm, ReopenForm, ReportForm, TrackForm
from zhen.web.requests import Request

REPORTS_AN_HOUR = 30
TRIES_A_MINUTE = 20
OPENED = "reports.opened"
PUBLIC = Actor.anonymous()


def public_type() -> CaseType:
    """The case type that the portal's form makes. Raises Http404 where no pack brings one."""
    found = next((type_ for type_ in CASE_TYPES if type_.public_intake and type_.scheme), None)
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """The form; then reports like it, where there are some; then the number and the secret."""
    type_ = public_type()
    areas = _neighbourhoods()
    form = ReportForm(
        request.POST or None, request.FILES or None, actor=request.actor, type_=type_, neighbourhoods=areas
    )
    similar: tuple[cases.PublicSimilar, ...] = ()
    if request.method == "POST" and form.is_valid():
        report = _as_case(type_, form.cleaned_data)
        if not request.POST.get("confirmed"):
            similar = _like_it(type_, report)
        if not similar:
            try:
                return _received(request, type_, report, form.cleaned_data["key"])
            except Refused as refused:
                form.add_error(None, str(refused))
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/reports/new.html", {"form": form, "similar": similar}, status=status)


def _neighbourhoods() -> list[tuple[str, str]]:
    rows = places.readable(PUBLIC, clock.today(), "neighbourhood").order_by("name_key")
    return [(str(row.place_id), row.name) for row in rows]


def _as_case(type_: CaseType, given: Mapping[str, Any]) -> NewCase:
    """The report, with the point of the address where the town knows it."""
    book = cases.rulebook()
    place = _place(given["address"])
    category = book.categories.get(int(given["category"])) if given["category"] else None
    area = int(given["neighbourhood"]) if given["neighbourhood"] else None
    point = (place.lon, place.lat) if place is not None and place.lon is not None and place.lat is not None else None
    return NewCase(
        title=given["title"],
        text=given["text"],
        category=category,
        address=given["address"],
        point=point,
        place_id=place.place_id if place is not None else None,
        area_id=None if point else area,
        source="portal",
        files=tuple(given["photos"] or ()),
    )


def _place(address: str) -> places.PlaceVersion | None:
    """The building or place of exactly this name or address today."""
    rows = places.readable(PUBLIC, clock.today(), "building", "site", "estate", "park")
    named = rows.filter(name=address.strip()).first()
    if named is not None:
        return named
    words = address.strip().replace("弄", " ").replace("号", " ").split()
    if len(words) < 2:
        return None
    street = "".join(letter for letter in words[0] if not letter.isdigit())
    numbers = ["".join(letter for letter in words[0] if letter.isdigit()), *words[1:]]
    numbers = [number for number in numbers if number]
    wanted = {"lane": numbers[0], "number": numbers[1]} if len(numbers) > 1 else {"number": numbers[0]}
    return rows.filter(street=street, **wanted).first() if street else None


def _like_it(type_: CaseType, report: NewCase) -> tuple[cases.PublicSimilar, ...]:
    return cases.similar_for_public(
        NewReport(
            case_type=type_.id,
            title=report.title,
            text=report.text,
            category=report.category,
            point=report.point,
            at=clock.now(),
        )
    )


def _received(request: Request, type_: CaseType, report: NewCase, key: str) -> HttpResponse:
    now = clock.now()
    if not within(f"report:{get_ip(request)}", calls=REPORTS_AN_HOUR, seconds=3600, now=now):
        raise Refused(
            field=_("report"),
            value=report.title,
            reason=_("many reports came from this connection within the hour"),
            remedy=_("Try again later, or call the operations centre"),
        )
    key = key if len(key) == 36 else ""
    secret = secret_of(key) if key else ""
    if not secret:
        raise Refused(
            field=_("report"),
            value="",
            reason=_("the form is not complete"),
            remedy=_("Reload the page and send it again"),
        )
    reporter = NewReporter(secret=secret, phone=str(request.POST.get("phone", "")).strip()[:20])
    case = cases.receive(request.actor, type_.id, replace(report, source_ref=key, reporter=reporter))
    return render(request, "web/reports/done.html", {"case": case, "secret": secret})


def secret_of(key: str) -> str:
    """128 bits that follow from the form's key and the town's own secret: sent twice, the answer is the same."""
    return salted_hmac("zhen.reports", key, algorithm="sha256").hexdigest()[:32]


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
