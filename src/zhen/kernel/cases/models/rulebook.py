"""What the town itself lays down about cases, as dated rows: classes, time limits, who handles what, the calendar.

Each row has a source and the day from which it holds; a change adds a row and ends the one before. Triggers raise
the edition (migration 0002), so that processes know when to read these tables again.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.lib.privacy import After, Basis, NotPersonal, Privacy
from zhen.kernel.places.api import Place

TOWN_RULES = NotPersonal(because="It holds the town's rules; who approved them is named as an office or a document")


class Dated(models.Model):
    """From which day to which (exclusive) a row holds, and by whose decision."""

    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)
    approved_by = models.CharField(_("approved by"), max_length=100, blank=True)

    class Meta:
        abstract = True


class Category(Dated):
    """A class of cases in a scheme: `grid` has families, major and minor classes. Cases name the lowest class.

    `family` is the code of the topmost class. `public`: residents may choose it.
    """

    scheme = models.CharField(_("scheme"), max_length=40)
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=100)
    english = models.CharField(_("English name"), max_length=100, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("class above")
    )
    family = models.CharField(_("family"), max_length=20, blank=True)
    leaf = models.BooleanField(_("cases can have it"), default=True)
    public = models.BooleanField(_("residents may choose it"), default=True)
    order = models.PositiveIntegerField(_("order"), default=100)
    icon = models.CharField(max_length=40, blank=True)
    opening = models.TextField(_("condition to register"), blank=True)
    closing = models.TextField(_("condition to close"), blank=True)

    parent_id: int | None
    access_rule: ClassVar = Rule(public=Q())
    privacy: ClassVar = TOWN_RULES

    class Meta:
        verbose_name = _("class of cases")
        verbose_name_plural = _("classes of cases")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "code"], name="cases_category_code"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="cases_category_dates"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TimeLimit(Dated):
    """How long a deadline of a case type runs: for a class (and those below it), or for all where it names none.

    The limit that holds when a clock starts is written into the clock; later rows never touch it. A `draft` holds for
    nothing until somebody else than `proposed_by` approves it. `moves`: a last day off gives way to the next worked
    day. Then who is told: at `warn_at` per cent of the limit; when it has run out; every `remind_every` working days
    after that; and `escalate_after` working days the role `escalate_to`. 0 is never.
    """

    class Unit(models.TextChoices):
        EMERGENCY_HOURS = "emergency_hours", _("hours round the clock")
        WORKING_HOURS = "working_hours", _("working hours")
        WORKING_DAYS = "working_days", _("working days")
        CALENDAR_DAYS = "calendar_days", _("calendar days")

    class Above(models.TextChoices):
        UNIT_HEAD = "unit_head", _("the unit's head")
        DISPATCHER = "dispatcher", _("the operations centre")
        TOWN_LEADER = "town_leader", _("the town's leaders")

    case_type = models.CharField(_("case type"), max_length=60)
    deadline = models.CharField(_("deadline"), max_length=40)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="limits", verbose_name=_("class")
    )
    amount = models.PositiveIntegerField(_("amount"))
    unit = models.CharField(_("unit of time"), max_length=20, choices=Unit.choices)
    moves = models.BooleanField(_("a last day off moves to the next worked day"), default=False)
    warn_at = models.PositiveSmallIntegerField(_("warn at per cent of the limit"), default=80)
    remind_every = models.PositiveSmallIntegerField(_("remind every so many working days"), default=0)
    escalate_after = models.PositiveSmallIntegerField(_("escalate after working days"), default=1)
    escalate_to = models.CharField(_("escalate to"), max_length=20, choices=Above.choices, default=Above.DISPATCHER)
    draft = models.BooleanField(_("proposed, not approved"), default=False)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proposed by")
    )

    category_id: int | None
    proposed_by_id: int | None
    access_rule: ClassVar = Rule(public=Q())
    privacy: ClassVar = Privacy(
        purpose=_("Keeping apart who proposes a time limit and who approves it"),
        basis=Basis.STATUTORY_DUTY,
        law=_("the town's duty to answer for what was done"),
        retention=After(
            field="valid_to",
            years=10,
            event=_("the limit ended"),
            source=_("the town's retention schedule (PIPL, article 19: as short as the purpose allows)"),
            anonymise={"proposed_by": None},
        ),
        accounts=("proposed_by_id",),
        public=(
            "valid_from", "valid_to", "source", "approved_by", "case_type", "deadline", "category", "amount", "unit",
            "moves", "warn_at", "remind_every", "escalate_after", "escalate_to", "draft",
        ),
        personal=("proposed_by",),
    )  # fmt: skip

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gte=1, amount__lte=3660), name="cases_limit_amount"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="cases_limit_dates"
            ),
            models.CheckConstraint(condition=Q(moves=False) | Q(unit="calendar_days"), name="cases_limit_moves"),
            models.CheckConstraint(
                condition=Q(warn_at__lt=100, remind_every__lte=60, escalate_after__lte=60), name="cases_limit_steps"
            ),
            models.UniqueConstraint(
                fields=["case_type", "deadline", "category", "valid_from"],
                condition=Q(draft=False),
                nulls_distinct=False,
                name="cases_limit_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_type}/{self.deadline}: {self.amount} {self.unit}"


class Route(Dated):
    """Which unit handles a class of cases in an area: the most exact row wins (class first, then area, then hours)."""

    class Hours(models.TextChoices):
        ALWAYS = "always", _("always")
        WORKING = "working", _("working time")
        OFF = "off", _("outside working time")

    case_type = models.CharField(_("case type"), max_length=60)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="routes", verbose_name=_("class")
    )
    area = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    hours = models.CharField(_("hours"), max_length=10, choices=Hours.choices, default=Hours.ALWAYS)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    cooperating = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("co-handling units"))

    category_id: int | None
    area_id: int | None
    unit_id: int
    access_rule: ClassVar = Rule(public=Q())
    privacy: ClassVar = TOWN_RULES

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="cases_route_dates"
            ),
            models.UniqueConstraint(
                fields=["case_type", "category", "area", "hours", "valid_from"],
                nulls_distinct=False,
                name="cases_route_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_type}: {self.unit}"


class CalendarDay(models.Model):
    """A day on which the town works or rests against the week: a holiday (`worked` false) or a swap day (true).

    A year is known when it has a row of its own kind `HORIZON`; days of years that are not known are counted
    Monday to Friday, and dates reckoned with them are provisional.
    """

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("holiday")
        SWAP = "swap", _("swap day")
        HORIZON = "horizon", _("the year's calendar is known")

    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=100, blank=True)
    source = models.CharField(_("source"), max_length=300)
    approved_by = models.CharField(_("approved by"), max_length=100, blank=True)

    access_rule: ClassVar = Rule(public=Q())
    privacy: ClassVar = TOWN_RULES

    class Meta:
        verbose_name = _("day of the calendar")
        verbose_name_plural = _("days of the calendar")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day"], condition=~Q(kind="horizon"), name="cases_calendar_day"),
            models.UniqueConstraint(fields=["day"], condition=Q(kind="horizon"), name="cases_calendar_horizon"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.kind}"


class Edition(models.Model):
    """The one row that numbers the state of this file's tables; triggers raise it from a sequence."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    value = models.BigIntegerField(default=0)

    access_rule: ClassVar = Rule(public=Q())
    privacy: ClassVar = TOWN_RULES

    class Meta:
        verbose_name = _("edition of the rules for cases")
        verbose_name_plural = _("editions of the rules for cases")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="cases_edition_one")]

    def __str__(self) -> str:
        return str(self.value)
