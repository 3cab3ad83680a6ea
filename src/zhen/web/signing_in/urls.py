"""The addresses of the door: allauth's views, but only those that exist here."""

from __future__ import annotations

from allauth.account import views as account
from allauth.socialaccount import views as social
from django.urls import URLPattern, URLResolver, include, path

from zhen.web.signing_in import elevation, keys, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", views.sign_in, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("no-account/", views.no_account, name="account_signup"),
    path("demo/", views.demo_sign_in, name="demo_sign_in"),
    path("link/<str:secret>/", views.invitation, name="account_invitation"),
    # allauth calls the page of an account by this name
    path("", views.account, name="account_email"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("elevation/", elevation.elevation, name="account_elevation"),
    path("elevation/end/", elevation.end, name="account_elevation_end"),
    path("keys/", keys.tokens, name="account_tokens"),
    path("keys/of/<int:user>/", keys.tokens, name="account_tokens_of"),
    path("keys/<int:key>/revoke/", keys.revoke, name="account_token_revoke"),
    path("people/new/", keys.invite_person, name="account_invite"),
    path("people/<int:user>/link/", keys.renew_link, name="account_renew_link"),
    # without a provider in the settings these answer that there is none
    path("provider-cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("provider-error/", social.login_error, name="socialaccount_login_error"),
    path("provider/", include("allauth.socialaccount.providers.openid_connect.urls")),
]
