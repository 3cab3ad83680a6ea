"""Sites that are rebuilt in place: the doors, and three facts of each. No name stands here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import User
from zhen.kernel.lib.privacy import After, Basis, Privacy, With
from zhen.packs.renewal.models.projects import OF_PROJECT, Project

LAW = _("国有土地上房屋征收与补偿条例: agreements and their files, and what is made public of them")


class Door(models.Model):
    """A household of a site, by its door. `number` is what lists and reports name; `label` is the address."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="doors", verbose_name=_("renewal project"))
    number = models.PositiveSmallIntegerField(_("number"))
    label = models.CharField(_("door"), max_length=60)
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    closed_on = models.DateField(_("site accepted on"), null=True, blank=True)

    project_id: int
    access_rule: ClassVar = OF_PROJECT
    privacy: ClassVar = Privacy(
        purpose=_("Knowing which households of a site were consulted, have signed, have moved"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=After(
            field="closed_on",
            event=_("the rebuilt site was accepted"),
            years=10,
            source=_("the town's schedule for files of relocation"),
            anonymise={"label": "—", "entered_by": None},
        ),
        accounts=("entered_by_id",),
        internal=("project", "number", "closed_on"),
        personal=("label", "entered_by"),
    )

    class Meta:
        verbose_name = _("door")
        verbose_name_plural = _("doors")
        ordering: ClassVar = ["project", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "number"], name="renewal_door_number"),
            models.UniqueConstraint(fields=["project", "label"], condition=~Q(label="—"), name="renewal_door_label"),
        ]

    def __str__(self) -> str:
        return self.label


class DoorFact(models.Model):
    """Consulted, signed or moved: entered by one with its proof, confirmed by another. The row is there from the start,
    so that what is missing can be counted and opened as what is done can."""

    class Kind(models.TextChoices):
        CONSULTED = "consulted", pgettext_lazy("fact of a door", "consulted")
        SIGNED = "signed", pgettext_lazy("fact of a door", "signed")
        MOVED = "moved", pgettext_lazy("fact of a door", "moved")

    door = models.ForeignKey(Door, models.CASCADE, related_name="facts", verbose_name=_("door"))
    kind = models.CharField(_("fact"), max_length=10, choices=Kind.choices)
    on = models.DateField(_("day"), null=True, blank=True)
    proof = models.CharField(_("proof"), max_length=200, blank=True)
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    door_id: int
    entered_by_id: int | None
    access_rule: ClassVar = Rule(area="door__project__area_id", unit="door__project__unit_id")
    privacy: ClassVar = Privacy(
        purpose=_("Proving that a household was consulted, has signed, has moved, and who checked it"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=With(fields=("door",)),
        accounts=("entered_by_id", "confirmed_by_id"),
        internal=("door", "kind", "on", "entered_at", "confirmed_at"),
        personal=("proof", "entered_by", "confirmed_by"),
    )

    class Meta:
        verbose_name = _("fact of a door")
        verbose_name_plural = _("facts of doors")
        ordering: ClassVar = ["door", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["door", "kind"], name="renewal_doorfact_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["consulted", "signed", "moved"]), name="renewal_doorfact_kind"
            ),
            models.CheckConstraint(
                condition=Q(on__isnull=True, proof="", entered_at__isnull=True, confirmed_at__isnull=True)
                | (Q(on__isnull=False, entered_at__isnull=False) & ~Q(proof="")),
                name="renewal_doorfact_proved",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, entered_by__isnull=False)
                & ~Q(confirmed_by=F("entered_by")),
                name="renewal_doorfact_two_people",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "on"], condition=Q(confirmed_at__isnull=False), name="renewal_doorfact_done"),
        ]

    def __str__(self) -> str:
        return f"{self.door_id} {self.kind}"
