"""How allauth behaves here: no self-registration, lock-outs that are told, accounts that may sign in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import headed_redirect_response
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.identity import sealing
from zhen.kernel.identity.actions import signing_in
from zhen.kernel.identity.models import User
from zhen.kernel.identity.queries import is_administrator
from zhen.kernel.lib import clock


def may_sign_in(user: User) -> bool:
    """Machines never do; demo accounts only while this is a demo."""
    return user.is_active and not user.is_machine and (settings.ZHEN_DEMO or not user.is_demo)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """The account alone: allauth's key holds the host name, which the caller chooses."""
        return str(credentials.get("username", "")).lower()

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            signing_in.locked_out(Actor.anonymous(), _named(credentials), address=self.get_client_ip(request))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        signing_in.sign_in_failed(
            Actor.anonymous(), _named(credentials), method="password", address=self.get_client_ip(request)
        )

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        if not may_sign_in(user):
            refusal: HttpResponse = self.respond_user_inactive(request, user)
            return refusal
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return str(settings.LOGIN_REDIRECT_URL)


def _named(credentials: dict[str, Any]) -> User | None:
    return User.objects.filter(username__iexact=str(credentials.get("username", ""))).first()


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Signing in at the town's OpenID provider finds an account; it never makes one, nor any right."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Link an unknown subject to the account whose user name the provider vouches for."""
        if sociallogin.is_existing:
            return
        name = vouched_name(sociallogin.account.extra_data)
        user = User.objects.filter(username=name).first() if name else None
        if user is None or not may_sign_in(user):
            signing_in.sign_in_failed(Actor.anonymous(), user, method="openid", address=context_address(request))
            raise ImmediateHttpResponse(headed_redirect_response("account_signup"))
        sociallogin.connect(request, user)
        signing_in.provider_linked(signing_in.themselves(user), user, provider=settings.ZHEN_OIDC_NAME)


def vouched_name(told: dict[str, Any]) -> str:
    """The user name that the provider vouches for; none where its two answers are about different people.

    OpenID Connect Core 1.0, 5.3.2: the subject of the userinfo must be that of the ID token.
    """
    token, info = told.get("id_token") or {}, told.get("userinfo") or {}
    if token and info and token.get("sub") != info.get("sub"):
        return ""
    return str(token.get("preferred_username") or info.get("preferred_username") or "")


def context_address(request: HttpRequest) -> str:
    return str(AccountAdapter(request).get_client_ip(request))


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Second factors stay sealed in the database; administrators cannot drop their last one."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "An administrator keeps at least one second factor: add another one before you remove this"
        ),
    }

    def _get_site_name(self) -> str:
        return f"Zhen {context.request.get_host()}"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        factors = Authenticator.objects.filter(
            user=authenticator.user, type__in=(Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        )
        return factors.exclude(pk=authenticator.pk).exists() or not is_administrator(
            authenticator.user, day=clock.today()
        )

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text)
