"""What is shown once: keys for programs, and one-time links for people."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhen.kernel.access.api import PERMISSIONS
from zhen.kernel.identity.api import (
    Token,
    User,
    actor_for,
    invite,
    issue_token,
    person,
    renew_invitation,
    revoke_token,
    token,
    tokens_of,
)
from zhen.kernel.lib import clock
from zhen.web.requests import Request
from zhen.web.signing_in.forms import InviteForm, TokenForm, blame


@login_required
@never_cache
def tokens(request: Request, user: int | None = None) -> HttpResponse:
    """One's own tokens, or those of a machine account."""
    owner = cast(User, request.user) if user is None else person(request.actor, str(user))
    form = TokenForm(request.POST or None, holder=actor_for(owner, day=clock.today()))
    if form.is_valid():
        try:
            _made, key = issue_token(
                request.actor,
                owner,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_at=form.expires_at,
            )
        except ValidationError as error:
            blame(form, error)
        else:
            return _once(
                request,
                heading=_("The new key"),
                label=_("Key"),
                secret=key,
                explanation=_("Programs send it as “Authorization: Bearer …” to addresses below /api/."),
                back=request.path,
            )
    context = {
        "owner": owner,
        "tokens": [_named(each) for each in tokens_of(request.actor, owner)],
        "form": form,
    }
    return render(request, "door/tokens.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke(request: Request, key: int) -> HttpResponse:
    found = token(request.actor, str(key))
    revoke_token(request.actor, found)
    messages.success(request, _("The key no longer works."))
    return redirect("account_tokens")


@login_required
@never_cache
def invite_person(request: Request) -> HttpResponse:
    """A new account, and its one-time link."""
    request.actor.require("identity.user.manage")
    form = InviteForm(request.POST or None)
    if form.is_valid():
        try:
            _user, secret = invite(request.actor, **form.cleaned_data)
        except ValidationError as error:
            blame(form, error)
        else:
            return _link(request, secret)
    context = {
        "heading": _("A new account"),
        "intro": _("You get a one-time link to hand over; it works for three days. Rights come from posts."),
        "form": form,
        "submit": _("Create the account"),
        "back": reverse("web:desk"),
    }
    return render(request, "door/form.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
def renew_link(request: Request, user: int) -> HttpResponse:
    """A new one-time link for somebody, such as after a forgotten password."""
    request.actor.require("identity.user.manage")
    found = person(request.actor, str(user))
    form = Form(request.POST or None)
    if request.method == "POST":
        try:
            return _link(request, renew_invitation(request.actor, found))
        except ValidationError as error:
            form = Form({})
            blame(form, error)
    context = {
        "heading": _("A new one-time link for {name}").format(name=found),
        "intro": _("Older links stop working. The password and the second factors hold until this one is used."),
        "form": form,
        "submit": _("Make the link"),
        "back": reverse("page:identity.person", kwargs={"key": str(found.pk)}),
    }
    return render(request, "door/form.html", context, status=422 if form.errors else 200)


def _link(request: Request, secret: str) -> HttpResponse:
    return _once(
        request,
        heading=_("The one-time link"),
        label=_("Link"),
        secret=request.build_absolute_uri(reverse("account_invitation", args=[secret])),
        explanation=_("Hand it over in person or by a way you trust. Whoever opens it chooses the password."),
        back=reverse("web:desk"),
    )


def _once(request: Request, *, heading: str, label: str, secret: str, explanation: str, back: str) -> HttpResponse:
    context = {"heading": heading, "label": label, "secret": secret, "explanation": explanation, "back": back}
    return render(request, "door/secret.html", context)


def _named(each: Token) -> Token:
    declared = [PERMISSIONS.get(id) for id in each.scopes]
    each.scope_names = [str(found.name) for found in declared if found]  # type: ignore[attr-defined]  # for the page
    return each
