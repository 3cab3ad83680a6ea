"""What somebody leaves behind when a post ends: his open cases, handed to a colleague in one go."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from zhen.kernel.access.api import ActorKind, Denied
from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import CaseType
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.pages.api import Missing
from zhen.web.cases.rows import rows_of
from zhen.web.requests import Request

MOST_PEOPLE = 500


class HandOverForm(forms.Form):
    person = forms.ChoiceField(label=gettext_lazy("who takes them over"))
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300, required=False)


@require_GET
def people(request: Request) -> HttpResponse:
    """Who has open cases, and how many; first those whose posts have ended."""
    if request.actor.kind is ActorKind.ANONYMOUS:
        return redirect_to_login(request.get_full_path())
    _types(request)
    found = cases.loads(request.actor, request.now.astimezone(clock.TOWN_ZONE).date())
    return render(request, "web/cases/people.html", {"people": found[:MOST_PEOPLE]})


@require_http_methods(["GET", "POST"])
def show(request: Request, user_id: int) -> HttpResponse:
    if request.actor.kind is ActorKind.ANONYMOUS:
        return redirect_to_login(request.get_full_path())
    types = _types(request)
    left = cases.left_behind(request.actor, user_id)
    if not left:
        raise Missing(f"user {user_id}")
    units = {case.unit_id for case in left if case.unit_id is not None} or set(cases.own_units(request.actor))
    day = request.now.astimezone(clock.TOWN_ZONE).date()
    heirs = [hand for type_ in types for hand in cases.hands(type_, units, day) if hand.user.pk != user_id]
    form = HandOverForm(request.POST or None)
    form.fields["person"].choices = [("", _("choose"))] + [  # type: ignore[attr-defined]
        (hand.user.pk, _("{name} · {load}").format(name=hand.user, load=_load(hand.load)))
        for hand in {hand.user.pk: hand for hand in heirs}.values()
    ]
    batch = left[: cases.MOST_AT_ONCE]
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                cases.assign_many(
                    request.actor,
                    {case.pk: case.revision for case in batch},
                    person_id=int(form.cleaned_data["person"]),
                    reason=form.cleaned_data["reason"] or _("handed over"),
                )
            except Refused as refused:
                form.add_error(None, str(refused))
                status = 409 if isinstance(refused, Outdated) else 422
            else:
                messages.success(
                    request,
                    ngettext("{n} case is handed over.", "{n} cases are handed over.", len(batch)).format(n=len(batch)),
                )
                return HttpResponseRedirect(reverse("cases:people"))
    context = {
        "person": left[0].person,
        "rows": rows_of(batch, request.now),
        "count": len(left),
        "batch": len(batch),
        "form": form,
    }
    return render(request, "web/cases/handover.html", context, status=status)


def _load(count: int) -> str:
    return ngettext("{n} open case", "{n} open cases", count).format(n=count)


def _types(request: Request) -> list[CaseType]:
    """The kinds of cases that the actor assigns. Raises Denied where there is none."""
    found = [type_ for type_ in cases.types_for(request.actor) if request.actor.may(type_.powers.assign)]
    if not found:
        raise Denied("cases", request.actor)
    return found
