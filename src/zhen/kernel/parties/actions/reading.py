"""Opening clear values: only with a purpose, only for a while, always journalled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.parties import rules
from zhen.kernel.parties.models import Account, Person, Reading
from zhen.kernel.parties.scope import fetch

VIEW_SENSITIVE = "parties.person.view_sensitive"
DISCLOSE = "parties.person.disclose"
OPEN_FOR = timedelta(minutes=10)
ALL = "*"


@action(VIEW_SENSITIVE)
def reveal(actor: Actor, key: object, fields: Iterable[str]) -> dict[str, str]:
    """The clear values of a person's encrypted fields. The actor carries the purpose.

    Raises Refused without a purpose, and for a purpose that names the person.
    """
    person = fetch(actor, VIEW_SENSITIVE, Person.objects.all(), key)
    values: dict[str, str] = {}
    for name in fields:
        value = getattr(person, name)
        values[name] = value.clear() if hasattr(value, "clear") else ""
    _journal_reading(actor, VIEW_SENSITIVE, person, actor.purpose, values)
    return values


@action(VIEW_SENSITIVE)
def open_reading(actor: Actor, key: object, purpose: str) -> Reading:
    """Open a person's identity number and contact points to the actor for ten minutes."""
    person = fetch(actor, VIEW_SENSITIVE, Person.objects.all(), key)
    return _open(actor, VIEW_SENSITIVE, person, purpose, whole=False)


@action(DISCLOSE)
def open_disclosure(actor: Actor, key: object, purpose: str) -> Reading:
    """Open everything that is held about a person who asks for it at a counter (PIPL, article 45)."""
    person = fetch(actor, DISCLOSE, Person.objects.all(), key)
    return _open(actor, DISCLOSE, person, purpose, whole=True)


def _open(actor: Actor, permission: str, person: Person, purpose: str, *, whole: bool) -> Reading:
    now = clock.now()
    if actor.user_id is None:
        raise Refused(
            field=_("Reader"),
            value=actor.name,
            reason=_("is no user"),
            remedy=_("Sign in: clear values are shown to people only"),
        )
    fields = (ALL,) if whole else ("id_number", "contacts")
    stated = _journal_reading(actor, permission, person, purpose, fields)
    return Reading.objects.create(
        person=person,
        account_id=actor.user_id,
        whole=whole,
        purpose=stated,
        opened_at=now,
        expires_at=now + OPEN_FOR,
    )


def _journal_reading(actor: Actor, permission: str, person: Person, purpose: str, fields: Iterable[str]) -> str:
    stated = rules.purpose(purpose, names=(person.name,))
    grants = actor.grants_for(permission)
    journal.read_of(
        person,
        by=actor,
        purpose=stated,
        fields=fields,
        roles=[grant.role for grant in grants],
        units=[grant.unit_name for grant in grants if grant.unit_name],
    )
    return stated


@action("parties.account.link")
def link_account(actor: Actor, key: object, account_id: int) -> Account:
    """Tie a user account to the person it belongs to, after his identity was checked."""
    person = fetch(actor, "parties.account.link", Person.objects.all(), key, lock=True)
    if Account.objects.filter(account_id=account_id).exists() or Account.objects.filter(person=person).exists():
        raise Refused(
            field=_("User account"),
            value=account_id,
            reason=_("or the person is tied already"),
            remedy=_("Untie the other one first"),
        )
    account = Account.objects.create(person=person, account_id=account_id, linked_at=clock.now())
    journal.record(
        "parties.account.linked", by=actor, subject=person, area=person.area_id, data={"account": account_id}
    )
    return account
