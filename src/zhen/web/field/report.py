"""Reporting what one sees in the street, and settling on the spot what is small."""

from __future__ import annotations

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhen.kernel.access.api import Actor, ActorKind, Denied
from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import Case, CaseType, Move, NewCase, Transition
from zhen.kernel.files.api import UploadField
from zhen.kernel.identity.api import posts_on
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing
from zhen.web.cases.classes import class_choices, reportable
from zhen.web.field.sent import KEY, Answer, Fault, heard, take
from zhen.web.requests import Request

FROM_A_LABEL = ("address", "lon", "lat", "text")
"""What the page of a place or a device hands to a report about it."""


def at_once(actor: Actor, type_: CaseType) -> Transition | None:
    """The step that settles a new case on the spot."""
    return next(
        (
            step
            for step in type_.steps_from(type_.initial.id)
            if step.on_site and step.after and type_.state(step.after).end and actor.may(step.permission)
        ),
        None,
    )


class ReportForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("What is it?"), max_length=60)
    lon = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-90, max_value=90)
    address = forms.CharField(
        label=gettext_lazy("Where?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Street, lane and number, or the name of the place."),
    )
    category = forms.ChoiceField(label=gettext_lazy("class"), required=False, widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("More about it"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    urgent = forms.BooleanField(label=gettext_lazy("urgent"), required=False)
    settled = forms.BooleanField(label=gettext_lazy("I have settled it on the spot"), required=False)
    result = forms.CharField(
        label=gettext_lazy("what was done"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "data-when": '{"settled": ["True"]}'}),
    )

    def __init__(
        self, data: Any, files: Any, *, actor: Actor, type_: CaseType, initial: dict[str, str] | None = None
    ) -> None:
        super().__init__(data, files, initial=initial)
        self.fields["photos"] = UploadField(actor, label=_("Photos"), required=False, most=6)
        cast(forms.ChoiceField, self.fields["category"]).choices = class_choices(type_, cases.rulebook(), clock.today())
        if at_once(actor, type_) is None:
            del self.fields["settled"], self.fields["result"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (given.get("lon") is None) != (given.get("lat") is None):
            given["lon"] = given["lat"] = None
        if given.get("lon") is None and not given.get("address"):
            self.add_error("address", _("Give your position, put the pin on the map, or write the address."))
        if given.get("settled"):
            if not given.get("category"):
                self.add_error("category", _("Choose the class: it is settled and nobody else will."))
            if not str(given.get("result", "")).strip():
                self.add_error("result", _("Say what was done."))
        return given


@require_http_methods(["GET", "HEAD", "POST"])
@heard
def show(request: Request) -> HttpResponse:
    if request.actor.kind is ActorKind.ANONYMOUS:
        return redirect_to_login(request.get_full_path())
    types = reportable(request.actor)
    if not types:
        raise Denied("cases", request.actor)
    type_ = types[0]
    if request.method != "POST":
        begun = {name: request.GET[name][:200] for name in FROM_A_LABEL if name in request.GET}
        return _draw(request, ReportForm(None, None, actor=request.actor, type_=type_, initial=begun))
    return take(
        request,
        lambda: ReportForm(request.POST, request.FILES, actor=request.actor, type_=type_),
        lambda form: _receive(request, type_, form.cleaned_data),
        lambda fault: _draw(request, fault.form, fault),
        reverse("field:report"),
    )


def _draw(request: Request, form: forms.Form, fault: Fault | None = None) -> HttpResponse:
    choices = cast(list[tuple[Any, Any]], list(form.fields["category"].widget.choices))
    chosen = form["category"].value()
    context = {
        "form": form,
        "key": str(uuid4()),
        "classes": [(name, rows) if isinstance(rows, list) else ("", [(name, rows)]) for name, rows in choices],
        "chosen": int(chosen) if chosen and str(chosen).isdecimal() else None,
    }
    return render(request, "web/field/report.html", context, status=fault.status if fault else 200)


def _receive(request: Request, type_: CaseType, given: dict[str, Any]) -> Answer:
    """The report, and its end where it was settled: both, or neither."""
    actor, book = request.actor, cases.rulebook()
    point = (given["lon"], given["lat"]) if given["lon"] is not None else None
    settled = at_once(actor, type_) if given.get("settled") else None
    photos = tuple(given["photos"] or ())
    case = cases.receive(
        actor,
        type_.id,
        NewCase(
            title=given["title"],
            text=given["text"],
            category=book.categories.get(int(given["category"])) if given["category"] else None,
            point=point,
            area_id=None if point else _own_area(actor),
            address=given["address"],
            source="field",
            source_ref=request.POST.get(KEY, "")[:36],
            urgent=given["urgent"],
            files=() if settled else photos,
        ),
    )
    if settled is not None:
        _settle(actor, type_, case, settled, given["result"], photos)
    told = _("Registered as {number}.").format(number=case.number)
    return Answer(told=told, url=_where(actor, case))


def _settle(actor: Actor, type_: CaseType, case: Case, step: Transition, result: str, photos: tuple[Any, ...]) -> None:
    solved = next((outcome.id for outcome in type_.outcomes if outcome.solved), "")
    reason = "" if photos else _("reported and settled in one go, without a photo")
    try:
        cases.move(
            actor, case.pk, case.revision, step.id, Move(result=result, outcome=solved, files=photos, reason=reason)
        )
    except Case.DoesNotExist as beyond:
        raise Refused(
            field=_("place"),
            value=case.address,
            reason=_("it lies outside the area of your posts"),
            remedy=_("Report it without settling it"),
        ) from beyond


def _own_area(actor: Actor) -> int | None:
    """Where nobody knows the point, it is somewhere in the reporter's own area."""
    posts = posts_on(clock.today()).filter(user_id=actor.user_id or 0, area__isnull=False)
    return posts.order_by("id").values_list("area_id", flat=True).first()


def _where(actor: Actor, case: Case) -> str:
    try:
        cases.case_for(actor, case.number)
    except Missing:
        return reverse("field:home")
    return reverse("field:case", kwargs={"number": case.number})
