"""Persons: list, page, forms, and clear values for a stated purpose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Filter,
    FormPage,
    Kind,
    ListPage,
    Panel,
    Tone,
)
from zhen.kernel.parties import holding, queries
from zhen.kernel.parties.actions import merging, people, reading
from zhen.kernel.parties.forms import ContactForm, EndForm, MergeForm, PersonChangeForm, PersonForm, PurposeForm
from zhen.kernel.parties.models import Person, Reading
from zhen.kernel.parties.screens.common import address, telling

VIEW = queries.VIEW


def _age(person: Person) -> int | None:
    return queries.age_on(person.born_on, person.ended_on or clock.today())


def _state(person: Person) -> Chip:
    return Chip(text=person.get_ending_display()) if person.ended_on else Chip(text=_("on record"), tone=Tone.ON_TRACK)


PERSON_COLUMNS = (
    Column(id="name", label=_("Name"), value="name", sort="name_key", kind=Kind.PERSON),
    Column(id="sex", label=_("Sex"), value=lambda person: person.get_sex_display()),
    Column(id="age", label=_("Age"), value=_age, sort="-born_on", kind=Kind.NUMBER),
    Column(id="id_number", label=_("Identity number"), value=lambda person: str(person.id_number or "")),
    Column(id="area", label=_("Area"), value="area", sort="area__code", kind=Kind.PLACE),
    Column(id="state", label=_("State"), value=_state, kind=Kind.CHIP),
)


def _by_state(rows: Any, value: str) -> Any:
    return rows.filter(ended_on__isnull=value == "present")


PERSONS = ListPage(
    id="parties.persons",
    title=_("Persons"),
    menu=_("Persons"),
    icon="users",
    order=40,
    permission=VIEW,
    intro=_("Identity numbers are masked. To open one, state what for: the person can read it."),
    rows=lambda actor, params: queries.persons(actor),
    columns=PERSON_COLUMNS,
    filters=(
        Filter(
            id="state",
            label=_("State"),
            apply=_by_state,
            choices=(Choice(value="present", label=_("on record")), Choice(value="ended", label=_("ended"))),
        ),
    ),
    search=queries.search_persons,
    order_by=("name_key", "pk"),
    detail="parties.person",
    buttons=(
        Button(id="add", label=_("Record a person"), permission="parties.person.edit", form="parties.add_person"),
    ),
    empty=_("Nobody is on record in your area yet. Record a person, or import a list."),
)


def _facts(_actor: Actor, person: Person) -> Iterable[tuple[Any, Any]]:
    return (
        (_("Name"), person.name),
        (_("Sex"), person.get_sex_display()),
        (_("Born on"), person.born_on),
        (_("Kind of document"), person.get_document_display()),
        (_("Identity number"), str(person.id_number or "—")),
        (_("Area"), person.area),
        (_("How the town knows the person"), person.note or "—"),
        (_("Reason of the end"), person.get_ending_display() or "—"),
    )


DATED_COLUMNS = (
    Column(id="from", label=_("from"), value="valid_from", kind=Kind.DATE),
    Column(id="to", label=_("to"), value="valid_to", kind=Kind.DATE),
)
CONTACT_COLUMNS = (
    Column(id="kind", label=_("Kind"), value=lambda contact: contact.get_kind_display()),
    Column(id="value", label=_("Number or address"), value=str),
    *DATED_COLUMNS,
)
ADDRESS_COLUMNS = (
    Column(id="kind", label=_("Kind"), value=lambda row: row.get_kind_display()),
    Column(id="text", label=_("Address"), value=str),
    *DATED_COLUMNS,
)
MEMBERSHIP_COLUMNS = (
    Column(id="household", label=_("household"), value=lambda row: str(row.household)),
    Column(id="kin", label=_("relation to the head"), value=lambda row: row.get_kin_display()),
    *DATED_COLUMNS,
)
RELATION_COLUMNS = (
    Column(id="kind", label=_("Kind"), value=lambda row: row.get_kind_display()),
    Column(id="to", label=_("Of"), value=lambda row: str(row.other or row.organisation)),
    *DATED_COLUMNS,
)
LOOK_COLUMNS = (
    Column(id="at", label=_("Time"), value="at", kind=Kind.TIME),
    Column(id="who", label=_("Who looked"), value="who"),
    Column(id="purpose", label=_("Purpose"), value="purpose"),
    Column(id="fields", label=_("Fields"), value="fields"),
)
HOLD_COLUMNS = (
    Column(id="reason", label=_("Reason and legal ground"), value="reason"),
    Column(id="approved_by", label=_("Approved by"), value="approved_by"),
    *DATED_COLUMNS,
)


def _whose(person: Person) -> holding.Whose:
    return holding.Whose(person=person.pk)


PERSON = DetailPage(
    id="parties.person",
    title=_("Person"),
    permission=VIEW,
    subject=queries.person,
    heading=lambda person: person.name,
    chips=lambda person: (_state(person),),
    buttons=(
        Button(id="edit", label=_("Edit"), permission="parties.person.edit", form="parties.edit_person", key="e"),
        Button(
            id="contact", label=_("Add a contact point"), permission="parties.person.edit", form="parties.add_contact"
        ),
        Button(
            id="read",
            label=_("Open the identity number"),
            permission="parties.person.view_sensitive",
            form="parties.read_person",
        ),
        Button(
            id="disclose",
            label=_("Show the person what is held"),
            permission="parties.person.disclose",
            form="parties.disclose_person",
        ),
        Button(id="end", label=_("Died or moved away"), permission="parties.person.edit", form="parties.end_person"),
        Button(id="merge", label=_("Merge a double"), permission="parties.person.merge", form="parties.merge_person"),
        Button(id="hold", label=_("Set a legal hold"), permission="parties.retention.hold", form="parties.set_hold"),
    ),
    panels=(
        Panel(id="facts", title=_("Particulars"), form="facts", source=_facts),
        Panel(
            id="contacts",
            title=_("Contact points"),
            form="table",
            columns=CONTACT_COLUMNS,
            source=lambda actor, person: person.contacts.order_by("-valid_from"),
            empty=_("No contact point is on record."),
        ),
        Panel(
            id="addresses",
            title=_("Addresses"),
            form="table",
            columns=ADDRESS_COLUMNS,
            source=lambda actor, person: person.addresses.select_related("place").order_by("-valid_from"),
            empty=_("No address is on record."),
        ),
        Panel(
            id="households",
            title=_("Households"),
            form="table",
            columns=MEMBERSHIP_COLUMNS,
            source=lambda actor, person: person.memberships.select_related("household").order_by("-valid_from"),
            empty=_("The person belongs to no household on record."),
        ),
        Panel(
            id="relations",
            title=_("Relations"),
            form="table",
            columns=RELATION_COLUMNS,
            source=lambda actor, person: person.relations.select_related("other", "organisation").order_by(
                "-valid_from"
            ),
            empty=_("No relation is on record."),
        ),
        Panel(
            id="holds",
            title=_("Legal holds"),
            form="table",
            columns=HOLD_COLUMNS,
            source=lambda actor, person: person.holds.order_by("-valid_from"),
            empty=_("There is no legal hold: what runs out is deleted."),
        ),
        Panel(
            id="looks",
            title=_("Who looked"),
            form="table",
            columns=LOOK_COLUMNS,
            source=lambda actor, person: holding.looks_at(_whose(person)),
            empty=_("Nobody has opened this person’s sensitive data."),
        ),
        Panel(
            id="history",
            title=_("History"),
            form="timeline",
            source=lambda actor, person: journal.timeline(person),
        ),
    ),
)


# Clear values


def _clear_values(_actor: Actor, opened: Reading) -> Iterable[tuple[Any, Any]]:
    person = opened.person
    yield (_("Name"), person.name)
    yield (_("Identity number"), person.id_number.clear() if person.id_number else "—")
    for contact in person.contacts.order_by("-valid_from"):
        yield (contact.get_kind_display(), contact.value.clear() if contact.value else "—")


READING = DetailPage(
    id="parties.reading",
    title=_("Opened for a purpose"),
    permission="parties.person.view_sensitive",
    intro=_("Shown to you alone for ten minutes. The person can see that you looked, and what for."),
    subject=queries.reading,
    heading=lambda opened: opened.person.name,
    chips=lambda opened: (Chip(text=opened.purpose),),
    panels=(Panel(id="values", title=_("Clear values"), form="facts", source=_clear_values),),
)


def _read(actor: Actor, person: Person, form: PurposeForm) -> str:
    opened = reading.open_reading(actor, person.pk, form.cleaned_data["purpose"])
    return address("parties.reading", opened.pk)


def _disclose(actor: Actor, person: Person, form: PurposeForm) -> str:
    opened = reading.open_disclosure(actor, person.pk, form.cleaned_data["purpose"])
    return address("parties.disclosure", opened.pk)


# Forms


def _add(actor: Actor, _subject: None, form: PersonForm) -> str:
    return address("parties.person", people.add_person(actor, **form.cleaned_data).pk)


def _edit(actor: Actor, person: Person, form: PersonChangeForm) -> str:
    changes: Mapping[str, Any] = form.cleaned_data
    if not changes["id_number"]:
        changes = {name: value for name, value in changes.items() if name not in ("id_number", "document")}
    people.change_person(actor, person.pk, **changes)
    return address("parties.person", person.pk)


def _edit_form(_actor: Actor, person: Person, data: Any, _files: Any) -> PersonChangeForm:
    names = ("name", "document", "sex", "born_on", "area", "note")
    return PersonChangeForm(data, initial={name: getattr(person, name) for name in names})


def _end(actor: Actor, person: Person, form: EndForm) -> str:
    people.end_person(actor, person.pk, **form.cleaned_data)
    return address("parties.person", person.pk)


def _contact(actor: Actor, person: Person, form: ContactForm) -> str:
    people.add_contact(actor, person.pk, **form.cleaned_data)
    return address("parties.person", person.pk)


def _merge(actor: Actor, person: Person, form: MergeForm) -> str:
    merging.merge_persons(actor, person.pk, form.cleaned_data["double"])
    return address("parties.person", person.pk)


def _plain(form: type[Any]) -> Any:
    """A form without starting values. Nothing of it is kept as a draft: drafts are not sealed."""
    return lambda actor, subject, data, files: form(data)


PEOPLE_PAGES = (
    PERSONS,
    PERSON,
    READING,
    FormPage(
        id="parties.add_person",
        title=_("Record a person"),
        permission="parties.person.edit",
        form=_plain(PersonForm),
        save=telling(_add),
        draft=False,
    ),
    FormPage(
        id="parties.edit_person",
        title=_("Change a person’s record"),
        permission="parties.person.edit",
        subject=queries.person,
        form=_edit_form,
        save=telling(_edit),
        submit=_("Save"),
        draft=False,
    ),
    FormPage(
        id="parties.end_person",
        title=_("Died or moved away"),
        permission="parties.person.edit",
        intro=_("From that day the time runs after which the record is deleted."),
        subject=queries.person,
        form=_plain(EndForm),
        save=telling(_end),
        submit=_("Record it"),
        draft=False,
    ),
    FormPage(
        id="parties.add_contact",
        title=_("Add a contact point"),
        permission="parties.person.edit",
        subject=queries.person,
        form=_plain(ContactForm),
        save=telling(_contact),
        draft=False,
    ),
    FormPage(
        id="parties.merge_person",
        title=_("Merge a double"),
        permission="parties.person.merge",
        intro=_("Everything that belongs to the double belongs to this record afterwards. This cannot be undone."),
        subject=queries.person,
        form=_plain(MergeForm),
        save=telling(_merge),
        submit=_("Merge"),
        draft=False,
    ),
    FormPage(
        id="parties.read_person",
        title=_("Open the identity number"),
        permission="parties.person.view_sensitive",
        intro=_("The reading is recorded with your post and this purpose, and the person can see it."),
        subject=queries.person,
        form=_plain(PurposeForm),
        save=telling(_read),
        submit=_("Open"),
        draft=False,
    ),
    FormPage(
        id="parties.disclose_person",
        title=_("Show the person what is held"),
        permission="parties.person.disclose",
        intro=_("Only at the request of the person in front of you, whose identity you have checked."),
        subject=queries.person,
        form=_plain(PurposeForm),
        save=telling(_disclose),
        submit=_("Open"),
        draft=False,
    ),
)
