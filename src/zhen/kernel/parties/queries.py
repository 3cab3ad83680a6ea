"""Reading parties, always restricted to the actor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Q, QuerySet

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.lib import clock
from zhen.kernel.lib.fields import holding
from zhen.kernel.lib.text import fold
from zhen.kernel.pages.api import Missing
from zhen.kernel.parties.models import (
    Account,
    ContactPoint,
    DataRequest,
    Deletion,
    Hold,
    Household,
    Organisation,
    Person,
    Reading,
)
from zhen.kernel.parties.records import Record, possible_digests
from zhen.kernel.parties.scope import as_id, fetch

VIEW = "parties.person.view"
VIEW_ORGANISATION = "parties.organisation.view"


def persons(actor: Actor) -> QuerySet[Person]:
    """The persons on record whom the actor may see; doubles are left out."""
    return restrict(actor, VIEW, Person.objects.filter(merged_into__isnull=True).select_related("area"))


def person(actor: Actor, key: object) -> Person:
    """One person; a double leads to the record it was merged into."""
    found = fetch(actor, VIEW, Person.objects.select_related("area"), key)
    return found if found.merged_into_id is None else person(actor, found.merged_into_id)


def person_with_number(actor: Actor, number: str) -> Person | None:
    """The person in the actor's reach who has exactly this identity number."""
    return persons(actor).filter(holding(Person, "id_number", number)).first()


def households(actor: Actor) -> QuerySet[Household]:
    return restrict(actor, VIEW, Household.objects.select_related("area", "place"))


def organisations(actor: Actor) -> QuerySet[Organisation]:
    return restrict(actor, VIEW_ORGANISATION, Organisation.objects.select_related("area"))


def organisation(actor: Actor, key: object) -> Organisation:
    return fetch(actor, VIEW_ORGANISATION, Organisation.objects.select_related("area"), key)


def requests(actor: Actor) -> QuerySet[DataRequest]:
    return restrict(actor, "parties.request.decide", DataRequest.objects.select_related("person"))


def request(actor: Actor, key: object) -> DataRequest:
    return fetch(actor, "parties.request.decide", DataRequest.objects.select_related("person"), key)


def holds(actor: Actor) -> QuerySet[Hold]:
    return restrict(actor, "parties.retention.view", Hold.objects.select_related("person"))


def reading(actor: Actor, key: object, now: datetime | None = None) -> Reading:
    """An opened reading, while it lasts, for the one who opened it and nobody else."""
    found = (
        Reading.objects.filter(pk=as_id(key), account_id=actor.user_id or 0, expires_at__gt=now or clock.now())
        .select_related("person")
        .first()
    )
    if found is None or actor.user_id is None:
        raise Missing(str(key))
    return found


def disclosure(actor: Actor, key: object) -> Reading:
    """An opened reading of everything; one of single values does not show more than it was opened for."""
    found = reading(actor, key)
    if not found.whole:
        raise Missing(str(key))
    return found


def person_of(actor: Actor) -> Person | None:
    """The person whom the signed-in user is, where his account is tied to one."""
    if actor.user_id is None:
        return None
    account = Account.objects.filter(account_id=actor.user_id).select_related("person").first()
    return account.person if account else None


# Finding by what people type


def by_name(terms: Sequence[str], fields: str = "name") -> Q:
    """The condition that every term is found in the name: written, spelled, or by initials.

    Chinese terms count anywhere in the name, traditional or simplified. Letters count from the start,
    so that an index serves them.
    """
    condition = Q()
    for term in terms:
        folded = fold(term)
        if folded.isascii() and folded.isalpha():
            condition &= Q(**{f"{fields}_spelling__startswith": folded}) | Q(
                **{f"{fields}_initials__startswith": folded}
            )
        else:
            condition &= Q(**{f"{fields}_fold__contains": folded})
    return condition


def search_persons(rows: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Narrow already restricted rows: an exact identity or phone number, else parts of the name."""
    compact = "".join(text.split())
    if len(compact) >= 8 and any(character.isdigit() for character in compact):
        exact = holding(Person, "id_number", compact)
        phones = ContactPoint.objects.filter(holding(ContactPoint, "value", compact)).values("person_id")
        return rows.filter(exact | Q(pk__in=phones))
    return rows.filter(by_name(text.split()))


def search_organisations(rows: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    return rows.filter(by_name(text.split()) | Q(code=text.strip().upper()))


# Proving deletions


def prove_deletion(records: Iterable[Record]) -> list[tuple[Record, Deletion | None]]:
    """For each record, the deletion that it proves, or None where none is known of that very content."""
    given = list(records)
    digests = {digest: number for number, record in enumerate(given) for digest in possible_digests(record)}
    found: dict[int, Deletion] = {}
    for deletion in Deletion.objects.filter(digest__in=list(digests)).order_by("deleted_at"):
        found[digests[bytes(deletion.digest)]] = deletion
    return [(record, found.get(number)) for number, record in enumerate(given)]


def age_on(born_on: date | None, day: date) -> int | None:
    """Full years, as Chinese law counts them (Civil Code, article 1259: 周岁)."""
    if born_on is None:
        return None
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
