"""The desk's pages of the plan: importing a plan, series of figures, frozen reports."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhen.kernel.plan import api as plan
from zhen.kernel.plan.api import Description, Document, Refused, SeriesImport
from zhen.web.plan.forms import DocumentForm, SeriesFileForm, SeriesForm
from zhen.web.plan.pages import choices, draw
from zhen.web.requests import Request

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_http_methods(["GET", "POST"])
def import_document(request: Request) -> HttpResponse:
    """Import a plan, or a new text of one; then straight to its review."""
    request.actor.require("plan.document.import")
    form = DocumentForm(request.POST or None, request.FILES or None)
    choices(form, "kind", list(Document.Kind.choices))
    form.fields["into"].queryset = plan.documents(request.actor)  # type: ignore[attr-defined]  # a ModelChoiceField
    status = 200
    if request.method == "POST":
        if form.is_valid():
            given = form.cleaned_data
            try:
                made = plan.import_document(
                    request.actor,
                    data=given["file"].read(),
                    file_name=given["file"].name,
                    described=Description(title=given["title"] or None, year=given["year"], kind=given["kind"]),
                    into=given["into"],
                )
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                if not made.new:
                    messages.info(request, _("This very file was imported before: here it is."))
                elif made.carried:
                    messages.success(request, _("Decisions carried over: %(count)s.") % {"count": made.carried})
                return HttpResponseRedirect(reverse("plan:review", kwargs={"version_id": made.version.pk}))
        status = 422
    return render(request, "web/plan/import.html", {"form": form}, status=status)


@require_POST
def publish(request: Request, document_id: int) -> HttpResponse:
    """Publish a plan, or take it back."""
    act = plan.withdraw if "withdraw" in request.POST else plan.publish
    try:
        act(request.actor, document_id)
    except Document.DoesNotExist as fault:
        raise plan.Missing from fault
    return HttpResponseRedirect(reverse("plan:document", kwargs={"document_id": document_id}))


@require_http_methods(["GET", "POST"])
def new_series(request: Request) -> HttpResponse:
    """Make a series that figures can be imported into."""
    request.actor.require("plan.series.import")
    form = SeriesForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = plan.create_series(request.actor, **form.cleaned_data)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                return HttpResponseRedirect(reverse("plan:series", kwargs={"series_id": made.pk}))
        status = 422
    return render(request, "web/plan/series_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def series(request: Request, series_id: int) -> HttpResponse:
    """A series: its points, its imports; a file is looked at before it is imported."""
    request.actor.require("plan.view")
    found = plan.series_for(request.actor, series_id)
    form = SeriesFileForm(request.POST or None, request.FILES or None, initial={"source": found.source})
    preview: Any = None
    status = 200
    if request.method == "POST":
        request.actor.require("plan.series.import")
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            data = file.read()
            try:
                preview = plan.read_series_file(data, file_name=file.name)
                if "import" in request.POST and not preview.faults:
                    plan.import_series(
                        request.actor, found.pk, data=data, file_name=file.name, source=form.cleaned_data["source"]
                    )
                    messages.success(request, _("The figures wait for a second person to sign them off."))
                    return HttpResponseRedirect(request.path)
                status = 422 if preview.faults else 200
            except Refused as refused:
                form.add_error(None, str(refused))
    context = {
        "series": found,
        "imports": list(plan.imports_of(request.actor, found)[:50]),
        "points": plan.signed_points(found)[-240:],
        "form": form if request.actor.may("plan.series.import") else None,
        "preview": preview,
        "may_sign": request.actor.may("plan.series.sign_off"),
    }
    return render(request, "web/plan/series.html", context, status=status)


@require_POST
def decide_import(request: Request, import_id: int) -> HttpResponse:
    """Sign an import off, or send it back with a reason."""
    try:
        if "refuse" in request.POST:
            made = plan.refuse(request.actor, import_id, reason=request.POST.get("reason", ""))
        else:
            made = plan.sign_off(request.actor, import_id)
    except SeriesImport.DoesNotExist as fault:
        raise plan.Missing from fault
    except Refused as refused:
        messages.error(request, str(refused))
        back = request.POST.get("series", "")
        return HttpResponseRedirect(
            reverse("plan:series", kwargs={"series_id": int(back)}) if back.isdigit() else "/desk/"
        )
    return HttpResponseRedirect(reverse("plan:series", kwargs={"series_id": made.series_id}))


@require_POST
def freeze(request: Request, document_id: int) -> HttpResponse:
    """Freeze where the plan stands today."""
    try:
        report = plan.freeze(request.actor, document_id)
    except Document.DoesNotExist as fault:
        raise plan.Missing from fault
    except Refused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("plan:document", kwargs={"document_id": document_id}))
    return HttpResponseRedirect(reverse("plan:report", kwargs={"report_id": report.pk}))


@require_GET
def report(request: Request, report_id: int) -> HttpResponse:
    """A frozen report with its lines; a line opens its records."""
    found = plan.report_for(request.actor, report_id)
    order, number = request.GET.get("line", ""), request.GET.get("page", "1")
    may_open = request.actor.may("plan.evidence.view")
    context = {
        "report": found,
        "lines": list(plan.lines_of_report(request.actor, found)),
        "may_open": may_open,
        "opened": int(order) if order.isdigit() else None,
        "rows": plan.frozen_rows(request.actor, found, int(order), page=int(number) if number.isdigit() else 1)
        if order.isdigit() and may_open
        else None,
        "intact": plan.is_intact(found) if "verify" in request.GET else None,
    }
    return draw(request, "web/plan/report.html", context)


@require_GET
def report_file(request: Request, report_id: int, form: str) -> HttpResponse:
    """The report as an official paper."""
    found = plan.report_for(request.actor, report_id)
    write, media = (plan.report_pdf, "application/pdf") if form == "pdf" else (plan.report_docx, DOCX)
    try:
        data = write(request.actor, found)
    except Refused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("plan:report", kwargs={"report_id": found.pk}))
    disposition = content_disposition_header(as_attachment=form != "pdf", filename=f"{found.title}.{form}")
    return HttpResponse(data, content_type=media, headers={"Content-Disposition": disposition or "inline"})
