"""The pages that residents and staff share: the plan as a text of promises, a target, a measure, two texts compared."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhen.kernel.access.api import ActorKind
from zhen.kernel.lib import clock
from zhen.kernel.plan import api as plan
from zhen.kernel.plan.api import PromiseView, Refused, Target
from zhen.web.plan.chart import sparkline
from zhen.web.plan.forms import BindForm, ReportForm
from zhen.web.plan.review import headings_of, topics_of
from zhen.web.plan.text import Span, lines_of
from zhen.web.requests import Request


def day_of(request: Request) -> date:
    return request.now.astimezone(clock.TOWN_ZONE).date()


def draw(request: Request, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Residents see the portal around the page, staff the desk."""
    staff = request.actor.kind is not ActorKind.ANONYMOUS
    return render(
        request, template, context | {"layout": "web/desk.html" if staff else "web/portal.html"}, status=status
    )


@require_GET
def home(request: Request) -> HttpResponse:
    """The plan in force, or word that there is none."""
    document = plan.current_document(request.actor, on=day_of(request))
    if document is None:
        return draw(request, "web/plan/none.html", {})
    return HttpResponseRedirect(reverse("plan:document", kwargs={"document_id": document.pk}))


@require_GET
def document(request: Request, document_id: int) -> HttpResponse:
    """The text of a plan with every promise in it, its owner and where it stands."""
    on = day_of(request)
    found = plan.document_for(request.actor, document_id)
    overview = plan.overview(request.actor, found, on=on)
    version = plan.versions_of(request.actor, found).first()
    if version is None:
        raise plan.Missing
    wanted = request.GET.get("standing", "")
    sections = list(plan.sections_of(request.actor, version))
    spans = [*spans_of(overview.promises, wanted), *topics_of(sections)]
    context = {
        "document": found,
        "version": version,
        "overview": overview,
        "lines": lines_of(version.text, spans, headings_of(sections)),
        "standings": [(s, overview.standings[s]) for s in plan.Standing if overview.standings.get(s)],
        "wanted": wanted,
        "figures": overview.figures,
        "may_review": request.actor.may("plan.finding.review"),
        "may_publish": request.actor.may("plan.document.import"),
        "may_freeze": request.actor.may("plan.report.freeze"),
        "children": plan.documents(request.actor).filter(parent=found),
    }
    return draw(request, "web/plan/document.html", context)


def spans_of(promises: tuple[PromiseView, ...], wanted: str = "") -> list[Span]:
    spans = []
    for promise in promises:
        if wanted and promise.standing != wanted:
            continue
        spans.append(Span(promise.start, promise.end, promise.kind, promise.id, promise.standing, promise.url))
        if promise.num_start is not None and promise.num_end is not None:
            spans.append(Span(promise.num_start, promise.num_end, "number", promise.id))
    return spans


@require_http_methods(["GET", "POST"])
def target(request: Request, target_id: int) -> HttpResponse:
    """A target: its sentence, its value and trend, the formula, the records that were counted."""
    on = day_of(request)
    page = plan.target_page(request.actor, target_id, on=on)
    form = bind_form(request, page.target) if page.may_bind else None
    status = 200
    if request.method == "POST":
        request.actor.require("plan.target.bind")
        assert form is not None
        if form.is_valid():
            try:
                bind(request, page.target, form)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The target was bound and measured."))
                return HttpResponseRedirect(request.path)
        status = 422
    part: Any = "denominator" if request.GET.get("part") == "denominator" else "numerator"
    number = request.GET.get("page", "1")
    context = {
        "page": page,
        "target": page.target,
        "view": page.view,
        "form": form,
        "part": part,
        "line": sparkline(page.target, page.measurements),
        "evidence": plan.evidence_page(
            request.actor, page.target, part, on=page.asked_on, page=int(number) if number.isdigit() else 1
        )
        if page.may_open_evidence
        else None,
    }
    return draw(request, "web/plan/target.html", context, status)


def bind_form(request: Request, target: Target) -> BindForm:
    current = f"indicator:{target.indicator}" if target.indicator else ""
    current = f"series:{target.series_id}" if target.series_id else current
    form = BindForm(
        request.POST or None,
        initial={
            "revision": target.revision,
            "source": current,
            "reading": target.reading,
            "course": target.course,
            "baseline": target.baseline,
        },
    )
    choices(form, "source", [("", _("nothing yet")), *plan.sources_for(request.actor)])
    choices(form, "reading", list(Target.Reading.choices))
    choices(form, "course", list(Target.Course.choices))
    return form


def choices(form: forms.Form, name: str, listed: list[tuple[Any, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = listed


def bind(request: Request, target: Target, form: BindForm) -> None:
    given = form.cleaned_data
    kind, _colon, name = given["source"].partition(":")
    plan.bind_target(
        request.actor,
        target.pk,
        given["revision"],
        indicator=name if kind == "indicator" else "",
        series=plan.series_for(request.actor, int(name)) if kind == "series" else None,
        reading=given["reading"] if kind == "series" else Target.Reading.VALUE,
        course=given["course"],
        baseline=given["baseline"],
    )


@require_http_methods(["GET", "POST"])
def measure(request: Request, measure_id: int) -> HttpResponse:
    """A measure: its sentence, its owners, what was reported."""
    page = plan.measure_page(request.actor, measure_id, on=day_of(request))
    form = ReportForm(
        request.POST or None,
        initial={"revision": page.measure.revision, "state": page.measure.state, "note": ""},
    )
    status = 200
    if request.method == "POST":
        if form.is_valid():
            given = form.cleaned_data
            try:
                plan.report_measure(
                    request.actor, measure_id, given["revision"], state=given["state"], note=given["note"]
                )
            except Refused as refused:
                form.add_error(None, str(refused))
            except plan.Measure.DoesNotExist as fault:
                raise plan.Missing from fault
            else:
                messages.success(request, _("The report was recorded."))
                return HttpResponseRedirect(request.path)
        status = 422
    context = {"page": page, "measure": page.measure, "view": page.view, "form": form if page.may_report else None}
    return draw(request, "web/plan/measure.html", context, status)


@require_GET
def compare(request: Request, document_id: int) -> HttpResponse:
    """Two texts of a plan side by side: what was added, removed, reworded."""
    found = plan.document_for(request.actor, document_id)
    versions = list(plan.versions_of(request.actor, found))
    if len(versions) < 2:
        return draw(request, "web/plan/compare.html", {"document": found, "versions": versions})
    new = pick(versions, request.GET.get("new", ""), versions[0])
    old = pick(versions, request.GET.get("old", ""), versions[1])
    changes = plan.compare(old.text, new.text)
    context = {
        "document": found,
        "versions": versions,
        "old": old,
        "new": new,
        "changes": changes,
        "counts": {kind: sum(change.kind == kind for change in changes) for kind in ("added", "removed", "replaced")},
        "only": request.GET.get("only") == "changes",
    }
    return draw(request, "web/plan/compare.html", context)


def pick(versions: list[Any], number: str, otherwise: Any) -> Any:
    return next((version for version in versions if str(version.number) == number), otherwise)
