"""Several cases at once: what will happen is shown, then it happens to all of them or to none."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from zhen.kernel.access.api import ActorKind
from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import CASE_TYPES, Case, Need, Transition
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.pages.api import Missing
from zhen.web.cases.forms import StepForm, person_choices, unit_choices
from zhen.web.cases.rows import rows_of
from zhen.web.cases.work import Work
from zhen.web.errors import Unprocessable
from zhen.web.requests import Request

MOST = 200
TOGETHER = frozenset({Need.REASON, Need.CATEGORY, Need.UNIT, Need.PERSON, Need.OUTCOME})
"""What can be said of many cases at once: a result or a rating is said of each."""


class AssignForm(forms.Form):
    unit = forms.ChoiceField(label=gettext_lazy("unit"), required=False)
    person = forms.ChoiceField(label=gettext_lazy("person in charge"), required=False)
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300, required=False)


class CommentForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("what you want to say"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_POST
def show(request: Request) -> HttpResponse:
    """The chosen cases, and what can be done to all of them."""
    if request.actor.kind is ActorKind.ANONYMOUS:
        return redirect_to_login(reverse("cases:inbox"))
    chosen = _chosen(request, request.POST.getlist("key"))
    return _draw(request, chosen)


@require_POST
def do(request: Request, deed: str) -> HttpResponse:
    if request.actor.kind is ActorKind.ANONYMOUS:
        return redirect_to_login(reverse("cases:inbox"))
    seen = _seen(request)
    chosen = _chosen(request, [str(key) for key in seen])
    work = _work(request, chosen)
    found = {step.id: step for step in _steps(request, chosen)}
    form = _form(work, deed, found, request.POST)
    if not form.is_valid():
        return _draw(request, chosen, tried=form, deed=deed, seen=seen, status=422)
    try:
        _run(request, deed, form, work, seen)
    except Refused as refused:
        form.add_error(None, str(refused))
        outdated = isinstance(refused, Outdated)
        # looked at again: what is shown now is what the next try has seen
        return _draw(
            request,
            _chosen(request, [str(key) for key in seen]),
            tried=form,
            deed=deed,
            status=409 if outdated else 422,
        )
    except Case.DoesNotExist as gone:
        raise Missing("case") from gone
    count = len(seen)
    messages.success(request, ngettext("Done for {n} case.", "Done for {n} cases.", count).format(n=count))
    return HttpResponseRedirect(reverse("cases:inbox"))


def _chosen(request: Request, keys: list[str]) -> list[Case]:
    """The chosen cases within reach, in the order of their numbers. One that is not there is a fault, not a gap."""
    if not keys or len(keys) > MOST or not all(key.isascii() and key.isdigit() and len(key) < 18 for key in keys):
        raise Unprocessable(_("Choose 1 to {most} cases in the list, then press the button again.").format(most=MOST))
    wanted = {int(key) for key in keys}
    rows = cases.readable(request.actor).select_related("category", "unit", "person").filter(pk__in=wanted)
    found = list(rows.order_by("number"))
    if len(found) != len(wanted):
        raise Missing("case")
    return found


def _seen(request: Request) -> dict[int, int]:
    """Id → revision, as the page showed them."""
    try:
        pairs = [value.split(":") for value in request.POST.getlist("chosen")]
        return {int(key): int(revision) for key, revision in pairs}
    except ValueError as fault:
        raise Unprocessable(_("The form does not say which cases it is about. Choose them again.")) from fault


def _work(request: Request, chosen: list[Case]) -> Work:
    """The choices of a form for all: they are those of the first."""
    return Work(actor=request.actor, case=chosen[0], now=request.now)


def _steps(request: Request, chosen: list[Case]) -> list[Transition]:
    """The steps that lead on from each of the cases, if they are all of one kind."""
    if len({case.type for case in chosen}) != 1:
        return []
    common = None
    for case in chosen:
        ids = {step.id for step in cases.steps_for(request.actor, case)}
        common = ids if common is None else common & ids
    type_ = CASE_TYPES[chosen[0].type]
    return [step for step in type_.transitions if step.id in (common or set()) and step.needs <= TOGETHER]


def _form(work: Work, deed: str, steps: dict[str, Transition], data: Any = None) -> Any:
    if deed in steps:
        return StepForm(data, prefix=deed, work=work, step=steps[deed])
    if deed == "assign" and work.may("assign"):
        form = AssignForm(data, auto_id="assign-%s")
        form.fields["unit"].choices = [("", _("as it is")), *unit_choices(work)]  # type: ignore[attr-defined]
        form.fields["person"].choices = [("", _("nobody yet")), *person_choices(work)]  # type: ignore[attr-defined]
        return form
    if deed == "comment" and work.may("comment"):
        return CommentForm(data, auto_id="comment-%s")
    raise Unprocessable(_("This cannot be done to all of these cases. Choose cases that stand at the same point."))


def _run(request: Request, deed: str, form: Any, work: Work, seen: dict[int, int]) -> None:
    if isinstance(form, StepForm):
        cases.move_many(request.actor, seen, deed, form.move(work))
    elif isinstance(form, AssignForm):
        given = form.cleaned_data
        unit = int(given["unit"]) if given["unit"] else None
        person = int(given["person"]) if given["person"] else None
        cases.assign_many(request.actor, seen, unit_id=unit, person_id=person, reason=given["reason"])
    else:
        cases.comment_many(request.actor, tuple(seen), form.cleaned_data["text"])


def _draw(
    request: Request,
    chosen: list[Case],
    *,
    tried: Any = None,
    deed: str = "",
    seen: dict[int, int] | None = None,
    status: int = 200,
) -> HttpResponse:
    work = _work(request, chosen)
    steps = {step.id: step for step in _steps(request, chosen)}
    names: dict[str, Any] = {step.id: step.name for step in steps.values()}
    if work.may("assign") and all(case.open for case in chosen):
        names["assign"] = _("Assign")
    if work.may("comment"):
        names["comment"] = _("Comment")
    offers = [
        {
            "id": id,
            "name": name,
            "form": tried if id == deed and tried is not None else _form(work, id, steps),
            "open": id == deed,
            "state": work.type.state(steps[id].after or work.case.state) if id in steps else None,
        }
        for id, name in names.items()
    ]
    context = {
        "rows": rows_of(chosen, request.now),
        "count": len(chosen),
        "seen": [f"{case.pk}:{(seen or {}).get(case.pk, case.revision)}" for case in chosen],
        "offers": offers,
    }
    return render(request, "web/cases/together.html", context, status=status)
