"""Who: persons, households, organisations."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.lib import masks
from zhen.kernel.lib.fields import EncryptedField, LookupField
from zhen.kernel.lib.ids import new_id
from zhen.kernel.lib.pinyin import sort_key, spell
from zhen.kernel.lib.privacy import After, Basis, NotPersonal, Privacy
from zhen.kernel.lib.text import fold
from zhen.kernel.parties.rules import plain
from zhen.kernel.places.api import Place

SCHEDULE = _("the town's retention schedule (PIPL, article 19: as short as the purpose allows)")
REGISTER_LAW = _("Community services and statistics: Organic Law of Urban Residents’ Committees, article 3")


def name_columns(name: str, *, person: bool) -> tuple[str, str, str, str, str]:
    """The values of Named.NAME_COLUMNS for a name."""
    letters, initials = spell(name, person=person)
    return name, sort_key(name, person=person), fold(name)[:200], letters[:700], initials[:100]


class Named(models.Model):
    """A name with what is needed to sort it and to find it."""

    name = models.CharField(_("name"), max_length=100)
    name_key = models.CharField(max_length=300, editable=False, db_collation="C")
    name_fold = models.CharField(max_length=200, editable=False, db_collation="C")
    name_spelling = models.CharField(max_length=700, editable=False, db_collation="C")
    name_initials = models.CharField(max_length=100, editable=False, db_collation="C")

    NAME_COLUMNS = ("name", "name_key", "name_fold", "name_spelling", "name_initials")
    is_person: ClassVar = False

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_name(self.name)
        super().save(*args, **kwargs)

    def set_name(self, name: str) -> None:
        """Set the name and everything that follows from it."""
        for column, value in zip(self.NAME_COLUMNS, name_columns(name, person=self.is_person), strict=True):
            setattr(self, column, value)


class Person(Named):
    """A human being whom the town has a reason to know.

    `area` is the neighbourhood or grid cell that looks after the person and limits who may read.
    `ended_on` is the day of death or of moving away; from it the time of retention runs. A person
    who turned out to be another one's double keeps only `merged_into`.
    """

    class Sex(models.TextChoices):
        """GB/T 2261.1-2003."""

        UNKNOWN = "0", _("unknown")
        MALE = "1", _("male")
        FEMALE = "2", _("female")
        UNSPECIFIED = "9", _("unspecified")

    class Document(models.TextChoices):
        RESIDENT = "resident", _("resident identity card")
        PERMIT = "permit", _("residence permit for Hong Kong, Macau or Taiwan residents")
        FOREIGNER = "foreigner", _("permanent residence card for foreigners")
        PASSPORT = "passport", _("passport")

    class Ending(models.TextChoices):
        DIED = "died", _("died")
        LEFT = "left", _("moved away")
        NEEDLESS = "needless", _("no longer needed")
        MERGED = "merged", _("merged with another record")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices, default=Sex.UNKNOWN)
    born_on = models.DateField(_("born on"), null=True, blank=True)
    document = models.CharField(_("kind of document"), max_length=20, choices=Document.choices, blank=True)
    id_number = EncryptedField(_("identity number"), mask=masks.identity_number, null=True, blank=True)
    id_number_hash = LookupField(source="id_number", normalise=plain, null=True, unique=True)
    area = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    note = models.CharField(_("how the town knows the person"), max_length=200, blank=True)
    ended_on = models.DateField(_("died or moved away on"), null=True, blank=True)
    ending = models.CharField(_("reason of the end"), max_length=10, choices=Ending.choices, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="doubles", verbose_name=_("merged into")
    )
    created_at = models.DateTimeField(_("recorded at"), editable=False)

    area_id: int | None
    merged_into_id: UUID | None
    is_person: ClassVar = True
    access_rule: ClassVar = Rule(area="area_id", owner="account__account_id")
    privacy: ClassVar = Privacy(
        purpose=_("Knowing whom the town serves: services, visits and help in the neighbourhood"),
        basis=Basis.STATUTORY_DUTY,
        law=REGISTER_LAW,
        retention=After(
            field="ended_on",
            years=3,
            event=_("the person died, moved away, or is no longer needed on record"),
            source=SCHEDULE,
            along=("merged_into",),
        ),
        persons=("id", "merged_into_id"),
        internal=("area", "ending", "merged_into", "created_at"),
        personal=(*Named.NAME_COLUMNS, "sex", "born_on", "document", "note", "ended_on"),
        sensitive=("id_number", "id_number_hash"),
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ending="") | Q(ended_on__isnull=False) & ~Q(ending=""),
                name="parties_person_ending",
            ),
            models.CheckConstraint(
                condition=Q(ending="merged") ^ Q(merged_into__isnull=True), name="parties_person_merged"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="parties_person_not_itself"
            ),
            models.CheckConstraint(
                condition=Q(id_number__isnull=True, id_number_hash__isnull=True)
                | Q(id_number__isnull=False, id_number_hash__isnull=False) & ~Q(document=""),
                name="parties_person_document",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["area", "name_key"], name="parties_person_area"),
            models.Index(fields=["name_key"], name="parties_person_key"),
            models.Index(fields=["name_fold"], name="parties_person_fold"),
            models.Index(fields=["name_spelling"], name="parties_person_spelling"),
            models.Index(fields=["name_initials"], name="parties_person_initials"),
            models.Index(fields=["ended_on"], name="parties_person_ended", condition=Q(ended_on__isnull=False)),
        ]


class Household(models.Model):
    """People who live together under one registration; its members stand in Membership."""

    class Kind(models.TextChoices):
        FAMILY = "family", _("family")
        COLLECTIVE = "collective", _("collective")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.FAMILY)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("building or room")
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    area = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    ended_on = models.DateField(_("dissolved on"), null=True, blank=True)

    access_rule: ClassVar = Rule(area="area_id")
    privacy: ClassVar = Privacy(
        purpose=_("Visits and services that concern a whole household"),
        basis=Basis.STATUTORY_DUTY,
        law=REGISTER_LAW,
        retention=After(field="ended_on", years=3, event=_("the household was dissolved"), source=SCHEDULE),
        persons=("memberships__person_id",),
        internal=("kind", "area", "ended_on"),
        personal=("place", "address"),
    )

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        indexes: ClassVar = [models.Index(fields=["area", "place"], name="parties_household_area")]

    def __str__(self) -> str:
        return self.address or str(self.id)


class Organisation(Named):
    """An enterprise, institution, association or collective outside the government."""

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", _("enterprise")
        TRADER = "trader", _("individual business")
        INSTITUTION = "institution", _("public institution")
        ASSOCIATION = "association", _("social organisation")
        COLLECTIVE = "collective", _("collective economic organisation")
        OTHER = "other", _("other")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.ENTERPRISE)
    code = models.CharField(_("unified social credit code"), max_length=18, null=True, blank=True, unique=True)
    area = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    created_at = models.DateTimeField(_("recorded at"), editable=False)

    area_id: int | None
    access_rule: ClassVar = Rule(area="area_id")
    privacy: ClassVar = NotPersonal(
        because="an organisation is no person, and its registration is public; its people stand in Relation"
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(founded_on__isnull=True) | Q(closed_on__gte=F("founded_on")),
                name="parties_organisation_dates",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["area", "name_key"], name="parties_organisation_area"),
            models.Index(fields=["name_key"], name="parties_organisation_key"),
            models.Index(fields=["name_fold"], name="parties_organisation_fold"),
            models.Index(fields=["name_spelling"], name="parties_organisation_spell"),
            models.Index(fields=["name_initials"], name="parties_organisation_init"),
        ]
