"""What ties parties together and to places, each from one day to another (exclusive)."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.lib import masks
from zhen.kernel.lib.fields import EncryptedField, LookupField
from zhen.kernel.lib.ids import new_id
from zhen.kernel.lib.privacy import Basis, Privacy, With
from zhen.kernel.parties.models.people import REGISTER_LAW, Household, Organisation, Person
from zhen.kernel.places.api import Place


class Days(models.Func):
    function = "DATERANGE"
    arity = 2


class Dated(models.Model):
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        abstract = True


def in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name=name)


def one_of(*fields: str, name: str) -> models.CheckConstraint:
    """Exactly one of the fields is set."""
    condition = Q()
    for chosen in fields:
        condition |= Q(**{f"{field}__isnull": field != chosen for field in fields})
    return models.CheckConstraint(condition=condition, name=name)


class Membership(Dated):
    """A person in a household. Nobody is in two households on one day."""

    class Kin(models.TextChoices):
        """The relation to the head of the household, after GB/T 4761-2008."""

        HEAD = "head", _("head")
        SPOUSE = "spouse", _("spouse")
        CHILD = "child", _("child")
        GRANDCHILD = "grandchild", _("grandchild")
        PARENT = "parent", _("parent")
        GRANDPARENT = "grandparent", _("grandparent")
        SIBLING = "sibling", _("sibling")
        OTHER = "other", _("other")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="memberships", verbose_name=_("household"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", verbose_name=_("person"))
    kin = models.CharField(_("relation to the head"), max_length=12, choices=Kin.choices, default=Kin.OTHER)

    person_id: UUID
    household_id: UUID
    access_rule: ClassVar = Rule(area="person__area_id", owner="person__account__account_id")
    privacy: ClassVar = Privacy(
        purpose=_("Knowing who lives together, so that one visit serves all"),
        basis=Basis.STATUTORY_DUTY,
        law=REGISTER_LAW,
        retention=With(fields=("person", "household")),
        persons=("person_id",),
        internal=("valid_from", "valid_to"),
        personal=("household", "person", "kin"),
    )

    class Meta:
        verbose_name = _("membership in a household")
        verbose_name_plural = _("memberships in households")
        constraints: ClassVar = [
            in_order("parties_membership_dates"),
            ExclusionConstraint(
                name="parties_membership_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.get_kin_display()


class Relation(Dated):
    """A person's relation to another person or to an organisation."""

    class Kind(models.TextChoices):
        SPOUSE = "spouse", _("spouse")
        PARENT = "parent", _("parent")
        GUARDIAN = "guardian", _("guardian")
        CARER = "carer", _("carer")
        LEGAL_REPRESENTATIVE = "legal_representative", _("legal representative")
        CONTACT = "contact", _("contact person")
        WORKER = "worker", _("employee")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="relations", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    other = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="relations_to", verbose_name=_("to the person")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="relations",
        verbose_name=_("to the organisation"),
    )

    access_rule: ClassVar = Rule(area="person__area_id", owner="person__account__account_id")
    privacy: ClassVar = Privacy(
        purpose=_("Knowing who may act for a person or an organisation, and whom to call"),
        basis=Basis.STATUTORY_DUTY,
        law=_("Guardians and representatives: Civil Code, articles 26 to 39 and 61"),
        retention=With(fields=("person", "other")),
        persons=("person_id", "other_id"),
        internal=("valid_from", "valid_to"),
        personal=("person", "kind", "other", "organisation"),
    )

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints: ClassVar = [
            in_order("parties_relation_dates"),
            one_of("other", "organisation", name="parties_relation_one"),
            models.CheckConstraint(
                condition=Q(other__isnull=True) | ~Q(other=F("person")), name="parties_relation_not_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class ContactPoint(Dated):
    """How to reach a person or an organisation."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("phone")
        EMAIL = "email", _("e-mail")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    value = EncryptedField(_("number or address"), mask=masks.contact)
    value_hash = LookupField(source="value", db_index=True)

    access_rule: ClassVar = Rule(area="person__area_id", owner="person__account__account_id")
    privacy: ClassVar = Privacy(
        purpose=_("Reaching the person about services and in emergencies"),
        basis=Basis.STATUTORY_DUTY,
        law=REGISTER_LAW,
        retention=With(fields=("person",)),
        persons=("person_id",),
        internal=("organisation", "valid_from", "valid_to"),
        personal=("person", "kind", "value", "value_hash"),
    )

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        constraints: ClassVar = [
            in_order("parties_contact_dates"),
            one_of("person", "organisation", name="parties_contact_one"),
        ]

    def __str__(self) -> str:
        return str(self.value)


class Address(Dated):
    """Where a person or an organisation is registered, lives or works."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", _("registered")
        RESIDENCE = "residence", _("residence")
        BUSINESS = "business", _("place of business")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="addresses", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="addresses", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.RESIDENCE)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("building or room")
    )
    text = models.CharField(_("address"), max_length=200, blank=True)

    access_rule: ClassVar = Rule(area="person__area_id", owner="person__account__account_id")
    privacy: ClassVar = Privacy(
        purpose=_("Visiting the person, and knowing which neighbourhood serves him"),
        basis=Basis.STATUTORY_DUTY,
        law=REGISTER_LAW,
        retention=With(fields=("person",)),
        persons=("person_id",),
        internal=("organisation", "kind", "valid_from", "valid_to"),
        personal=("person", "place", "text"),
    )

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints: ClassVar = [
            in_order("parties_address_dates"),
            one_of("person", "organisation", name="parties_address_one"),
            models.CheckConstraint(condition=Q(place__isnull=False) | ~Q(text=""), name="parties_address_somewhere"),
        ]

    def __str__(self) -> str:
        return self.text or str(self.place)
