"""Promises: the measures and targets that a person has confirmed, who owns them, what was reported."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import Unit
from zhen.kernel.plan.models.documents import Document, DocumentVersion, Section
from zhen.kernel.plan.models.findings import Comparator, Finding, TargetKind
from zhen.kernel.plan.models.series import Series


class Promise(models.Model):
    """What measures and targets share: a place in the text, a due date, a leading unit."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="%(class)ss")
    version = models.ForeignKey(DocumentVersion, models.PROTECT, related_name="%(class)ss")
    section = models.ForeignKey(Section, models.PROTECT, null=True, related_name="%(class)ss")
    finding = models.OneToOneField(Finding, models.PROTECT, related_name="%(class)s")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField(_("text"))
    verb = models.CharField(_("verb"), max_length=60, blank=True)
    object = models.CharField(_("object"), max_length=300, blank=True)
    starts_on = models.DateField(_("from"))
    due_on = models.DateField(_("due on"))
    lead_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed at"))
    confirmed_by_name = models.CharField(_("confirmed by"), max_length=200)

    access_rule: ClassVar = Rule(unit="lead_unit_id", public=models.Q(document__published_at__isnull=False))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text


class Measure(Promise):
    """A task of the plan. Its state is what its owner last reported.

    Supervision follows with the case engine: a case will write the state through
    `actions.report_measure`, as a person does now.
    """

    class State(models.TextChoices):
        NOT_REPORTED = "not_reported", _("not reported yet")
        NOT_STARTED = "not_started", _("not started")
        UNDER_WAY = "under_way", _("under way")
        AT_RISK = "at_risk", _("at risk")
        DONE = "done", _("done")

    state = models.CharField(_("reported state"), max_length=20, choices=State.choices, default=State.NOT_REPORTED)
    state_note = models.TextField(_("note"), blank=True)
    reported_at = models.DateTimeField(_("reported at"), null=True, blank=True)
    reported_by_name = models.CharField(_("reported by"), max_length=200, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering: ClassVar = ["document", "start"]
        indexes: ClassVar = [
            models.Index(fields=["document", "start"], name="plan_measure_place"),
            models.Index(fields=["due_on"], name="plan_measure_due"),
        ]


class Target(Promise):
    """A promise that can be held against a value.

    `value` stands in the unit as written (8万亩 → 8, 万亩). `course` says how the value is judged before the
    due date: it accumulates evenly, or it must hold at all times.
    """

    class Course(models.TextChoices):
        ACCUMULATES = "accumulates", _("accumulates over the period")
        LEVEL = "level", _("holds at all times")

    class Reading(models.TextChoices):
        VALUE = "value", _("the value itself")
        GROWTH = "growth", _("growth over the same period of the year before, in %")

    measure = models.ForeignKey(Measure, models.SET_NULL, null=True, blank=True, related_name="targets")
    num_start = models.PositiveIntegerField(null=True)
    num_end = models.PositiveIntegerField(null=True)
    comparator = models.CharField(_("comparator"), max_length=12, choices=Comparator.choices)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6, null=True)
    value_high = models.DecimalField(_("upper value"), max_digits=20, decimal_places=6, null=True)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=TargetKind.choices)
    course = models.CharField(_("course"), max_length=12, choices=Course.choices, default=Course.ACCUMULATES)
    baseline = models.DecimalField(_("value at the start"), max_digits=20, decimal_places=6, null=True, blank=True)
    indicator = models.CharField(_("indicator"), max_length=100, blank=True)
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="targets")
    reading = models.CharField(_("read from the series"), max_length=10, choices=Reading.choices, default=Reading.VALUE)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering: ClassVar = ["document", "start", "num_start"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(comparator__in=("qualitative", "relative")) | models.Q(value__isnull=False),
                name="plan_target_value",
            ),
            models.CheckConstraint(
                condition=~models.Q(comparator="range") | models.Q(value_high__gte=models.F("value")),
                name="plan_target_range",
            ),
            models.CheckConstraint(
                condition=models.Q(indicator="") | models.Q(series__isnull=True), name="plan_target_one_source"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["document", "start"], name="plan_target_place"),
            models.Index(fields=["due_on"], name="plan_target_due"),
        ]


class Responsibility(models.Model):
    """A unit that answers for a promise, as the text names it; `unit` where the town's list knows it."""

    class Role(models.TextChoices):
        LEAD = "lead", _("lead unit")
        COOPERATING = "cooperating", _("cooperating unit")

    measure = models.ForeignKey(Measure, models.CASCADE, null=True, related_name="responsibilities")
    target = models.ForeignKey(Target, models.CASCADE, null=True, related_name="responsibilities")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    written = models.CharField(_("as written"), max_length=100)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    generic = models.BooleanField(_("names no unit"), default=False)
    order = models.PositiveSmallIntegerField()

    access_rule: ClassVar = Rule(
        unit="unit_id",
        public=models.Q(measure__document__published_at__isnull=False)
        | models.Q(target__document__published_at__isnull=False),
    )

    class Meta:
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(measure__isnull=True, target__isnull=False)
                | models.Q(measure__isnull=False, target__isnull=True),
                name="plan_responsibility_of_one",
            ),
            models.UniqueConstraint(
                fields=["measure", "target", "order"], name="plan_responsibility_order", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.written


class StateReport(models.Model):
    """One report on a measure; the newest one is the measure's state."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="reports")
    state = models.CharField(_("state"), max_length=20, choices=Measure.State.choices)
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(_("time"))
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(_("reported by"), max_length=200)

    access_rule: ClassVar = Rule(
        unit="measure__lead_unit_id", public=models.Q(measure__document__published_at__isnull=False)
    )

    class Meta:
        verbose_name = _("report on a measure")
        verbose_name_plural = _("reports on measures")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.state} {self.at:%Y-%m-%d}"


class Contribution(models.Model):
    """A measure of one plan carries out a target of another, usually a longer one."""

    goal = models.ForeignKey(Target, models.CASCADE, related_name="contributions")
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="contributions")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)

    access_rule: ClassVar = Rule(public=models.Q(goal__document__published_at__isnull=False))

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["goal", "measure"], name="plan_contribution_once"),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} → {self.goal_id}"
