"""Households, organisations, and the relations between parties."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.parties import rules
from zhen.kernel.parties.actions.people import EDIT
from zhen.kernel.parties.models import Household, Membership, Organisation, Person, Relation
from zhen.kernel.parties.scope import fetch, must_reach
from zhen.kernel.places.api import Place

EDIT_ORGANISATION = "parties.organisation.edit"


@action(EDIT)
def add_household(
    actor: Actor,
    *,
    kind: str = Household.Kind.FAMILY,
    place: Place | None = None,
    address: str = "",
    area: Place | None = None,
) -> Household:
    household = Household.objects.create(kind=kind, place=place, address=address.strip(), area=area)
    must_reach(actor, EDIT, household)
    journal.record("parties.household.added", by=actor, subject=household, area=area.pk if area else None)
    return household


@action(EDIT)
def join_household(actor: Actor, household_key: object, person_key: object, *, kin: str, on: date) -> Membership:
    """The person belongs to the household from `on`. A membership elsewhere ends on that day."""
    household = fetch(actor, EDIT, Household.objects.all(), household_key, lock=True)
    person = fetch(actor, EDIT, Person.objects.all(), person_key, lock=True)
    held = Membership.objects.filter(person=person)
    if held.filter(Q(valid_from__gte=on)).exists():
        raise Refused(
            field=_("Day"),
            value=on.isoformat(),
            reason=_("lies before a membership that is already on record"),
            remedy=_("Enter a later day, or end the other membership first"),
        )
    held.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).update(valid_to=on)
    membership = Membership.objects.create(household=household, person=person, kin=kin, valid_from=on)
    journal.record(
        "parties.household.joined", by=actor, subject=household, area=person.area_id, data={"person": str(person.pk)}
    )
    return membership


@action(EDIT)
def leave_household(actor: Actor, membership_key: object, *, on: date) -> Membership:
    """The membership ends on `on`; a household that nobody belongs to any more is dissolved."""
    membership = fetch(actor, EDIT, Membership.objects.all(), membership_key, lock=True)
    if on <= membership.valid_from or membership.valid_to is not None:
        raise Refused(
            field=_("Day"),
            value=on.isoformat(),
            reason=_("does not lie in the membership"),
            remedy=_("Enter a day after its beginning"),
        )
    membership.valid_to = on
    membership.save(update_fields=["valid_to"])
    household = Household.objects.select_for_update(of=("self",)).get(pk=membership.household_id)
    if not household.memberships.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).exists():
        household.ended_on = on
        household.save(update_fields=["ended_on"])
    journal.record(
        "parties.household.left",
        by=actor,
        subject=("parties.household", membership.household_id),
        data={"person": str(membership.person_id)},
    )
    return membership


@action(EDIT_ORGANISATION)
def add_organisation(
    actor: Actor,
    *,
    name: str,
    kind: str = Organisation.Kind.ENTERPRISE,
    code: str = "",
    area: Place | None = None,
    founded_on: date | None = None,
) -> Organisation:
    """Record an organisation. Raises Refused for a wrong credit code, or one that is on record."""
    organisation = Organisation(kind=kind, area=area, founded_on=founded_on, created_at=clock.now())
    organisation.set_name(_org_name(name))
    organisation.code = _free_code(code, organisation.pk)
    organisation.save(force_insert=True)
    must_reach(actor, EDIT_ORGANISATION, organisation)
    journal.record("parties.organisation.added", by=actor, subject=organisation, area=organisation.area_id)
    return organisation


@action(EDIT_ORGANISATION, silent=True)
def change_organisation(actor: Actor, /, key: object, **changes: Any) -> Organisation:
    """Change name, kind, code, area, founded_on or closed_on."""
    unknown = set(changes) - {"name", "kind", "code", "area", "founded_on", "closed_on"}
    if unknown:
        raise TypeError(f"change_organisation cannot change {', '.join(sorted(unknown))}")
    organisation = fetch(actor, EDIT_ORGANISATION, Organisation.objects.all(), key, lock=True)
    if "name" in changes:
        changes["name"] = _org_name(changes["name"])
    if "code" in changes:
        changes["code"] = _free_code(changes["code"], organisation.pk)
    changed = sorted(name for name, value in changes.items() if getattr(organisation, name) != value)
    if not changed:
        return organisation
    for name in changed:
        setattr(organisation, name, changes[name])
    founded, closed = organisation.founded_on, organisation.closed_on
    if founded and closed and closed < founded:
        raise Refused(
            field=_("closed on"),
            value=closed.isoformat(),
            reason=_("lies before the founding"),
            remedy=_("Correct one of the two days"),
        )
    organisation.save()
    must_reach(actor, EDIT_ORGANISATION, organisation)
    journal.record(
        "parties.organisation.changed",
        by=actor,
        subject=organisation,
        area=organisation.area_id,
        data={"fields": changed},
    )
    return organisation


@action(EDIT)
def relate(
    actor: Actor,
    person_key: object,
    *,
    kind: str,
    other: object = None,
    organisation: object = None,
    valid_from: date | None = None,
) -> Relation:
    """`person` is the `kind` (guardian, legal representative, …) of another person or an organisation."""
    person = fetch(actor, EDIT, Person.objects.all(), person_key)
    relation = Relation(person=person, kind=kind, valid_from=valid_from or clock.today())
    if other is not None:
        relation.other = fetch(actor, EDIT, Person.objects.all(), other)
    if organisation is not None:
        relation.organisation = fetch(actor, EDIT_ORGANISATION, Organisation.objects.all(), organisation)
    if (other is None) == (organisation is None) or relation.other == person:
        raise Refused(
            field=_("Relation"),
            value=kind,
            reason=_("needs exactly one other party"),
            remedy=_("Choose another person or an organisation"),
        )
    relation.save(force_insert=True)
    journal.record(
        "parties.person.changed", by=actor, subject=person, area=person.area_id, data={"fields": ["relations"]}
    )
    return relation


def _org_name(name: str) -> str:
    text = " ".join(name.split())
    if not 1 <= len(text) <= 100:
        raise Refused(
            field=_("Name"),
            value=text,
            reason=_("is not 1 to 100 characters long"),
            remedy=_("Enter the name as it stands on the licence"),
        )
    return text


def _free_code(text: str, own: UUID) -> str | None:
    if not text:
        return None
    code = rules.credit_code(text)
    if Organisation.objects.filter(code=code).exclude(pk=own).exists():
        raise Refused(
            field=_("Unified social credit code"),
            value=code,
            reason=_("belongs to an organisation that is already on record"),
            remedy=_("Search for the code and open that record"),
        )
    return code
