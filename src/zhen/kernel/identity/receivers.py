"""allauth's signals, handed to actions; connected when Django is ready."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest

from zhen.kernel.identity.actions import signing_in
from zhen.kernel.identity.adapters import context_address
from zhen.kernel.identity.models import User
from zhen.kernel.identity.sessions import confirm_second_factor, methods_of

REASON = "_zhen_sign_out_reason"


def connect() -> None:
    account.user_logged_in.connect(on_signed_in)
    user_logged_out.connect(on_signed_out)
    for changed in (account.password_changed, account.password_set):
        changed.connect(on_password_changed)
    mfa.authenticator_added.connect(on_factor_added)
    mfa.authenticator_removed.connect(on_factor_removed)
    mfa.authenticator_reset.connect(on_factor_renewed)
    mfa.authenticator_used.connect(on_factor_used)
    mfa.authentication_failed.connect(on_factor_failed)


def on_signed_in(request: HttpRequest, user: User, **_rest: Any) -> None:
    signing_in.signed_in(
        signing_in.themselves(user), user, method="+".join(methods_of(request)), address=context_address(request)
    )


def on_signed_out(request: HttpRequest, user: User | None, **_rest: Any) -> None:
    if user is not None:
        signing_in.signed_out(signing_in.themselves(user), user, reason=getattr(request, REASON, "asked"))


def on_password_changed(user: User, **_rest: Any) -> None:
    signing_in.password_changed(signing_in.themselves(user), user)


def on_factor_added(request: HttpRequest, user: User, authenticator: Any, **_rest: Any) -> None:
    confirm_second_factor(request, user)
    _tell(user, authenticator, "added")


def on_factor_removed(user: User, authenticator: Any, **_rest: Any) -> None:
    _tell(user, authenticator, "removed")


def on_factor_renewed(user: User, authenticator: Any, **_rest: Any) -> None:
    _tell(user, authenticator, "renewed")


def on_factor_used(request: HttpRequest, user: User, **_rest: Any) -> None:
    confirm_second_factor(request, user)


def on_factor_failed(request: HttpRequest, user: User, **_rest: Any) -> None:
    signing_in.sign_in_failed(
        signing_in.themselves(user), user, method="second factor", address=context_address(request)
    )


def _tell(user: User, authenticator: Any, change: str) -> None:
    signing_in.second_factor_changed(signing_in.themselves(user), user, kind=str(authenticator.type), change=change)
