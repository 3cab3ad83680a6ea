"""Privacy declarations for the models of allauth, which we cannot edit."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib.privacy import After, Basis, Privacy, With, declare

LAW = _("Cybersecurity Law, articles 21 and 24")
PURPOSE = _("Signing in safely")


def declare_all() -> None:
    declare(
        "account.emailaddress",
        Privacy(
            purpose=PURPOSE,
            basis=Basis.STATUTORY_DUTY,
            law=LAW,
            retention=With(fields=("user",)),
            accounts=("user_id",),
            internal=("verified", "primary"),
            personal=("user", "email"),
        ),
    )
    declare(
        "account.emailconfirmation",
        Privacy(
            purpose=PURPOSE,
            basis=Basis.STATUTORY_DUTY,
            law=LAW,
            retention=With(fields=("email_address",)),
            accounts=("email_address__user_id",),
            internal=("created", "sent", "key"),
            personal=("email_address",),
        ),
    )
    declare(
        "mfa.authenticator",
        Privacy(
            purpose=PURPOSE,
            basis=Basis.STATUTORY_DUTY,
            law=LAW,
            retention=With(fields=("user",)),
            accounts=("user_id",),
            internal=("type", "created_at", "last_used_at"),
            personal=("user",),
            sensitive=("data",),
        ),
    )
    declare(
        "socialaccount.socialaccount",
        Privacy(
            purpose=PURPOSE,
            basis=Basis.CONSENT,
            retention=With(fields=("user",)),
            accounts=("user_id",),
            internal=("provider", "last_login", "date_joined"),
            personal=("user", "uid", "extra_data"),
        ),
    )
    declare(
        "socialaccount.socialtoken",
        Privacy(
            purpose=PURPOSE,
            basis=Basis.CONSENT,
            retention=With(fields=("account",)),
            accounts=("account__user_id",),
            internal=("app", "expires_at"),
            personal=("account",),
            sensitive=("token", "token_secret"),
        ),
    )
    declare(
        "usersessions.usersession",
        Privacy(
            purpose=_("Showing a user where he is signed in, and ending sessions"),
            basis=Basis.STATUTORY_DUTY,
            law=LAW,
            retention=After(
                field="last_seen_at",
                months=6,
                event=_("the session was last used"),
                source=_("Cybersecurity Law, article 21: logs are kept at least six months"),
                along=("user",),
            ),
            accounts=("user_id",),
            internal=("created_at", "last_seen_at", "session_key"),
            personal=("user", "ip", "user_agent", "data"),
        ),
    )
