"""Organisations: list, page, forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.journal import api as journal
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
from zhen.kernel.parties import queries
from zhen.kernel.parties.actions import households
from zhen.kernel.parties.forms import OrganisationForm
from zhen.kernel.parties.models import Organisation
from zhen.kernel.parties.screens.common import address, telling

VIEW, EDIT = queries.VIEW_ORGANISATION, households.EDIT_ORGANISATION


def _state(row: Organisation) -> Chip:
    return Chip(text=_("closed")) if row.closed_on else Chip(text=_("active"), tone=Tone.ON_TRACK)


def _facts(_actor: Actor, row: Organisation) -> Iterable[tuple[Any, Any]]:
    return (
        (_("Name"), row.name),
        (_("Kind"), row.get_kind_display()),
        (_("Unified social credit code"), row.code or "—"),
        (_("Area"), row.area),
        (_("Founded on"), row.founded_on),
        (_("closed on"), row.closed_on),
    )


ORGANISATIONS = ListPage(
    id="parties.organisations",
    title=_("Organisations"),
    menu=_("Organisations"),
    icon="building",
    order=41,
    permission=VIEW,
    rows=lambda actor, params: queries.organisations(actor),
    columns=(
        Column(id="name", label=_("Name"), value="name", sort="name_key"),
        Column(id="kind", label=_("Kind"), value=lambda row: row.get_kind_display(), sort="kind"),
        Column(id="code", label=_("Unified social credit code"), value="code", sort="code"),
        Column(id="area", label=_("Area"), value="area", sort="area__code", kind=Kind.PLACE),
        Column(id="state", label=_("State"), value=_state, kind=Kind.CHIP),
    ),
    filters=(
        Filter(
            id="kind",
            label=_("Kind"),
            apply=lambda rows, value: rows.filter(kind=value),
            choices=tuple(Choice(value=value, label=label) for value, label in Organisation.Kind.choices),
        ),
    ),
    search=queries.search_organisations,
    order_by=("name_key", "pk"),
    detail="parties.organisation",
    buttons=(Button(id="add", label=_("Record an organisation"), permission=EDIT, form="parties.add_organisation"),),
    empty=_("No organisation is on record in your area yet."),
)

ORGANISATION = DetailPage(
    id="parties.organisation",
    title=_("Organisation"),
    permission=VIEW,
    subject=queries.organisation,
    heading=lambda row: row.name,
    chips=lambda row: (_state(row),),
    buttons=(Button(id="edit", label=_("Edit"), permission=EDIT, form="parties.edit_organisation", key="e"),),
    panels=(
        Panel(id="facts", title=_("Particulars"), form="facts", source=_facts),
        Panel(
            id="people",
            title=_("People"),
            form="table",
            permission=queries.VIEW,
            columns=(
                Column(id="person", label=_("Person"), value=lambda row: str(row.person), kind=Kind.PERSON),
                Column(id="kind", label=_("Kind"), value=lambda row: row.get_kind_display()),
                Column(id="from", label=_("from"), value="valid_from", kind=Kind.DATE),
                Column(id="to", label=_("to"), value="valid_to", kind=Kind.DATE),
            ),
            source=lambda actor, row: row.relations.filter(person__in=queries.persons(actor)).select_related("person"),
            empty=_("Nobody on record in your area belongs to this organisation."),
        ),
        Panel(id="history", title=_("History"), form="timeline", source=lambda actor, row: journal.timeline(row)),
    ),
)


def _add(actor: Actor, _subject: None, form: OrganisationForm) -> str:
    return address("parties.organisation", households.add_organisation(actor, **form.cleaned_data).pk)


def _edit(actor: Actor, row: Organisation, form: OrganisationForm) -> str:
    households.change_organisation(actor, row.pk, **form.cleaned_data)
    return address("parties.organisation", row.pk)


def _form(_actor: Actor, row: Organisation | None, data: Any, _files: Any) -> OrganisationForm:
    names = ("name", "kind", "code", "area", "founded_on")
    return OrganisationForm(data, initial={name: getattr(row, name) for name in names} if row else {})


ORGANISATION_PAGES = (
    ORGANISATIONS,
    ORGANISATION,
    FormPage(
        id="parties.add_organisation",
        title=_("Record an organisation"),
        permission=EDIT,
        form=_form,
        save=telling(_add),
    ),
    FormPage(
        id="parties.edit_organisation",
        title=_("Change an organisation’s record"),
        permission=EDIT,
        subject=queries.organisation,
        form=_form,
        save=telling(_edit),
        submit=_("Save"),
    ),
)
