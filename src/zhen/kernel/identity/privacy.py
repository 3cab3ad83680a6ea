"""What identity holds about people, for what, and how long.

Logs of network operation are kept for at least six months (Cybersecurity Law, article 21, item 3).
How long papers of an office are kept is ruled by the State Archives' order no. 8 (2006).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib.privacy import After, Basis, Forever, Privacy, With, declare

SECURITY_LAW = _("Cybersecurity Law, article 21, item 3: at least six months")
ARCHIVES_ORDER = _("State Archives' order no. 8 on retention periods of office papers")
SIGN_IN = _("Signing in safely")
WHO_DID_WHAT = _("Knowing who holds which post and did what in it")

USER = Privacy(
    purpose=WHO_DID_WHAT,
    basis=Basis.STATUTORY_DUTY,
    law=ARCHIVES_ORDER,
    retention=After(
        field="deactivated_at",
        event=_("the account was deactivated"),
        years=10,
        source=ARCHIVES_ORDER,
        anonymise={"name": "—", "name_key": "", "email": "", "phone": "", "password": "!"},
    ),
    accounts=("id",),
    internal=(
        "username",
        "last_login",
        "language",
        "is_active",
        "is_machine",
        "is_demo",
        "created_at",
        "deactivated_at",
    ),
    personal=("name", "name_key", "email", "phone", "password"),
)

POST = Privacy(
    purpose=WHO_DID_WHAT,
    basis=Basis.STATUTORY_DUTY,
    law=ARCHIVES_ORDER,
    retention=Forever(source=ARCHIVES_ORDER),
    accounts=("user_id",),
    internal=("user", "unit", "role", "duty", "area", "deputises", "valid_from", "valid_to"),
)

INVITATION = Privacy(
    purpose=SIGN_IN,
    basis=Basis.STATUTORY_DUTY,
    retention=After(field="expires_at", event=_("the link ended"), months=6, source=SECURITY_LAW),
    accounts=("user_id",),
    internal=("user", "digest", "created_at", "expires_at", "used_at"),
)

ELEVATION = Privacy(
    purpose=_("Knowing when and why administrators used dangerous rights"),
    basis=Basis.STATUTORY_DUTY,
    retention=After(field="ends_at", event=_("the elevation ended"), years=1, source=SECURITY_LAW),
    accounts=("user_id",),
    internal=("user", "session", "reason", "started_at", "ends_at", "ended_at"),
)

TOKEN = Privacy(
    purpose=_("Letting programs act for somebody within limits"),
    basis=Basis.STATUTORY_DUTY,
    retention=After(field="expires_at", event=_("the key ended"), years=1, source=SECURITY_LAW),
    accounts=("user_id",),
    internal=(
        "user",
        "name",
        "hint",
        "digest",
        "scopes",
        "created_at",
        "expires_at",
        "revoked_at",
        "used_at",
    ),
)


def declare_outside() -> None:
    """allauth's tables; those of e-mail addresses stay empty, since ours stand in the account."""
    of_user = With(fields=("user",))
    declare(
        "account.EmailAddress",
        Privacy(
            purpose=SIGN_IN,
            basis=Basis.STATUTORY_DUTY,
            retention=of_user,
            accounts=("user_id",),
            internal=("user", "verified", "primary"),
            personal=("email",),
        ),
    )
    declare(
        "account.EmailConfirmation",
        Privacy(
            purpose=SIGN_IN,
            basis=Basis.STATUTORY_DUTY,
            retention=With(fields=("email_address",)),
            accounts=("email_address__user_id",),
            internal=("email_address", "created", "sent", "key"),
        ),
    )
    declare(
        "mfa.Authenticator",
        Privacy(
            purpose=SIGN_IN,
            basis=Basis.STATUTORY_DUTY,
            retention=of_user,
            accounts=("user_id",),
            internal=("user", "type", "created_at", "last_used_at"),
            personal=("data",),
        ),
    )
    declare(
        "usersessions.UserSession",
        Privacy(
            purpose=SIGN_IN,
            basis=Basis.STATUTORY_DUTY,
            retention=After(field="last_seen_at", event=_("the session was last used"), months=6, source=SECURITY_LAW),
            accounts=("user_id",),
            internal=("user", "created_at", "last_seen_at", "session_key", "data"),
            personal=("ip", "user_agent"),
        ),
    )
    declare(
        "socialaccount.SocialAccount",
        Privacy(
            purpose=SIGN_IN,
            basis=Basis.STATUTORY_DUTY,
            retention=of_user,
            accounts=("user_id",),
            internal=("user", "provider", "last_login", "date_joined"),
            personal=("uid", "extra_data"),
        ),
    )
