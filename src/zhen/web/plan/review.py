"""The review page: the text with its findings at the left, the findings at the right, decided by key or click."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhen.kernel.plan import api as plan
from zhen.kernel.plan.api import Finding, Refused
from zhen.web.plan.forms import FindingForm, initial_of
from zhen.web.plan.text import Heading, Span, lines_of
from zhen.web.requests import Request

EDIT_FORM = "edit-form"
ADD_FORM = "add-form"


@require_GET
def page(request: Request, version_id: int) -> HttpResponse:
    found = plan.review(request.actor, version_id)
    state = request.GET.get("state", "")
    shown = [f for f in found.findings if not state or f.state == state]
    context = {
        "review": found,
        "document": found.version.document,
        "version": found.version,
        "lines": lines_of(
            found.version.text, [*spans_of(found.findings), *topics_of(found.sections)], headings_of(found.sections)
        ),
        "findings": shown,
        "filter": state,
        "chapters": [section for section in found.sections if section.level == 0],
        "states": states(found.counts),
        "undoable": found.undoable,
    }
    return render(request, "web/plan/review.html", context)


def spans_of(findings: Iterable[Finding]) -> list[Span]:
    spans = []
    for finding in findings:
        layer: Any = finding.kind
        spans.append(Span(finding.start, finding.end, layer, finding.pk, finding.state))
        if finding.num_start is not None and finding.num_end is not None:
            spans.append(Span(finding.num_start, finding.num_end, "number", finding.pk, finding.state))
    return spans


def headings_of(sections: Iterable[Any]) -> list[Heading]:
    return [Heading(section.start, section.heading_end, section.level, section.pk) for section in sections]


def topics_of(sections: Iterable[Any]) -> list[Span]:
    """The headings that open a paragraph are set bold in it."""
    return [Span(s.start, s.heading_end, "topic", s.pk) for s in sections if s.level > 0]


def states(counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    return [(state.value, str(state.label), counts[state.value]) for state in Finding.State]


@require_POST
def decide(request: Request, version_id: int) -> HttpResponse:
    """Confirm or reject: one finding by its button, or all the chosen ones."""
    version = plan.version_under_review(request.actor, version_id)
    data = request.POST
    verb, given = chosen(data)
    act = plan.confirm if verb == "confirm" else plan.reject
    try:
        findings = act(request.actor, given)
    except Refused as refused:
        return answer(request, version.pk, given, fault=refused)
    except Finding.DoesNotExist:
        return answer(request, version.pk, (), fault=gone())
    return answer(request, version.pk, [finding.pk for finding in findings])


def chosen(data: QueryDict) -> tuple[str, dict[int, int]]:
    """The verb, and the findings with the revisions that the reviewer saw ("12:3")."""
    for verb in ("confirm", "reject"):
        if verb in data:
            return verb, seen([str(data[verb])])
    return data.get("bulk", ""), seen(data.getlist("chosen"))


def seen(pairs: Iterable[str]) -> dict[int, int]:
    found = {}
    for pair in pairs:
        number, _colon, revision = pair.partition(":")
        if number.isdigit() and revision.isdigit():
            found[int(number)] = int(revision)
    return found


def gone() -> Refused:
    return Refused(field=_("finding"), value="", reason=_("it is not there any more"), remedy=_("Reload the page"))


@require_POST
def undo(request: Request, version_id: int) -> HttpResponse:
    plan.version_under_review(request.actor, version_id)
    try:
        findings = plan.undo(request.actor, version_id)
    except Refused as refused:
        return answer(request, version_id, (), fault=refused)
    return answer(request, version_id, [finding.pk for finding in findings])


@require_http_methods(["GET", "POST"])
def edit(request: Request, version_id: int, finding_id: int) -> HttpResponse:
    """The inline form of a finding, and its saving."""
    finding = one(request, version_id, finding_id)
    if request.method == "GET":
        form = FindingForm(initial=initial_of(finding), kind=finding.kind, form_id=EDIT_FORM)
        return row(request, finding, form=form)
    form = FindingForm(request.POST, kind=finding.kind, form_id=EDIT_FORM)
    revision = request.POST.get("revision", "")
    if not form.is_valid() or not revision.isdigit():
        return row(request, finding, form=form, status=422)
    try:
        changed = plan.edit(request.actor, finding.pk, int(revision), form.edit())
    except Refused as refused:
        form.add_error(None, str(refused))
        return row(request, finding, form=form, status=refused.status)
    return answer(request, version_id, [changed.pk], in_place=True)


def one(request: Request, version_id: int, finding_id: int) -> Finding:
    found = plan.findings_of(request.actor, version_id, [finding_id])
    if not found:
        raise plan.Missing
    return found[0]


@require_http_methods(["GET", "POST"])
def add(request: Request, version_id: int) -> HttpResponse:
    """A finding that the grammar has missed, from a selection in the text."""
    version = plan.version_under_review(request.actor, version_id)
    data = request.GET if request.method == "GET" else request.POST
    kind, start, end = data.get("kind", ""), data.get("start", ""), data.get("end", "")
    if kind not in Finding.Kind.values or not start.isdigit() or not end.isdigit():
        return HttpResponse(status=422)
    initial = {"comparator": "=", "target_kind": "count"}
    form = FindingForm(data if request.method == "POST" else None, initial=initial, kind=kind, form_id=ADD_FORM)
    context = {
        "form": form, "kind": kind, "start": start, "end": end, "version": version,
        "text": version.text[int(start) : int(end)], "kind_label": Finding.Kind(kind).label,
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            finding = plan.add_finding(
                request.actor, version.pk, kind=kind, start=int(start), end=int(end), changes=form.edit()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            response = HttpResponse(status=204)
            response["HX-Redirect"] = f"{address(version.pk)}?added={finding.pk}#finding-{finding.pk}"
            return response
    return render(request, "web/plan/parts/add.html", context, status=200 if request.method == "GET" else 422)


def row(request: Request, finding: Finding, *, form: FindingForm | None = None, status: int = 200) -> HttpResponse:
    """The row of one finding, with its form open."""
    context = {"finding": finding, "form": form, "version": finding.version, "swap": status != 200}
    if request.headers.get("HX-Request") or form is None:
        return render(request, "web/plan/parts/finding.html", context, status=status)
    return render(request, "web/plan/edit.html", context | {"document": finding.version.document}, status=status)


def answer(
    request: Request,
    version_id: int,
    ids: Iterable[int],
    *,
    fault: Refused | None = None,
    in_place: bool = False,
) -> HttpResponse:
    """The changed rows and the counts for htmx; without script, back to the page.

    `in_place`: the request's own target is the row; all other rows come out of band.
    """
    if not request.headers.get("HX-Request"):
        if fault is not None:
            messages.error(request, str(fault))
        where = next(iter(ids), None)
        return HttpResponseRedirect(address(version_id) + (f"#finding-{where}" if where else ""))
    context = {
        "version": plan.version_under_review(request.actor, version_id),
        "changed": plan.findings_of(request.actor, version_id, ids),
        "states": states(plan.state_counts(request.actor, version_id)),
        "undoable": plan.undoable(request.actor, version_id),
        "fault": fault,
        "in_place": in_place,
    }
    return render(request, "web/plan/parts/changed.html", context, status=fault.status if fault else 200)


def address(version_id: int) -> str:
    return reverse("plan:review", kwargs={"version_id": version_id})
