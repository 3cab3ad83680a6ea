"""Residents report what they see. Before it is sent they learn what neighbours reported, and can follow that instead.

The case type is the first with public intake. What is typed stands in forms only: never in an address or a log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhen.kernel.access.api import Actor
from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import CASE_TYPES, CaseType, Category, NewCase, NewReport, NewReporter
from zhen.kernel.identity.api import within
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing
from zhen.kernel.places import api as places
from zhen.web.errors import Unprocessable
from zhen.web.reports.forms import ReportForm, name_of
from zhen.web.reports.where import Point, point_of, said
from zhen.web.requests import Request

REPORTS_AN_HOUR = 30
FOLLOWS_AN_HOUR = 60
LOOKS_A_MINUTE = 60
LONGEST_READ = 2000
PUBLIC = Actor.anonymous()


def public_type() -> CaseType:
    """The case type that the portal's form makes. Raises Http404 where no pack brings one."""
    found = next((type_ for type_ in CASE_TYPES if type_.public_intake and type_.scheme), None)
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, kw_only=True)
class Guess:
    """A class that the words may mean, and why it is thought so."""

    category: Category
    name: str
    reason: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """The form; then reports like it, where there are some; then the number and the secret."""
    type_ = public_type()
    form = _form(request, type_)
    if request.method != "POST":
        return _page(request, type_, form)
    valid = form.is_valid()
    if not valid or "take" in request.POST:
        return _page(request, type_, form, status=200 if valid else 422)
    report = _as_case(form.cleaned_data)
    if not request.POST.get("confirmed"):
        similar = _like_it(type_, report.title, report.text, report.category, report.point)
        if similar:
            return _page(request, type_, form, similar=similar, stopped=True)
    try:
        return _received(request, type_, report, form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, type_, form, status=422)


@never_cache
@require_POST
def follow(request: Request) -> HttpResponse:
    """Follow a neighbour's report instead of sending one: a number, and a secret of one's own."""
    type_ = public_type()
    number, key = request.POST.get("number", "")[:40], request.POST.get("key", "")
    try:
        if not within(f"follow:{get_ip(request)}", calls=FOLLOWS_AN_HOUR, seconds=3600, now=request.now):
            raise _too_often(number)
        secret = secret_of(_whole(key) + number)
        followed = cases.follow(PUBLIC, number, secret).case
        context = {"case": followed, "secret": secret, "reports": 1 + followed.followers}
    except Missing:
        return _refused(request, type_, _("This report is not there any more. Send your own."))
    except Refused as refused:
        return _refused(request, type_, str(refused))
    return render(request, "web/reports/followed.html", context)


def _refused(request: Request, type_: CaseType, why: str) -> HttpResponse:
    form = _form(request, type_)
    if "title" not in request.POST:  # from the page of the case itself
        raise Unprocessable(why)
    if form.is_valid():
        form.add_error(None, why)
    return _page(request, type_, form, status=422)


@never_cache
@require_POST
def look(request: Request) -> HttpResponse:
    """What is known about a report that is being written, as a piece of the page: its class, and others like it."""
    if not within(f"look:{get_ip(request)}", calls=LOOKS_A_MINUTE, seconds=60, now=request.now):
        return HttpResponse(_("Too many requests. Wait a minute."), status=429)
    type_ = public_type()
    given = request.POST
    title, text = (given.get(name, "")[:LONGEST_READ].replace("\x00", "") for name in ("title", "text"))
    category = _category(given.get("category", ""))
    point = _point(given)
    context = {
        "guesses": _guesses(type_, title, text, given.get("category", "")),
        "similar": _like_it(type_, title, text, category, point) if title.strip() else (),
    }
    return render(request, "web/reports/parts/known.html", context)


def _form(request: Request, type_: CaseType) -> ReportForm:
    data: QueryDict | None = None
    if request.method == "POST":
        data = request.POST.copy()
        if taken := data.get("take"):
            data["category"] = taken
    return ReportForm(data, request.FILES or None, actor=request.actor, type_=type_, neighbourhoods=_neighbourhoods)


