"""What happened when somebody signed in, or tried to: told to the journal.

allauth does the work; its signals and adapters (`identity.adapters`) call these actions. Nothing typed
is kept: a user name field now and then holds a password.
"""

from __future__ import annotations

from zhen.kernel.access.api import Actor, ActorKind, action
from zhen.kernel.identity.models import User
from zhen.kernel.journal import api as journal


def themselves(user: User) -> Actor:
    """The actor of somebody who signs in and holds no rights yet."""
    return Actor(kind=ActorKind.USER, id=user.pk, name=str(user))


@action(None)
def signed_in(actor: Actor, user: User, *, method: str, address: str) -> None:
    journal.record(
        "identity.signed_in", by=actor, subject=user, data={"method": method, "address": address, "who": str(user)}
    )


@action(None)
def signed_out(actor: Actor, user: User, *, reason: str) -> None:
    """`reason` is asked, idle, limit or ended."""
    journal.record("identity.signed_out", by=actor, subject=user, data={"reason": reason, "who": str(user)})


@action(None)
def sign_in_failed(actor: Actor, user: User | None, *, method: str, address: str) -> None:
    """`user` is `None` where nobody is called what was typed."""
    journal.record(
        "identity.sign_in_failed",
        by=actor,
        subject=user or ("identity.user", ""),
        data={"method": method, "address": address, "who": str(user or "")},
    )


@action(None)
def locked_out(actor: Actor, user: User | None, *, address: str) -> None:
    journal.record(
        "identity.locked_out",
        by=actor,
        subject=user or ("identity.user", ""),
        data={"address": address, "who": str(user or "")},
    )


@action(None)
def password_changed(actor: Actor, user: User) -> None:
    journal.record("identity.password_changed", by=actor, subject=user, data={"who": str(user)})


@action(None)
def second_factor_changed(actor: Actor, user: User, *, kind: str, change: str) -> None:
    """`kind` is totp, webauthn or recovery_codes; `change` is added, removed or renewed."""
    journal.record(f"identity.second_factor_{change}", by=actor, subject=user, data={"kind": kind, "who": str(user)})


@action(None)
def provider_linked(actor: Actor, user: User, *, provider: str) -> None:
    journal.record("identity.provider_linked", by=actor, subject=user, data={"provider": provider, "who": str(user)})
