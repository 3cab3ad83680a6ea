"""Who is told of an alarm: the duty roster, and the steps that follow while nobody acknowledges it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.lib.privacy import After, Basis, NotPersonal, Privacy
from zhen.kernel.telemetry.declarations import Severity
from zhen.kernel.telemetry.models.alarms import LAW


class Shift(models.Model):
    """Somebody is on duty for a unit's alarms, from one moment to another (exclusive)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("on duty"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    unit_id: int
    user_id: int
    access_rule: ClassVar = Rule(unit="unit_id", owner="user_id")
    privacy: ClassVar = Privacy(
        purpose=_("Knowing who is on duty, and was"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=After(
            field="ends_at", years=3, event=_("the shift was over"), source=_("the town's own rule for rosters")
        ),
        accounts=("user_id",),
        internal=("unit", "starts_at", "ends_at"),
        personal=("user",),
    )

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="telemetry_shift_dates"),
            models.UniqueConstraint(fields=["unit", "user", "starts_at"], name="telemetry_shift_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "ends_at"], name="telemetry_shift_unit")]

    def __str__(self) -> str:
        return f"{self.user} {self.starts_at:%Y-%m-%d %H:%M}"


class EscalationStep(models.Model):
    """Who is told when an alarm has waited so long: the roster at once, then the leader, then one after another.

    Steps of a unit go before the town's (`unit` empty). A step with a `person` is a line of the call tree. `severity`
    is the least that it is for.
    """

    class Whom(models.TextChoices):
        ROSTER = "roster", _("whoever is on duty")
        LEADER = "leader", _("the head of the unit in charge")
        CENTRE = "centre", _("the operations centre")
        PERSON = "person", _("a named person")

    unit = models.ForeignKey(
        Unit, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("only for the unit")
    )
    severity = models.PositiveSmallIntegerField(
        _("severity at least"), choices=Severity.choices(), default=Severity.MINOR
    )
    order = models.PositiveSmallIntegerField(_("step"))
    after_seconds = models.PositiveIntegerField(_("seconds after the alarm"))
    whom = models.CharField(_("whom"), max_length=10, choices=Whom.choices)
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person"))

    unit_id: int | None
    person_id: int | None
    access_rule: ClassVar = Rule(unit="unit_id")
    privacy: ClassVar = NotPersonal(because="It is the town's rule of who answers for alarms, as posts are")

    class Meta:
        verbose_name = _("step of escalation")
        verbose_name_plural = _("steps of escalation")
        ordering: ClassVar = ["unit", "order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "order"], nulls_distinct=False, name="telemetry_step_once"),
            models.CheckConstraint(
                condition=Q(whom="person", person__isnull=False) | ~Q(whom="person") & Q(person__isnull=True),
                name="telemetry_step_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.get_whom_display()}"
