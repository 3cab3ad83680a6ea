"""Objectives with their indicators, what was seen of them, and the rules that scores go by."""

from __future__ import annotations

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Rule
from zhen.kernel.cases.api import Case
from zhen.kernel.files.api import File
from zhen.kernel.identity.api import User
from zhen.kernel.lib.privacy import NotPersonal
from zhen.packs.finance.models.budget import BudgetLine
from zhen.packs.finance.models.common import signed, two_people
from zhen.packs.finance.performance.rules import Bands, Comparator, Grade, Group


class ScoreRule(models.Model):
    """The weights, grades and slips that hold from a day on. `confirmed`: compared with its source by somebody."""

    execution = models.PositiveSmallIntegerField(_("weight of execution"))
    output = models.PositiveSmallIntegerField(_("weight of output"))
    benefit = models.PositiveSmallIntegerField(_("weight of benefit"))
    satisfaction = models.PositiveSmallIntegerField(_("weight of satisfaction"))
    excellent = models.PositiveSmallIntegerField(_("excellent from"))
    good = models.PositiveSmallIntegerField(_("good from"))
    fair = models.PositiveSmallIntegerField(_("fair from"))
    blue = models.PositiveSmallIntegerField(_("blue slip up to (points behind)"))
    yellow = models.PositiveSmallIntegerField(_("yellow slip up to (points behind)"))
    days = models.PositiveSmallIntegerField(_("working days to put right"))
    valid_from = models.DateField(_("valid from"), unique=True)
    source = models.CharField(_("source"), max_length=300)
    confirmed = models.BooleanField(_("compared with its source"), default=False)

    access_rule: ClassVar = Rule(public=Q())

    class Meta:
        app_label = "finance"
        verbose_name = _("rules of scores")
        verbose_name_plural = _("rules of scores")
        ordering: ClassVar = ["-valid_from"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(execution=100 - F("output") - F("benefit") - F("satisfaction")),
                name="finance_score_weights",
            ),
            models.CheckConstraint(
                condition=Q(excellent__gt=F("good"), good__gt=F("fair"), yellow__gt=F("blue"), days__gt=0),
                name="finance_score_bands",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from:%Y-%m-%d}"

    @property
    def bands(self) -> Bands:
        return Bands(excellent=self.excellent, good=self.good, fair=self.fair)

    def weight_of(self, group: str) -> int:
        return {Group.OUTPUT: self.output, Group.BENEFIT: self.benefit, Group.SATISFACTION: self.satisfaction}[
            Group(group)
        ]


