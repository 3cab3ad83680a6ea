"""Beginning and ending an elevation."""

from __future__ import annotations

from typing import cast

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from zhen.kernel.access.api import PERMISSIONS, Denied, elevated_permissions
from zhen.kernel.identity.api import User, end_elevation, may_elevate, start_elevation
from zhen.web.requests import Request
from zhen.web.signing_in.forms import ElevationForm, blame


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth is untyped
def elevation(request: Request) -> HttpResponse:
    """Only somebody who has just shown again who he is gets here."""
    if not may_elevate(request.actor):
        raise Denied("identity.elevation", request.actor)
    form = ElevationForm(request.POST or None)
    if request.elevation is None and form.is_valid():
        try:
            started = start_elevation(
                request.actor,
                cast(User, request.user),
                session_key=str(request.session.session_key),
                reason=form.cleaned_data["reason"],
                lasts=settings.ZHEN_ELEVATION,
            )
        except ValidationError as error:
            blame(form, error)
        else:
            minutes = int((started.ends_at - started.started_at).total_seconds() // 60)
            messages.success(
                request,
                ngettext("Elevated for {n} minute.", "Elevated for {n} minutes.", minutes).format(n=minutes),
            )
            return redirect("account_elevation")
    dangerous = elevated_permissions() & {held for grant in request.actor.grants for held in grant.permissions}
    context = {
        "form": form,
        "elevation": request.elevation,
        "names": "、".join(str(PERMISSIONS[id].name) for id in sorted(dangerous)),
        "minutes": int(settings.ZHEN_ELEVATION.total_seconds() // 60),
    }
    return render(request, "door/elevation.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end(request: Request) -> HttpResponse:
    if request.elevation is not None:
        end_elevation(request.actor, request.elevation)
        messages.success(request, _("The elevation has ended."))
    return redirect("web:desk")
