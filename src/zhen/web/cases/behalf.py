"""Registering for somebody who calls, writes or stands at the counter: who he is stays as protected as any reporter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhen.kernel.access.api import Actor, ActorKind, Denied
from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import Case, CaseType, NewCase, NewReport, NewReporter
from zhen.kernel.files.api import UploadField
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing
from zhen.kernel.places import api as places
from zhen.web import drafts
from zhen.web.cases.classes import class_choices, reportable
from zhen.web.cases.hints import similar_rows, suggestion_rows
from zhen.web.cases.rows import url_of
from zhen.web.reports.views import secret_of
from zhen.web.reports.where import point_of
from zhen.web.requests import Request

DRAFT = "cases.new"
LONGEST_READ = 2000
CHANNELS = (
    ("telephone", gettext_lazy("a telephone call")),
    ("counter", gettext_lazy("the counter")),
    ("letter", gettext_lazy("a letter")),
    ("wechat", gettext_lazy("WeChat")),
)


class BehalfForm(forms.Form):
    key = forms.CharField(widget=forms.HiddenInput, min_length=36, max_length=36)
    source = forms.ChoiceField(label=gettext_lazy("came by"), choices=CHANNELS, widget=forms.RadioSelect)
    phone = forms.CharField(
        label=gettext_lazy("telephone"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("what the caller is called"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    title = forms.CharField(label=gettext_lazy("What is it?"), max_length=60)
    text = forms.CharField(
        label=gettext_lazy("More about it"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    address = forms.CharField(
        label=gettext_lazy("Where?"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Street, lane and number, or the name of the place; or put the pin on the map."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    lon = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)
    lat = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)
    category = forms.ChoiceField(label=gettext_lazy("class"), required=False)
    urgent = forms.BooleanField(label=gettext_lazy("urgent"), required=False)

    def __init__(self, data: Any, files: Any, *, actor: Actor, type_: CaseType, **options: Any) -> None:
        super().__init__(data, files, **options)
        self.fields["photos"] = UploadField(actor, label=_("Photos"), required=False, most=6)
        classes = class_choices(type_, cases.rulebook(), clock.today())
        self.fields["category"].choices = [("", _("not sorted yet")), *classes]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("address") and point_of(given.get("lon", ""), given.get("lat", "")) is None:
            self.add_error("address", _("Say where it is, or put the pin on the map."))
        return given


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """The form; cases like it, where there are some; then the slip with number and secret."""
    type_ = _type(request)
    if isinstance(type_, HttpResponse):
        return type_
    if request.method != "POST":
        return _page(request, type_, _fresh(request, type_))
    data = request.POST.copy()
    if taken := data.get("take"):
        data["category"] = taken
    form = BehalfForm(data, request.FILES, actor=request.actor, type_=type_)
    valid = form.is_valid()
    if not valid or taken:
        return _page(request, type_, form, status=200 if valid else 422)
    original = request.POST.get("repeat", "")
    report = _as_case(form.cleaned_data)
    if not original and not request.POST.get("confirmed"):
        similar = _like_it(request.actor, type_, report)
        if similar:
            return _page(request, type_, form, similar=similar, stopped=True)
    try:
        return _received(request, type_, report, form.cleaned_data, original)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, type_, form, status=422)


@never_cache
@require_POST
def look(request: Request) -> HttpResponse:
    """What is known about a report that is being written, as a piece of the page."""
    type_ = _type(request)
    if isinstance(type_, HttpResponse):
        return type_
    given = {name: request.POST.get(name, "")[:LONGEST_READ].replace("\x00", "") for name in request.POST}
    report = _as_case(given)
    similar = _like_it(request.actor, type_, report) if report.title.strip() else []
    context = {"suggestions": _suggestions(type_, given), "similar": similar}
    return render(request, "web/cases/parts/known.html", context)


@require_POST
def draft(request: Request) -> HttpResponse:
    type_ = _type(request)
    if isinstance(type_, HttpResponse):
        return type_
    return HttpResponse(status=204 if drafts.keep(request.actor, DRAFT, type_.id, request.POST) else 413)


def _type(request: Request) -> CaseType | HttpResponse:
    """What the reader may register, or the way to the sign-in. Raises Denied."""
    if request.actor.kind is ActorKind.ANONYMOUS:
        return redirect_to_login(request.get_full_path())
    types = reportable(request.actor)
    if not types:
        raise Denied("cases", request.actor)
    return types[0]


def _fresh(request: Request, type_: CaseType) -> BehalfForm:
    form = BehalfForm(
        None, None, actor=request.actor, type_=type_, initial={"key": str(uuid4()), "source": "telephone"}
    )
    recalled = drafts.recall(request.actor, DRAFT, type_.id)
    if recalled is not None:
        form.initial.update(recalled.initial(form))
    return form


def _page(request: Request, type_: CaseType, form: BehalfForm, *, status: int = 200, **more: Any) -> HttpResponse:
    values = {name: str(form[name].value() or "") for name in ("title", "text", "category")}
    context = {"form": form, "type": type_, "suggestions": _suggestions(type_, values), **more}
    return render(request, "web/cases/new.html", context, status=status)


def _suggestions(type_: CaseType, given: dict[str, str] | QueryDict) -> list[dict[str, Any]]:
    """Nothing where a class is chosen: a suggestion never argues."""
    if given.get("category"):
        return []
    return suggestion_rows(cases.suggest(f"{given.get('title', '')}\n{given.get('text', '')}", type_))


def _as_case(given: dict[str, Any]) -> NewCase:
    """The report. A pin says best where it is; without one, an address that the town knows."""
    address = given.get("address", "")
    place = places.named(Actor.anonymous(), address, clock.today()) if address else None
    point = point_of(given.get("lon", ""), given.get("lat", ""))
    if point is None and place is not None and place.lon is not None and place.lat is not None:
        point = place.lon, place.lat
    category = str(given.get("category") or "")
    return NewCase(
        title=given.get("title", ""),
        text=given.get("text", ""),
        category=cases.rulebook().categories.get(int(category)) if category.isdecimal() else None,
        address=address,
        point=point,
        place_id=place.place_id if place is not None else None,
        source=given.get("source") or "staff",
        urgent=bool(given.get("urgent")),
        files=tuple(given.get("photos") or ()),
    )


def _merges(actor: Actor, type_: CaseType) -> bool:
    """Whoever may link cases merges; others let the caller follow what is known already."""
    return actor.may(type_.powers.view) and actor.may(type_.powers.link)


def _like_it(actor: Actor, type_: CaseType, report: NewCase) -> list[dict[str, Any]]:
    new = NewReport(
        case_type=type_.id,
        title=report.title,
        text=report.text,
        category=report.category,
        point=report.point,
        at=clock.now(),
    )
    if _merges(actor, type_):
        return [{**row, "number": row["case"].number} for row in similar_rows(cases.similar(actor, new))]
    return [
        {
            "number": one.number,
            "name": one.category,
            "state": one.state,
            "metres": one.metres,
            "reports": one.reports,
            "received": one.received,
        }
        for one in cases.similar_for_public(new)
    ]


def _received(request: Request, type_: CaseType, report: NewCase, given: dict[str, Any], original: str) -> HttpResponse:
    actor, secret = request.actor, secret_of(given["key"])
    reporter = NewReporter(secret=secret, name=given["name"].strip(), phone=given["phone"].strip())
    try:
        with transaction.atomic():
            if original and not _merges(actor, type_):
                case = cases.follow(Actor.anonymous(), original, secret).case
            else:
                case = cases.receive(actor, type_.id, replace(report, source_ref=given["key"], reporter=reporter))
            if original and _merges(actor, type_) and cases.original_of(case) is None:
                cases.merge(actor, case.pk, cases.case_for(actor, original).pk)
    except (Missing, Case.DoesNotExist) as gone:
        raise Refused(
            field=_("case"),
            value=original,
            reason=_("it is not there any more"),
            remedy=_("Register the report by itself"),
        ) from gone
    drafts.forget(actor, DRAFT, type_.id)
    context = {
        "case": case,
        "secret": [secret[start : start + 4] for start in range(0, len(secret), 4)],
        "original": original,
        "url": _reached(actor, case),
        "track": request.build_absolute_uri(reverse("reports:track")),
        "printed": request.now,
    }
    return render(request, "web/cases/slip.html", context)


def _reached(actor: Actor, case: Case) -> str:
    try:
        cases.case_for(actor, case.number)
    except Missing:
        return ""
    return url_of(case)