class Objective(models.Model):
    """What a budget line is to bring about in its year.

    Set by its unit, approved by somebody else, assessed by its unit, reviewed by somebody else again; `score` and
    `grade` are those of the review. A poor grade opens a case of what is to be put right.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        APPROVED = "approved", _("approved")
        ASSESSED = "assessed", pgettext_lazy("state of an objective", "assessed by the unit")
        REVIEWED = "reviewed", pgettext_lazy("state of an objective", "review done")

    line = models.OneToOneField(BudgetLine, models.PROTECT, related_name="objective", verbose_name=_("budget line"))
    text = models.CharField(_("objective"), max_length=500)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("set by"))
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by"))
    assessed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("assessed by"))
    assessment = models.CharField(_("self-assessment"), max_length=1000, blank=True)
    self_score = models.DecimalField(_("own score"), max_digits=5, decimal_places=2, null=True, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("reviewed by"))
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    opinion = models.CharField(_("opinion of the review"), max_length=1000, blank=True)
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True, blank=True)
    grade = models.CharField(_("grade"), max_length=10, choices=Grade.choices, blank=True)
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("what is to be put right")
    )

    line_id: int
    made_by_id: int | None
    assessed_by_id: int | None
    case_id: int | None
    access_rule: ClassVar = Rule(unit="line__unit_id", public=Q(state="reviewed"))
    privacy: ClassVar = signed(
        "made_by",
        "approved_by",
        "assessed_by",
        "reviewed_by",
        internal=(
            "line", "text", "state", "assessment", "self_score", "reviewed_on", "opinion", "score", "grade", "case"
        ),
    )  # fmt: skip

    class Meta:
        app_label = "finance"
        verbose_name = _("objective of a budget line")
        verbose_name_plural = _("objectives of budget lines")
        constraints: ClassVar = [
            two_people("made_by", "approved_by", "finance_objective_second_person"),
            two_people("assessed_by", "reviewed_by", "finance_objective_reviewer"),
            models.CheckConstraint(
                condition=Q(state="reviewed", score__isnull=False, self_score__isnull=False, reviewed_on__isnull=False)
                & ~Q(grade="")
                | ~Q(state="reviewed") & Q(score__isnull=True, grade="", reviewed_on__isnull=True),
                name="finance_objective_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100), name="finance_objective_score"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line.name} {self.line.budget.book.year}"


class Measure(models.Model):
    """An indicator of an objective: read live from the plan's `indicator`, or entered by hand with its evidence.

    `grows`: it fills up over the year, so that half of it is on track at mid-year. `weight` is in points; those of a
    group come to what the rules of the year give the group.
    """

    objective = models.ForeignKey(Objective, models.PROTECT, related_name="measures", verbose_name=_("objective"))
    group = models.CharField(_("group"), max_length=12, choices=Group.choices)
    name = models.CharField(_("indicator"), max_length=100)
    comparator = models.CharField(_("comparison"), max_length=2, choices=Comparator.choices)
    target = models.DecimalField(_("target"), max_digits=16, decimal_places=2)
    unit = models.CharField(_("unit of measure"), max_length=20, blank=True)
    weight = models.DecimalField(_("weight (points)"), max_digits=5, decimal_places=2)
    indicator = models.CharField(_("read from"), max_length=80, blank=True)
    grows = models.BooleanField(_("fills up over the year"), default=True)
    value = models.DecimalField(_("value entered"), max_digits=16, decimal_places=2, null=True, blank=True)
    value_on = models.DateField(_("as of"), null=True, blank=True)
    evidence = models.CharField(_("evidence"), max_length=500, blank=True)
    evidence_file = models.OneToOneField(
        File, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("paper")
    )
    self_value = models.DecimalField(_("value assessed"), max_digits=16, decimal_places=2, null=True, blank=True)
    self_points = models.DecimalField(_("own points"), max_digits=5, decimal_places=2, null=True, blank=True)
    points = models.DecimalField(_("points of the review"), max_digits=5, decimal_places=2, null=True, blank=True)
    reason = models.CharField(_("reason of the difference"), max_length=300, blank=True)

    objective_id: int
    access_rule: ClassVar = Rule(unit="objective__line__unit_id")
    privacy: ClassVar = NotPersonal(because="What a budget line is to bring about, in numbers")

    class Meta:
        app_label = "finance"
        verbose_name = _("indicator of an objective")
        verbose_name_plural = _("indicators of objectives")
        ordering: ClassVar = ["objective", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["objective", "name"], name="finance_measure_once"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="finance_measure_weight"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value_on__isnull=False, indicator="") & ~Q(evidence=""),
                name="finance_measure_evidence",
            ),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points=F("self_points")) | ~Q(reason=""),
                name="finance_measure_reason",
            ),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__gte=0, points__lte=F("weight")),
                name="finance_measure_points",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Monitoring(models.Model):
    """A look at an objective during its year, as it was seen: values and slips are frozen in `seen`."""

    objective = models.ForeignKey(Objective, models.PROTECT, related_name="monitorings", verbose_name=_("objective"))
    on = models.DateField(_("date"))
    note = models.CharField(_("what is done about it"), max_length=1000, blank=True)
    worst = models.CharField(max_length=10)
    seen = models.JSONField(encoder=DjangoJSONEncoder)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("monitored by"))

    objective_id: int
    access_rule: ClassVar = Rule(unit="objective__line__unit_id")
    privacy: ClassVar = signed("made_by", internal=("objective", "on", "note", "worst", "seen"))

    class Meta:
        app_label = "finance"
        verbose_name = _("monitoring of an objective")
        verbose_name_plural = _("monitorings of objectives")
        ordering: ClassVar = ["-on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["objective", "on"], name="finance_monitoring_once"),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d}"


class Plea(models.Model):
    """Why a draft line asks for money again after a fair or poor grade; without it the draft is not reviewed."""

    line = models.OneToOneField(BudgetLine, models.CASCADE, related_name="plea", verbose_name=_("budget line"))
    earlier = models.ForeignKey(Objective, models.PROTECT, related_name="+", verbose_name=_("objective"))
    reason = models.CharField(_("reason"), max_length=500)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("given by"))

    line_id: int
    access_rule: ClassVar = Rule(unit="line__unit_id")
    privacy: ClassVar = signed("made_by", internal=("line", "earlier", "reason"))

    class Meta:
        app_label = "finance"
        verbose_name = _("reason after a poor grade")
        verbose_name_plural = _("reasons after poor grades")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="finance_plea_reason"),
        ]

    def __str__(self) -> str:
        return self.reason
