"""Recording many households at once: imports and the demo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.crypto import keeper
from zhen.kernel.lib.fields import lookup_of
from zhen.kernel.lib.ids import new_id
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.parties import rules
from zhen.kernel.parties.actions.people import EDIT
from zhen.kernel.parties.copying import copy_rows
from zhen.kernel.parties.models import ContactPoint, Household, Membership, Person

CHUNK = 400


@dataclass(frozen=True, kw_only=True)
class NewPerson:
    name: str
    id_number: str
    kin: str
    phone: str = ""
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True)
class NewHousehold:
    """`area` and `place` are ids of places; members are in households since `since`."""

    members: Sequence[NewPerson]
    since: date
    area: int | None = None
    place: int | None = None
    address: str = ""
    id: UUID = field(default_factory=new_id)


def record_households(actor: Actor, households: Iterable[NewHousehold], now: datetime) -> int:
    """Record households with their members, some hundred in a transaction; gives how many persons.

    Raises Refused for the first wrong or known identity number; earlier chunks stay recorded.
    """
    waiting = iter(households)
    persons = 0
    while chunk := list(islice(waiting, CHUNK)):
        persons += _record(actor, chunk, now)
    return persons


@action(EDIT)
def _record(actor: Actor, chunk: list[NewHousehold], now: datetime) -> int:
    today = now.astimezone(clock.TOWN_ZONE).date()
    households, people, memberships, contacts = [], [], [], []
    for new in chunk:
        household = Household(id=new.id, area_id=new.area, place_id=new.place, address=new.address)
        households.append(household)
        for member in new.members:
            read = rules.resident_number(member.id_number, today=today)
            person = Person(
                id=member.id,
                sex=Person.Sex.MALE if read.is_male else Person.Sex.FEMALE,
                born_on=read.born_on,
                document=Person.Document.RESIDENT,
                area_id=new.area,
                created_at=now,
            )
            person.set_name(member.name)
            person.id_number = read.number
            people.append(person)
            memberships.append(
                Membership(household=household, person=person, kin=member.kin, valid_from=max(new.since, read.born_on))
            )
            if member.phone:
                contact = ContactPoint(person=person, kind=ContactPoint.Kind.PHONE, valid_from=today)
                contact.value = rules.phone(member.phone)
                contacts.append(contact)
    _refuse_known(people)
    copy_rows(Household, households)
    copy_rows(Person, people)
    copy_rows(Membership, memberships)
    copy_rows(ContactPoint, contacts)
    journal.record(
        "parties.person.recorded_many",
        by=actor,
        subject=("parties.person", ""),
        data={"persons": len(people), "households": len(households)},
    )
    return len(people)


def _refuse_known(people: list[Person]) -> None:
    """Refuse a chunk in which somebody is on record already, under whichever key."""
    found = lookup_of(Person, "id_number")
    assert found is not None
    kept = keeper()
    hashes = [
        code
        for person in people
        for code in kept.candidates(person.id_number.clear() if person.id_number else "", domain=found.domain_name())
    ]
    known = Person.objects.filter(id_number_hash__in=hashes).first()
    if known is not None:
        raise Refused(
            field=_("Identity number"),
            value=str(known.id_number),
            reason=_("belongs to somebody who is already on record"),
            remedy=_("Take the person out of the list, or change the record that is there"),
        )
