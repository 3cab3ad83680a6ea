"""Signing in: allauth's page with the people of the demo, one-time links, and one's own account."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from zhen.kernel.access.api import ROLES, Actor
from zhen.kernel.identity.api import (
    Post,
    User,
    accept_invitation,
    edit_user,
    may_elevate,
    open_invitation,
    own_posts,
)
from zhen.kernel.lib import clock
from zhen.web.requests import Request
from zhen.web.signing_in.forms import AccountForm, ChoosePasswordForm, DemoForm


class SignInView(LoginView):  # type: ignore[misc]  # allauth is untyped
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.ZHEN_DEMO:
            context["demo_accounts"] = User.objects.filter(is_demo=True, is_active=True).order_by("id")
        return context


sign_in = SignInView.as_view()


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Become a person of the demo, without a password. There is no such way outside a demo."""
    form = DemoForm(request.POST)
    if not settings.ZHEN_DEMO or not form.is_valid():
        raise Http404
    user = form.cleaned_data["username"]
    record_authentication(request, user, method="demo")
    login = Login(user=user, redirect_url=get_next_redirect_url(request))
    return cast(HttpResponse, perform_login(request, login))


def no_account(request: HttpRequest) -> HttpResponse:
    """Where allauth would register somebody: says how an account comes about here."""
    return render(request, "account/signup_closed.html", status=403)


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """The page of a one-time link: choose a password, then sign in with it."""
    found = open_invitation(secret, now=clock.now())
    if found is None:
        return render(request, "account/invitation_gone.html", status=410)
    form = ChoosePasswordForm(request.POST or None)
    if form.is_valid():
        try:
            accept_invitation(Actor.anonymous(), secret=secret, password=form.cleaned_data["password"])
        except ValidationError as error:
            if hasattr(error, "error_dict"):
                return render(request, "account/invitation_gone.html", status=410)
            form.add_error("password", error)
        else:
            messages.success(request, _("The password is set. Sign in with it now."))
            return redirect("account_login")
    return render(
        request,
        "door/form.html",
        {
            "heading": _("Welcome, {name}").format(name=found.user),
            "intro": _("Your user name is {username}. Choose a password.").format(username=found.user.username),
            "form": form,
            "submit": _("Set the password"),
        },
        status=422 if form.errors else 200,
    )


@login_required
def account(request: Request) -> HttpResponse:
    """What somebody is here, and what he may change about himself."""
    user = cast(User, request.user)
    form = AccountForm(
        request.POST or None, initial={"email": user.email, "phone": user.phone, "language": user.language}
    )
    if form.is_valid():
        edit_user(request.actor, user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("account_email")
    posts = [_named(post) for post in own_posts(request.actor, day=clock.today())]
    context = {"form": form, "posts": posts, "may_elevate": may_elevate(request.actor)}
    return render(request, "account/overview.html", context, status=422 if form.errors else 200)


def _named(post: Post) -> Post:
    role = ROLES.get(post.role)
    post.role_name = role.name if role else post.role  # type: ignore[attr-defined]  # for the template
    return post


__all__ = ["account", "demo_sign_in", "invitation", "no_account", "sign_in"]
