"""Projects and their milestones."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.lib.privacy import NotPersonal
from zhen.kernel.parties.api import Organisation
from zhen.kernel.places.api import Place
from zhen.kernel.rounds.api import Visit
from zhen.packs.renewal.kinds import KINDS, Evidence, Kind, Matter
from zhen.packs.renewal.models.dated import DelayReason
from zhen.packs.renewal.rules import Stage

OF_PROJECT = Rule(area="project__area_id", unit="project__unit_id")
WORKS_ONLY = NotPersonal(because="It tells of works, and of days")


class Project(models.Model):
    """Works on an estate, a road or a site.

    `first_start`, `first_end` are the first plan and never change. `cleared_on`: the owners have agreed, the publicity
    is over, no objection is open; without it nothing begins where consent is needed (a trigger and a constraint).
    Money is in fen; `budget_ref`, `contract_ref` name what stands in the books.
    """

    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=100)
    about = models.TextField(_("what is done"), max_length=2000, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place"))
    area = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit in charge"))
    person = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person in charge")
    )
    contractor = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contractor")
    )
    budget = models.BigIntegerField(_("budget"), null=True, blank=True)
    budget_ref = models.CharField(_("budget line"), max_length=100, blank=True)
    contract = models.BigIntegerField(_("contract sum"), null=True, blank=True)
    contract_ref = models.CharField(_("contract number"), max_length=100, blank=True)
    matter = models.CharField(_("what owners decide on"), max_length=10, choices=Matter.choices)
    entered_on = models.DateField(_("entered on"))
    first_start = models.DateField(_("first plan: from"))
    first_end = models.DateField(_("first plan: to"))
    cleared_on = models.DateField(_("cleared for works on"), null=True, blank=True)
    started_on = models.DateField(_("works begun on"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    acceptance = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("acceptance")
    )
    warranty_until = models.DateField(_("warranty until"), null=True, blank=True)
    dropped_on = models.DateField(_("given up on"), null=True, blank=True)
    why_dropped = models.CharField(_("why it was given up"), max_length=300, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    place_id: int | None
    area_id: int | None
    unit_id: int
    person_id: int | None
    acceptance_id: str | None
    access_rule: ClassVar = Rule(
        area="area_id", unit="unit_id", owner="person_id", public=Q(published_at__isnull=False)
    )
    privacy: ClassVar = NotPersonal(because="It tells of works, firms, and who of the town answers for them")

    class Meta:
        verbose_name = _("renewal project")
        verbose_name_plural = _("renewal projects")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values, matter__in=Matter.values), name="renewal_words"),
            models.CheckConstraint(condition=Q(first_end__gt=F("first_start")), name="renewal_project_plan"),
            models.CheckConstraint(
                condition=Q(started_on__isnull=True)
                | Q(matter="none")
                | Q(cleared_on__isnull=False, cleared_on__lte=F("started_on")),
                name="renewal_project_consent_first",
            ),
            models.CheckConstraint(
                condition=Q(accepted_on__isnull=True, acceptance__isnull=True, warranty_until__isnull=True)
                | Q(
                    accepted_on__isnull=False, acceptance__isnull=False, warranty_until__gte=F("accepted_on"),
                    started_on__lte=F("accepted_on"),
                ),
                name="renewal_project_accepted",
            ),
            models.CheckConstraint(
                condition=Q(dropped_on__isnull=True, why_dropped="")
                | (Q(dropped_on__isnull=False, accepted_on__isnull=True) & ~Q(why_dropped="")),
                name="renewal_project_dropped",
            ),
            models.CheckConstraint(
                condition=(Q(budget__isnull=True) | Q(budget__gt=0)) & (Q(contract__isnull=True) | Q(contract__gt=0)),
                name="renewal_project_money",
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False),
                name="renewal_project_point",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["kind", "accepted_on"], name="renewal_project_accepted_ix"),
            models.Index(fields=["warranty_until"], name="renewal_project_warranty_ix"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stage(self) -> Stage:
        if self.dropped_on:
            return Stage.DROPPED
        if self.accepted_on:
            return Stage.ACCEPTED
        if self.started_on:
            return Stage.UNDER_WAY
        return Stage.READY if self.cleared_on or self.matter == Matter.NONE else Stage.PREPARED


class Milestone(models.Model):
    """A milestone of a project. `first_on` is the first plan (a trigger keeps it), `due_on` what holds now."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="milestones", verbose_name=_("renewal project"))
    step = models.CharField(_("milestone"), max_length=20)
    order = models.PositiveSmallIntegerField(_("order"))
    weight = models.PositiveSmallIntegerField(_("weight"))
    first_on = models.DateField(_("first plan"))
    due_on = models.DateField(_("due on"))
    done_on = models.DateField(_("reached on"), null=True, blank=True)
    proof = models.CharField(_("proof"), max_length=200, blank=True)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("visit"))

    project_id: int
    visit_id: str | None
    access_rule: ClassVar = OF_PROJECT
    privacy: ClassVar = WORKS_ONLY

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering: ClassVar = ["project", "order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "step"], name="renewal_milestone_once"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, proof="", visit__isnull=True)
                | (Q(done_on__isnull=False) & (~Q(proof="") | Q(visit__isnull=False))),
                name="renewal_milestone_shown",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_on"], condition=Q(done_on__isnull=True), name="renewal_milestone_open"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def name(self) -> str | Promise:
        return KINDS[Kind(self.project.kind)].step(self.step).name

    @property
    def evidence(self) -> Evidence:
        return KINDS[Kind(self.project.kind)].step(self.step).evidence


class Delay(models.Model):
    """A milestone comes later, for a reason of the list. The first plan stays beside it, and every day in between."""

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="delays", verbose_name=_("milestone"))
    reason = models.ForeignKey(DelayReason, models.PROTECT, related_name="+", verbose_name=_("reason"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    was_on = models.DateField(_("was due on"))
    new_on = models.DateField(_("new day"))
    at = models.DateTimeField(_("recorded at"))

    access_rule: ClassVar = Rule(area="milestone__project__area_id", unit="milestone__project__unit_id")
    privacy: ClassVar = WORKS_ONLY

    class Meta:
        verbose_name = _("delay")
        verbose_name_plural = _("delays")
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(new_on__gt=F("was_on")), name="renewal_delay_later"),
        ]

    def __str__(self) -> str:
        return f"{self.was_on} → {self.new_on}"
