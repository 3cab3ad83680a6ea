"""Recording persons, and what is known about them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock, masks
from zhen.kernel.lib.crypto import keeper
from zhen.kernel.lib.fields import holding
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.parties import rules
from zhen.kernel.parties.models import Address, ContactPoint, Person
from zhen.kernel.parties.scope import fetch, must_reach
from zhen.kernel.places.api import Place

VIEW = "parties.person.view"
EDIT = "parties.person.edit"
Document = Person.Document


@action(EDIT)
def add_person(
    actor: Actor,
    *,
    name: str,
    document: str = "",
    id_number: str = "",
    sex: str = Person.Sex.UNKNOWN,
    born_on: date | None = None,
    area: Place | None = None,
    note: str = "",
) -> Person:
    """Record a person. A resident's number gives sex and day of birth where they are not given.

    Raises Refused for a number that is wrong, or that somebody on record already has.
    """
    now = clock.now()
    person = Person(sex=sex, born_on=born_on, area=area, note=note.strip(), created_at=now)
    person.set_name(a_name(name))
    if id_number:
        _set_number(person, document or Document.RESIDENT, id_number, now.astimezone(clock.TOWN_ZONE).date())
    person.save(force_insert=True)
    must_reach(actor, EDIT, person)
    journal.record("parties.person.added", by=actor, subject=person, area=person.area_id)
    return person


@action(EDIT, silent=True)
def change_person(actor: Actor, /, key: object, **changes: Any) -> Person:
    """Change name, sex, born_on, area, note, or document with id_number. Nothing changes silently.

    The journal keeps which fields changed, never the values.
    """
    unknown = set(changes) - {"name", "sex", "born_on", "area", "note", "document", "id_number"}
    if unknown:
        raise TypeError(f"change_person cannot change {', '.join(sorted(unknown))}")
    person = fetch(actor, EDIT, Person.objects.all(), key, lock=True)
    changed = {name for name, value in changes.items() if _differs(person, name, value)}
    if not changed:
        return person
    if "name" in changed:
        person.set_name(a_name(changes["name"]))
    for name in changed & {"sex", "born_on", "area", "note"}:
        setattr(person, name, changes[name])
    if changed & {"document", "id_number"}:
        number = changes.get("id_number", person.id_number.clear() if person.id_number else "")
        if number:
            _set_number(person, changes.get("document", person.document), number, clock.today())
        else:
            person.document, person.id_number = "", None
    person.save()
    must_reach(actor, EDIT, person)
    journal.record(
        "parties.person.changed", by=actor, subject=person, area=person.area_id, data={"fields": sorted(changed)}
    )
    return person


@action(EDIT)
def end_person(actor: Actor, key: object, *, on: date, ending: str) -> Person:
    """The person died, moved away, or is no longer needed on record: the time of retention begins."""
    person = fetch(actor, EDIT, Person.objects.all(), key, lock=True)
    if ending not in (Person.Ending.DIED, Person.Ending.LEFT, Person.Ending.NEEDLESS):
        raise Refused(field=_("Reason"), value=ending, reason=_("is none"), remedy=_("Choose one from the list"))
    if on > clock.today() or (person.born_on and on < person.born_on):
        raise Refused(
            field=_("Day"),
            value=on.isoformat(),
            reason=_("lies in the future or before the birth"),
            remedy=_("Enter the day on which it happened"),
        )
    person.ended_on, person.ending = on, ending
    person.save(update_fields=["ended_on", "ending"])
    journal.record("parties.person.ended", by=actor, subject=person, area=person.area_id, data={"ending": str(ending)})
    return person


@action(EDIT)
def add_contact(actor: Actor, key: object, *, kind: str, value: str, valid_from: date | None = None) -> ContactPoint:
    person = fetch(actor, EDIT, Person.objects.all(), key)
    reader = rules.email if kind == ContactPoint.Kind.EMAIL else rules.phone
    contact = ContactPoint(person=person, kind=kind, valid_from=valid_from or clock.today())
    contact.value = reader(value)
    contact.save(force_insert=True)
    _changed(actor, person, "contacts")
    return contact


@action(EDIT)
def add_address(
    actor: Actor,
    key: object,
    *,
    kind: str = Address.Kind.RESIDENCE,
    place: Place | None = None,
    text: str = "",
    valid_from: date | None = None,
) -> Address:
    person = fetch(actor, EDIT, Person.objects.all(), key)
    if place is None and not text.strip():
        raise Refused(
            field=_("Address"), value="", reason=_("is empty"), remedy=_("Choose a building or write the address")
        )
    address = Address.objects.create(
        person=person, kind=kind, place=place, text=text.strip(), valid_from=valid_from or clock.today()
    )
    _changed(actor, person, "addresses")
    return address


def _changed(actor: Actor, person: Person, *fields: str) -> None:
    journal.record(
        "parties.person.changed", by=actor, subject=person, area=person.area_id, data={"fields": sorted(fields)}
    )


def _differs(person: Person, name: str, value: Any) -> bool:
    if name == "id_number":
        held = person.id_number.clear() if person.id_number else ""
        return bool(held != rules.plain(value or ""))
    return bool(getattr(person, name) != value)


def a_name(name: str) -> str:
    text = " ".join(name.split())
    if not 1 <= len(text) <= 100:
        raise Refused(
            field=_("Name"),
            value=masks.person_name(text),
            reason=_("is not 1 to 100 characters long"),
            remedy=_("Enter the name as it stands on the document"),
        )
    return text


def _set_number(person: Person, document: str, text: str, today: date) -> None:
    """Check the number, see that nobody else has it, and set it with what it says."""
    if document in (Document.RESIDENT, Document.PERMIT):
        read = rules.resident_number(text, today=today)
        number = read.number
        person.born_on = person.born_on or read.born_on
        if person.sex == Person.Sex.UNKNOWN:
            person.sex = Person.Sex.MALE if read.is_male else Person.Sex.FEMALE
    elif document in Document.values:
        number = rules.document_number(text)
    else:
        raise Refused(
            field=_("Kind of document"), value=document, reason=_("is none"), remedy=_("Choose one from the list")
        )
    _refuse_double(person, number)
    person.document, person.id_number = document, number


def _refuse_double(person: Person, number: str) -> None:
    """Refuse a number that another record holds, under whichever key it was hashed.

    The unique constraint cannot see that while look-up keys change, so writers of one number take
    turns: the lock is named by the number's hash under the oldest key, which all processes share.
    """
    # The last candidate is the hash under the oldest key.
    oldest = keeper().candidates(number, domain="parties.person.turn")[-1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(oldest[-8:], "big", signed=True)])
    if Person.objects.filter(holding(Person, "id_number", number)).exclude(pk=person.pk).exists():
        raise Refused(
            field=_("Identity number"),
            value=masks.identity_number(number),
            reason=_("belongs to somebody who is already on record"),
            remedy=_("Search for the number; if the record lies in another area, ask for it to be moved to yours"),
        )
