"""What a task has beside its case: milestones, reports that wait for approval, and slips."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.cases.api import Case
from zhen.kernel.identity.api import User
from zhen.kernel.lib.privacy import Basis, NotPersonal, Privacy, With
from zhen.kernel.plan.api import Measure

OF_CASE = Rule(area="case__area_id", unit="case__unit_id", shared_units="case__shared_units")
LAW = _("公务员法: answering for one's work; the town's duty to supervise its plan")
TASKS_ONLY = NotPersonal(because="It holds dates and the town's own words about its work")


class Milestone(models.Model):
    """A step of a task with a date of its own: behind it, the task is behind."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="milestones")
    name = models.CharField(_("milestone"), max_length=100)
    due_on = models.DateField(_("due on"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    proof = models.CharField(_("proof"), max_length=300, blank=True)

    access_rule: ClassVar = OF_CASE
    privacy: ClassVar = TASKS_ONLY

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering: ClassVar = ["due_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "name"], name="supervision_milestone_once"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(proof=""), name="supervision_milestone_proved"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Report(models.Model):
    """What a unit says about a task. Only an approved report counts, and nobody approves his own."""

    class Decision(models.TextChoices):
        WAITING = "waiting", _("waiting for approval")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    case = models.ForeignKey(Case, models.CASCADE, related_name="reports")
    state = models.CharField(
        _("where it stands"),
        max_length=20,
        choices=[(state.value, state.label) for state in Measure.State if state != Measure.State.NOT_REPORTED],
    )
    text = models.TextField(_("report"), max_length=5000)
    evidence = models.CharField(_("evidence"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(_("reported by"), max_length=200)
    at = models.DateTimeField(_("reported at"))
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, default=Decision.WAITING)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by_name = models.CharField(_("decided by"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    by_id: int | None
    access_rule: ClassVar = OF_CASE
    privacy: ClassVar = Privacy(
        purpose=_("Knowing who reported what on a task, and who approved it"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=With(fields=("case",)),
        accounts=("by_id", "decided_by_id"),
        internal=("case", "state", "text", "evidence", "at", "decision", "decided_at", "reason"),
        personal=("by", "by_name", "decided_by", "decided_by_name"),
    )

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decision="waiting", decided_at__isnull=True)
                | ~Q(decision="waiting") & Q(decided_at__isnull=False),
                name="supervision_report_decided",
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=True) | Q(decided_by__isnull=True) | ~Q(by=F("decided_by")),
                name="supervision_report_two_people",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(decision="waiting"), name="supervision_report_one_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Slip(models.Model):
    """A blue (due soon), yellow (behind) or red (overdue) slip: issued once for a reason and a date, answered once."""

    class Tone(models.TextChoices):
        BLUE = "blue", _("blue slip: due soon")
        YELLOW = "yellow", _("yellow slip: behind the schedule")
        RED = "red", _("red slip: overdue")

    case = models.ForeignKey(Case, models.CASCADE, related_name="slips")
    tone = models.CharField(_("slip"), max_length=10, choices=Tone.choices)
    about = models.CharField(_("about"), max_length=100)
    due_on = models.DateField(_("due on"))
    issued_on = models.DateField(_("issued on"))
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_by_name = models.CharField(_("answered by"), max_length=200, blank=True)

    case_id: int

    access_rule: ClassVar = OF_CASE
    privacy: ClassVar = Privacy(
        purpose=_("Knowing who answered a slip"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=With(fields=("case",)),
        accounts=("answered_by_id",),
        internal=("case", "tone", "about", "due_on", "issued_on", "answer", "answered_at"),
        personal=("answered_by", "answered_by_name"),
    )

    class Meta:
        verbose_name = _("slip")
        verbose_name_plural = _("slips")
        ordering: ClassVar = ["-issued_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "tone", "about", "due_on"], name="supervision_slip_once"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""), name="supervision_slip_answered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tone}: {self.about}"
