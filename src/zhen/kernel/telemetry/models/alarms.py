"""Alarms: what a rule remembers, what it raised, what belongs together, and what is not shown for a while."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.cases.api import Case
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.lib.privacy import After, Basis, Privacy, With
from zhen.kernel.places.api import Place
from zhen.kernel.telemetry.declarations import CAUSES, PROFILES, Severity
from zhen.kernel.telemetry.models.devices import A_THING, Device

LAW = _("《消防法》, 《安全生产法》: keeping watch over buildings; answering for one's work")
KEPT = After(
    field="closed_at",
    years=10,
    event=_("the alarm was closed"),
    source=_("the town's schedule for records of safety"),
    anonymise={"acknowledged_by": None, "assigned_to": None, "cleared_by": None, "closed_by": None},
)


class RuleState(models.Model):
    """What one rule remembers of one device, as rules.values.State is stored. Idle rules have no row.

    `due_at` is when to look at it though nothing is read. It is written in the transaction of the readings that made
    it, so a restart between the two halves of a condition changes nothing.
    """

    pk = models.CompositePrimaryKey("device", "rule")
    device = models.ForeignKey(Device, models.CASCADE, related_name="rule_states", verbose_name=_("device"))
    rule = models.CharField(_("rule"), max_length=40)
    state = models.JSONField(default=dict)
    due_at = models.DateTimeField(null=True)

    device_id: int
    access_rule: ClassVar = Rule(area="device__place_id", unit="device__unit_id")
    privacy: ClassVar = A_THING

    class Meta:
        verbose_name = _("state of an alarm rule")
        verbose_name_plural = _("states of alarm rules")
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="telemetry_rulestate_due")
        ]

    def __str__(self) -> str:
        return f"{self.device_id}/{self.rule}"


class Suppression(models.Model):
    """A time in which alarms of a device, or of a place and all in it, are recorded but trouble nobody."""

    device = models.ForeignKey(
        Device, models.CASCADE, null=True, blank=True, related_name="suppressions", verbose_name=_("device")
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place, with all in it")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit in charge"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("entered by"))
    made_at = models.DateTimeField(_("entered at"))

    device_id: int | None
    place_id: int | None
    unit_id: int
    access_rule: ClassVar = Rule(area="place_id", unit="unit_id")
    privacy: ClassVar = Privacy(
        purpose=_("Knowing who silenced alarms, and why"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=After(
            field="ends_at",
            years=10,
            event=_("the time was over"),
            source=_("the town's schedule for records of safety"),
            anonymise={"by": None},
        ),
        accounts=("by_id",),
        internal=("device", "place", "unit", "starts_at", "ends_at", "reason", "made_at"),
        personal=("by",),
    )

    class Meta:
        verbose_name = _("suppression of alarms")
        verbose_name_plural = _("suppressions of alarms")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(device__isnull=True, place__isnull=False) | Q(device__isnull=False, place__isnull=True),
                name="telemetry_suppression_of_one",
            ),
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="telemetry_suppression_dates"),
            models.CheckConstraint(condition=~Q(reason=""), name="telemetry_suppression_reason"),
        ]
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="telemetry_suppression_end")]

    def __str__(self) -> str:
        return self.reason


class Incident(models.Model):
    """Alarms of one building that came together: one thing to look after, and one case.

    `building` is where: the building that the devices are in, or their own place where they are in none. `case_type`
    says what it would open; alarms that open different cases are different incidents. `last_at` is when the newest
    alarm joined. It is over once it is closed with a cause.
    """

    building = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("building"))
    case_type = models.CharField(_("opens"), max_length=60, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit in charge"))
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity.choices())
    alarm_count = models.PositiveIntegerField(_("alarms"), default=0)
    opened_at = models.DateTimeField(_("since"))
    last_at = models.DateTimeField(_("newest alarm"))
    case = models.OneToOneField(
        Case, models.SET_NULL, null=True, blank=True, related_name="incident", verbose_name=_("case")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    cause = models.CharField(_("cause"), max_length=20, blank=True)

    building_id: int
    unit_id: int
    case_id: int | None
    access_rule: ClassVar = Rule(area="building_id", unit="unit_id")
    privacy: ClassVar = A_THING

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, cause="") | Q(closed_at__isnull=False) & ~Q(cause=""),
                name="telemetry_incident_closed_with_cause",
            ),
            models.CheckConstraint(condition=Q(last_at__gte=F("opened_at")), name="telemetry_incident_dates"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["building", "case_type", "-last_at"],
                condition=Q(closed_at__isnull=True),
                name="telemetry_incident_open",
            ),
            models.Index(
                fields=["severity"],
                condition=Q(case__isnull=True, closed_at__isnull=True) & ~Q(case_type=""),
                name="telemetry_incident_caseless",
            ),
            models.Index(fields=["-last_at"], name="telemetry_incident_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.building} {self.opened_at:%Y-%m-%d %H:%M}"

    @property
    def cause_name(self) -> str | Promise:
        return CAUSES.get(self.cause, self.cause)


class Alarm(models.Model):
    """One rule of one device that came true. It is active until it is cleared, and open until it is closed.

    The database holds at most one active alarm for a device and rule. `opened_at` is the event's own time,
    `received_at` ours. It is cleared by itself once its condition is over, or by a person (`cleared_by`); it is closed
    by a person, with a cause. `suppression` is set while it is recorded and not shown; `waits_since` is when it was
    first shown. `next_step_at` is when somebody is told next, `steps` how many steps were taken.
    """

    device = models.ForeignKey(Device, models.PROTECT, related_name="alarms", verbose_name=_("device"))
    rule = models.CharField(_("rule"), max_length=40)
    profile = models.CharField(_("device profile"), max_length=60)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("place"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit in charge"))
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, blank=True, related_name="alarms", verbose_name=_("incident")
    )
    suppression = models.ForeignKey(
        Suppression, models.SET_NULL, null=True, blank=True, related_name="alarms", verbose_name=_("suppressed by")
    )
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity.choices())
    metric = models.CharField(_("metric"), max_length=40, blank=True)
    value = models.FloatField(_("value"), null=True, blank=True)
    opened_at = models.DateTimeField(_("since"))
    received_at = models.DateTimeField(_("recorded at"))
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("acknowledged by")
    )
    assigned_to = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("assigned to")
    )
    cleared_at = models.DateTimeField(_("over since"), null=True, blank=True)
    cleared_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cleared by")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    cause = models.CharField(_("cause"), max_length=20, blank=True)
    note = models.CharField(_("what was found"), max_length=500, blank=True)
    waits_since = models.DateTimeField(null=True, blank=True)
    steps = models.PositiveSmallIntegerField(default=0)
    next_step_at = models.DateTimeField(null=True, blank=True)

    id: int
    device_id: int
    place_id: int
    unit_id: int
    incident_id: int | None
    suppression_id: int | None
    assigned_to_id: int | None
    access_rule: ClassVar = Rule(area="place_id", unit="unit_id", owner="assigned_to_id")
    privacy: ClassVar = Privacy(
        purpose=_("Knowing who looked after an alarm, and what it was"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=KEPT,
        accounts=("acknowledged_by_id", "assigned_to_id", "cleared_by_id", "closed_by_id"),
        internal=(
            "device", "rule", "profile", "place", "unit", "incident", "suppression", "severity", "metric", "value",
            "opened_at", "received_at", "acknowledged_at", "cleared_at", "closed_at", "cause", "note",
            "waits_since", "steps", "next_step_at",
        ),
        personal=("acknowledged_by", "assigned_to", "cleared_by", "closed_by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["device", "rule"], condition=Q(cleared_at__isnull=True), name="telemetry_alarm_one_active"
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True) | Q(cleared_at__gte=F("opened_at")), name="telemetry_alarm_dates"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, cause="") | Q(closed_at__isnull=False) & ~Q(cause=""),
                name="telemetry_alarm_closed_with_cause",
            ),
            models.CheckConstraint(
                condition=Q(next_step_at__isnull=True)
                | Q(acknowledged_at__isnull=True, closed_at__isnull=True, suppression__isnull=True),
                name="telemetry_alarm_step_waits",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["device", "-opened_at"], name="telemetry_alarm_device"),
            models.Index(fields=["-opened_at"], name="telemetry_alarm_newest"),
            models.Index(fields=["-opened_at"], condition=Q(closed_at__isnull=True), name="telemetry_alarm_open"),
            models.Index(
                fields=["next_step_at"], condition=Q(next_step_at__isnull=False), name="telemetry_alarm_next_step"
            ),
            models.Index(fields=["closed_at"], condition=Q(closed_at__isnull=False), name="telemetry_alarm_closed"),
            models.Index(
                fields=["suppression"], condition=Q(suppression__isnull=False), name="telemetry_alarm_suppressed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device}: {self.rule_name}"

    @property
    def rule_name(self) -> str | Promise:
        """What the rule is called; its code where the pack that declared it is gone."""
        profile = PROFILES.get(self.profile)
        found = next((rule for rule in profile.rules if rule.code == self.rule), None) if profile else None
        return found.name if found else self.rule

    @property
    def cause_name(self) -> str | Promise:
        return CAUSES.get(self.cause, self.cause)

    @property
    def active(self) -> bool:
        return self.cleared_at is None

    @property
    def closed(self) -> bool:
        return self.closed_at is not None


class AlarmComment(models.Model):
    """What somebody says on an alarm."""

    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="comments")
    text = models.CharField(_("text"), max_length=1000)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    access_rule: ClassVar = Rule(area="alarm__place_id", unit="alarm__unit_id", owner="alarm__assigned_to_id")
    privacy: ClassVar = Privacy(
        purpose=_("Knowing who said what on an alarm"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=With(fields=("alarm",)),
        accounts=("by_id",),
        internal=("alarm", "text", "at"),
        personal=("by",),
    )

    class Meta:
        verbose_name = _("comment on an alarm")
        verbose_name_plural = _("comments on alarms")
        indexes: ClassVar = [models.Index(fields=["alarm", "at"], name="telemetry_alarm_comment")]

    def __str__(self) -> str:
        return self.text[:40]
