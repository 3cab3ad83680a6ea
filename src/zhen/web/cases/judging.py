"""Answering what Zhen proposes for a case: its class, and what it may repeat."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import Case
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.pages.api import Missing
from zhen.web.cases import page
from zhen.web.cases.rows import url_of
from zhen.web.cases.work import Work
from zhen.web.requests import Request


@require_POST
def suggestion(request: Request, number: str) -> HttpResponse:
    """Take or refuse a suggested class."""

    def run(work: Work) -> str:
        wanted = _number(request, "category")
        if request.POST.get("answer") == "refuse":
            cases.refuse_suggestion(work.actor, work.case.pk, wanted)
            return _("It is noted that the suggestion was wrong.")
        cases.take_suggestion(work.actor, work.case.pk, _number(request, "revision"), wanted)
        return _("The case has the suggested class now.")

    return _run(request, number, run)


@require_POST
def repeat(request: Request, number: str) -> HttpResponse:
    """Merge the case into the one that it repeats."""

    def run(work: Work) -> str:
        original = cases.case_for(work.actor, request.POST.get("original", ""))
        cases.merge(work.actor, work.case.pk, original.pk)
        told = _("It repeats {number} now; its reporter hears with that one. Void it where nothing is left to do.")
        return told.format(number=original.number)

    return _run(request, number, run)


def _number(request: Request, name: str) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else 0


def _run(request: Request, number: str, run: Callable[[Work], str]) -> HttpResponse:
    work = page.opened(request, number)
    if isinstance(work, HttpResponse):
        return work
    try:
        told = run(work)
    except Refused as refused:
        status = 409 if isinstance(refused, Outdated) else 422
        return page.draw(request, work, status=status, fault=str(refused))
    except Case.DoesNotExist as gone:
        raise Missing(number) from gone
    messages.success(request, told)
    return HttpResponseRedirect(url_of(work.case))
