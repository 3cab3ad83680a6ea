"""Recording many households at once: imports and the demo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock, masks
from zhen.kernel.lib.crypto import keeper
from zhen.kernel.lib.fields import EncryptedField, LookupField, lookup_of
from zhen.kernel.lib.ids import new_id
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.parties import rules
from zhen.kernel.parties.actions.people import EDIT, a_name
from zhen.kernel.parties.copying import copy_rows
from zhen.kernel.parties.models import ContactPoint, Household, Membership, Person
from zhen.kernel.parties.models.people import Named, name_columns

CHUNK = 400
Row = tuple[Any, ...]


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
    """Rows are made as tuples, not as models: of a hundred thousand, that is a minute."""
    today = now.astimezone(clock.TOWN_ZONE).date()
    kept = keeper()
    numbers = _read_numbers(chunk, today)
    _refuse_known([read.number for read in numbers.values()])
    number, number_hash = _sealed(Person, "id_number")
    contact, contact_hash = _sealed(ContactPoint, "value")
    people: list[Row] = []
    memberships: list[Row] = []
    contacts: list[Row] = []
    for household in chunk:
        for member in household.members:
            read = numbers[member.id]
            sex = Person.Sex.MALE if read.is_male else Person.Sex.FEMALE
            sealed = kept.seal(read.number, number.where(member.id)), number_hash.hash_of(read.number)
            names = name_columns(a_name(member.name), person=True)
            people.append((member.id, *names, sex.value, read.born_on, *sealed, household.area, now))
            since = max(household.since, read.born_on)
            memberships.append((new_id(), household.id, member.id, member.kin, since))
            if member.phone:
                phone, id = rules.phone(member.phone), new_id()
                sealed = kept.seal(phone, contact.where(id)), contact_hash.hash_of(phone)
                contacts.append((id, member.id, *sealed, today))
    copy_rows(
        Household,
        ("id", "area_id", "place_id", "address"),
        [(new.id, new.area, new.place, new.address) for new in chunk],
        kind=Household.Kind.FAMILY.value,
    )
    copy_rows(
        Person,
        ("id", *Named.NAME_COLUMNS, "sex", "born_on", "id_number", "id_number_hash", "area_id", "created_at"),
        people,
        document=Person.Document.RESIDENT.value,
        note="",
        ending="",
    )
    copy_rows(Membership, ("id", "household_id", "person_id", "kin", "valid_from"), memberships)
    copy_rows(
        ContactPoint,
        ("id", "person_id", "value", "value_hash", "valid_from"),
        contacts,
        kind=ContactPoint.Kind.PHONE.value,
    )
    journal.record(
        "parties.person.recorded_many",
        by=actor,
        subject=("parties.person", ""),
        data={"persons": len(people), "households": len(chunk)},
    )
    return len(people)


def _read_numbers(chunk: list[NewHousehold], today: date) -> dict[UUID, rules.ResidentNumber]:
    return {
        member.id: rules.resident_number(member.id_number, today=today)
        for household in chunk
        for member in household.members
    }


def _sealed(model: type[models.Model], name: str) -> tuple[EncryptedField, LookupField]:
    field, found = model._meta.get_field(name), lookup_of(model, name)
    assert isinstance(field, EncryptedField)
    assert found is not None
    return field, found


def _refuse_known(numbers: list[str]) -> None:
    """Refuse a chunk in which somebody is on record already, under whichever key, or stands twice."""
    _field, found = _sealed(Person, "id_number")
    kept, domain = keeper(), found.domain_name()
    hashes = [code for number in numbers for code in kept.candidates(number, domain=domain)]
    twice = next((number for number, count in Counter(numbers).items() if count > 1), None)
    known = Person.objects.filter(id_number_hash__in=hashes).first()
    if known is not None or twice is not None:
        raise Refused(
            field=_("Identity number"),
            value=str(known.id_number) if known else masks.identity_number(twice or ""),
            reason=_("belongs to somebody who is already on record"),
            remedy=_("Take the person out of the list, or change the record that is there"),
        )
