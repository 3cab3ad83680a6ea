"""One case on a phone: where it is, what to look at, and what can be done on the spot."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhen.kernel.access.api import Denied
from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import Case, Transition, Visibility
from zhen.kernel.pages.api import Missing
from zhen.web.cases import page
from zhen.web.cases.forms import StepForm
from zhen.web.cases.rows import rows_of
from zhen.web.cases.story import Names, story
from zhen.web.cases.work import Work
from zhen.web.field.sent import Answer, Fault, heard, take
from zhen.web.requests import Request


@require_GET
def show(request: Request, number: str) -> HttpResponse:
    work = page.opened(request, number)
    if isinstance(work, HttpResponse):
        return work
    if work.type.visibility is Visibility.CONFIDENTIAL:
        page.note_reading(work)
    return _draw(request, work)


@require_POST
@heard
def do(request: Request, number: str, step: str) -> HttpResponse:
    """Take a step on the spot, once. Somebody may have been faster while the phone was without a signal."""
    work = page.opened(request, number)
    if isinstance(work, HttpResponse):
        return work
    wanted = work.type.transition(step)
    if wanted is None or not wanted.on_site:
        raise Missing(step)

    def make() -> forms.Form:
        if not work.actor.may(wanted.permission):
            raise Denied(wanted.permission, work.actor)
        form = _form(work, wanted, request.POST)
        form.files = request.FILES
        return form

    def run(form: forms.Form) -> Answer:
        assert isinstance(form, StepForm)
        try:
            cases.move(work.actor, work.case.pk, form.cleaned_data["revision"] or 0, step, form.move(work))
        except Case.DoesNotExist as gone:
            raise Missing(number) from gone
        told = _("{number}: {step}").format(number=work.case.number, step=wanted.name)
        return Answer(told=told, url=reverse("field:home"))

    here = reverse("field:case", kwargs={"number": work.case.number})
    return take(request, make, run, lambda fault: _again(request, number, step, fault), here)


def _again(request: Request, number: str, step: str, fault: Fault) -> HttpResponse:
    """The page as the case stands now, with every word that was written."""
    work = Work(actor=request.actor, case=cases.case_for(request.actor, number), now=request.now)
    wanted = work.type.transition(step)
    tried = fault.form
    if fault.overtaken and wanted is not None and wanted in cases.steps_on_site(work.actor, work.case):
        typed = request.POST.copy()
        typed["revision"] = str(work.case.revision)
        tried = _form(work, wanted, typed)
        tried.is_valid()
    words = [value for name in ("reason", "result", "answer") if (value := request.POST.get(name, "").strip())]
    return _draw(request, work, tried=tried, step=step, fault=fault, words=words)


def _form(work: Work, step: Transition, data: Any = None) -> StepForm:
    return StepForm(data, prefix=step.id, work=work, step=step, initial={"revision": work.case.revision})


def _draw(
    request: Request,
    work: Work,
    *,
    tried: forms.Form | None = None,
    step: str = "",
    fault: Fault | None = None,
    words: list[str] | None = None,
) -> HttpResponse:
    case, names = work.case, Names.of(work)
    steps = cases.steps_on_site(work.actor, case)
    offers = [
        {
            "step": one,
            "form": tried if tried is not None and one.id == step else _form(work, one),
            "open": one.id == step,
        }
        for one in steps
    ]
    category = case.category
    look = "" if category is None else category.opening if case.state == work.type.initial.id else category.closing
    context = {
        "case": case,
        "type": work.type,
        "state": work.type.state(case.state),
        "row": rows_of([case], work.now)[0],
        "look": look,
        "source": cases.source_of(case.source),
        "outcome": work.type.outcome(case.outcome) if case.outcome else None,
        "offers": offers,
        "particulars": page.particulars(work),
        "attachments": cases.ATTACHMENTS.source(work.actor, case),
        "lines": story(work, names),
        "point": page.point_of(case, work),
        "fault": fault,
        "words": (words or []) if step not in {one.id for one in steps} else [],
    }
    return render(request, "web/field/case.html", context, status=fault.status if fault else 200)
