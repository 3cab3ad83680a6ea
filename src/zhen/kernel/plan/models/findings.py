"""Findings: what the grammar read in a text, until a person has decided on it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.plan.models.documents import DocumentVersion, Section


class Comparator(models.TextChoices):
    """How a measured value is held against a promised one."""

    EQUAL = "=", _("equal to")
    AT_LEAST = ">=", _("at least")
    AT_MOST = "<=", _("at most")
    MORE = ">", _("more than")
    LESS = "<", _("less than")
    ABOUT = "≈", _("about")
    RANGE = "range", _("between")
    MULTIPLE = "multiple", _("times the value before")
    RELATIVE = "relative", _("relative to another value")
    QUALITATIVE = "qualitative", _("without a number")


class TargetKind(models.TextChoices):
    """count: things done in the period; stock: things there at its end; rate: part of a whole, in %;
    change: the change against the period before."""

    COUNT = "count", _("count")
    STOCK = "stock", _("stock")
    RATE = "rate", _("rate")
    CHANGE = "change", _("change")


class Finding(models.Model):
    """A span of a text that the grammar (or a person) holds for a promise.

    `proposed` is what the grammar read, and never changes; the columns beside it are what holds now.
    `revision` rises with every change: whoever decides on an older one is told so and loses nothing.
    """

    class Kind(models.TextChoices):
        MEASURE = "measure", _("measure")
        TARGET = "target", _("quantified target")
        GOAL = "goal", _("goal without a number")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        CONFIRMED = "confirmed", _("confirmed")
        EDITED = "edited", _("confirmed with changes")
        REJECTED = "rejected", _("rejected")

    version = models.ForeignKey(DocumentVersion, models.CASCADE, related_name="findings")
    section = models.ForeignKey(Section, models.SET_NULL, null=True, related_name="+")
    within = models.ForeignKey("self", models.SET_NULL, null=True, related_name="parts")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    start = models.PositiveIntegerField(_("start"))
    end = models.PositiveIntegerField(_("end"))
    text = models.TextField(_("text"))

    num_start = models.PositiveIntegerField(null=True)
    num_end = models.PositiveIntegerField(null=True)
    comparator = models.CharField(_("comparator"), max_length=12, choices=Comparator.choices, blank=True)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6, null=True)
    value_high = models.DecimalField(_("upper value"), max_digits=20, decimal_places=6, null=True)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    target_kind = models.CharField(_("kind of target"), max_length=10, choices=TargetKind.choices, blank=True)
    verb = models.CharField(_("verb"), max_length=60, blank=True)
    object = models.CharField(_("object"), max_length=300, blank=True)
    due_on = models.DateField(_("due on"), null=True)
    owners: models.JSONField[Any] = models.JSONField(_("owners"), default=list)

    proposed = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(_("decided by"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    carried_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    access_rule: ClassVar = Rule()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering: ClassVar = ["version", "start", "-end"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "kind", "start", "end", "num_start"], name="plan_finding_span", nulls_distinct=False
            ),
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="plan_finding_order"),
            models.CheckConstraint(
                condition=models.Q(state="proposed", decided_at__isnull=True)
                | (~models.Q(state="proposed") & models.Q(decided_at__isnull=False)),
                name="plan_finding_decided",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["version", "state", "start"], name="plan_finding_state")]

    def __str__(self) -> str:
        return self.text


class Decision(models.Model):
    """One step of a reviewer on one finding, with what it replaced: undo is exact.

    Findings decided together share `batch`.
    """

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("confirmed")
        EDIT = "edit", _("changed")
        REJECT = "reject", _("rejected")

    batch = models.UUIDField()
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    before = models.JSONField()
    revision = models.PositiveIntegerField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    access_rule: ClassVar = Rule()

    class Meta:
        verbose_name = _("decision on a finding")
        verbose_name_plural = _("decisions on findings")
        indexes: ClassVar = [
            models.Index(fields=["finding", "-id"], name="plan_decision_finding"),
            models.Index(fields=["by_id", "-id"], name="plan_decision_by"),
            models.Index(fields=["batch"], name="plan_decision_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.finding_id}"