def _page(request: Request, type_: CaseType, form: ReportForm, *, status: int = 200, **more: Any) -> HttpResponse:
    data = form.data
    guesses = _guesses(type_, *(str(data.get(name, ""))[:LONGEST_READ] for name in ("title", "text", "category")))
    here = form.cleaned_data.get("here") if form.is_bound and hasattr(form, "cleaned_data") else None
    context = {"form": form, "guesses": guesses, "here_words": said(here) if here else "", **more}
    return render(request, "web/reports/new.html", context, status=status)


def _neighbourhoods() -> list[tuple[str, str]]:
    rows = places.readable(PUBLIC, clock.today(), "neighbourhood").order_by("name_key")
    return [(str(row.place_id), row.name) for row in rows]


def _as_case(given: Mapping[str, Any]) -> NewCase:
    """The report. A pin says best where it is; without one, an address that the town knows."""
    place = places.named(PUBLIC, given["address"], clock.today())
    area = int(given["neighbourhood"]) if given["neighbourhood"] else None
    point = given["point"]
    if point is None and place is not None and place.lon is not None and place.lat is not None:
        point = place.lon, place.lat
    return NewCase(
        title=given["title"],
        text=given["text"],
        category=_category(given["category"]),
        address=given["address"],
        point=point,
        place_id=place.place_id if place is not None else None,
        area_id=None if point else area,
        source="portal",
        files=tuple(given["photos"] or ()),
    )


def _category(key: str) -> Category | None:
    if not (key.isascii() and key.isdigit() and len(key) < 18):
        return None
    return cases.rulebook().categories.get(int(key))


def _point(given: Mapping[str, str]) -> Point | None:
    """Of the pin, or of the address where the town knows it."""
    pin = point_of(given.get("lon", ""), given.get("lat", ""))
    if pin is not None:
        return pin
    place = places.named(PUBLIC, given.get("address", "")[:200].replace("\x00", ""), clock.today())
    return (place.lon, place.lat) if place is not None and place.lon is not None and place.lat is not None else None


def _guesses(type_: CaseType, title: str, text: str, chosen: str) -> list[Guess]:
    """Nothing where somebody has chosen: a suggestion never argues."""
    if chosen:
        return []
    found = cases.suggest(f"{title}\n{text}".replace("\x00", ""), type_)
    return [
        Guess(category=one.category, name=name_of(one.category), reason=one.reason)
        for one in found
        if one.category.public
    ]


def _like_it(
    type_: CaseType, title: str, text: str, category: Category | None, point: Point | None
) -> tuple[cases.PublicSimilar, ...]:
    return cases.similar_for_public(
        NewReport(case_type=type_.id, title=title, text=text, category=category, point=point, at=clock.now())
    )


def _received(request: Request, type_: CaseType, report: NewCase, given: Mapping[str, Any]) -> HttpResponse:
    if not within(f"report:{get_ip(request)}", calls=REPORTS_AN_HOUR, seconds=3600, now=request.now):
        raise _too_often(report.title)
    key = _whole(given["key"])
    secret = secret_of(key)
    reporter = NewReporter(secret=secret, phone=given["phone"].strip())
    case = cases.receive(request.actor, type_.id, replace(report, source_ref=key, reporter=reporter))
    return render(request, "web/reports/done.html", {"case": case, "secret": secret})


def _whole(key: str) -> str:
    """The form's key. Raises Refused where it is not whole."""
    if len(key) == 36 and key.isascii():
        return key
    raise Refused(
        field=_("report"),
        value="",
        reason=_("the form is not complete"),
        remedy=_("Reload the page and send it again"),
    )


def _too_often(value: str) -> Refused:
    return Refused(
        field=_("report"),
        value=value,
        reason=_("many reports came from this connection within the hour"),
        remedy=_("Try again later, or call the operations centre"),
    )


def secret_of(key: str) -> str:
    """128 bits that follow from the form's key and the town's own secret: sent twice, the answer is the same."""
    return salted_hmac("zhen.reports", key, algorithm="sha256").hexdigest()[:32]
