"""A visit on a phone: where it is, what to look at, and the record of it. Sent twice, it is taken once."""

from __future__ import annotations

from uuid import UUID, uuid4

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhen.kernel.access.api import ActorKind
from zhen.kernel.pages.api import Missing
from zhen.kernel.rounds import api as rounds
from zhen.kernel.rounds.api import ChecklistVersion, Visit
from zhen.web.field.sent import KEY, Answer, Fault, heard, take
from zhen.web.field.visit_form import VisitForm
from zhen.web.requests import Request


@require_http_methods(["GET", "HEAD", "POST"])
@heard
def show(request: Request, key: UUID) -> HttpResponse:
    if request.actor.kind is ActorKind.ANONYMOUS:
        return redirect_to_login(request.get_full_path())
    request.actor.require(rounds.VISIT)
    visit = rounds.visit_for(request.actor, str(key))
    if request.method != "POST":
        return _draw(request, visit, _form(request, visit, bound=False))

    def run(form: forms.Form) -> Answer:
        assert isinstance(form, VisitForm)
        sent = form.record(request.POST.get(KEY, ""), request.now)
        done = rounds.record(request.actor, sent, form.attachments(form.cleaned_data))
        return Answer(told=_told(done), url=reverse("field:home"))

    here = reverse("field:visit", kwargs={"key": visit.pk})
    return take(
        request,
        lambda: _form(request, visit, bound=True),
        run,
        lambda fault: _draw(request, visit, fault.form, fault),
        here,
    )


def _told(done: Visit) -> str:
    if done.kind == Visit.Kind.CONFLICT:
        return _(
            "{name}: somebody had recorded it already. Both records are kept, and the office looks at them."
        ).format(name=done.subject.name)
    if done.findings_count:
        return _("{name}: recorded, findings: {count}.").format(name=done.subject.name, count=done.findings_count)
    return _("{name}: recorded.").format(name=done.subject.name)


def _form(request: Request, visit: Visit, *, bound: bool) -> VisitForm:
    recheck = visit.kind == Visit.Kind.RECHECK
    waiting = list(visit.to_recheck.filter(over_at__isnull=True)) if recheck else []
    return VisitForm(
        request.POST if bound else None,
        request.FILES if bound else None,
        actor=request.actor,
        visit=visit,
        version=None if recheck else _version(request, visit, bound=bound),
        findings=waiting,
        now=request.now,
    )


def _version(request: Request, visit: Visit, *, bound: bool) -> ChecklistVersion | None:
    """What the page asked: the version may have changed while somebody stood there."""
    number = request.POST.get("version", "") if bound else ""
    if number.isascii() and number.isdecimal():
        try:
            return rounds.version_for(f"{visit.checklist}@{number}")
        except Missing:
            pass
    return rounds.in_use(visit.checklist)


def _draw(request: Request, visit: Visit, form: forms.Form, fault: Fault | None = None) -> HttpResponse:
    before = rounds.visits_to(request.actor, visit.subject).filter(state=Visit.State.DONE).exclude(pk=visit.pk)
    context = {
        "visit": visit,
        "subject": visit.subject,
        "form": form,
        "fault": fault,
        "key": str(uuid4()),
        "law": form.checklist.law if isinstance(form, VisitForm) and form.checklist else "",
        "recheck": visit.kind == Visit.Kind.RECHECK,
        "done": visit.state != Visit.State.PLANNED,
        "before": before[:3],
    }
    return render(request, "web/field/visit.html", context, status=fault.status if fault else 200)
