"""Rows of typhoon and flood: what is under way, its levels, duty, checks; supplies and shelters."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.lib.privacy import After, Basis, NotPersonal, Privacy
from zhen.kernel.places.api import Place
from zhen.kernel.rounds.api import Campaign

LAW = _("《防汛条例》 (State Council, 2011), articles 22 to 35; 上海市防汛条例")
SCHEDULE = _("the town's schedule for records of emergencies")


class Level(models.IntegerChoices):
    """Colours of a warning. Source: 《气象灾害预警信号发布与传播办法》, article 3."""

    BLUE = 1, pgettext_lazy("level of a warning", "blue")
    YELLOW = 2, pgettext_lazy("level of a warning", "yellow")
    ORANGE = 3, pgettext_lazy("level of a warning", "orange")
    RED = 4, pgettext_lazy("level of a warning", "red")


class Response(models.IntegerChoices):
    """Levels of response: IV is the least. Source: 《国家防汛抗旱应急预案》 (2022), 4."""

    FOUR = 4, "Ⅳ"
    THREE = 3, "Ⅲ"
    TWO = 2, "Ⅱ"
    ONE = 1, "Ⅰ"


class Phase(models.TextChoices):
    BEFORE = "before", pgettext_lazy("phase of a check", "before")
    DURING = "during", pgettext_lazy("phase of a check", "during")
    AFTER = "after", pgettext_lazy("phase of a check", "after")


class Alert(models.Model):
    """A typhoon or heavy rain from its first warning until it is over. `level` and `response` are those of now."""

    class Kind(models.TextChoices):
        TYPHOON = "typhoon", pgettext_lazy("kind of warning", "typhoon")
        RAIN = "rain", pgettext_lazy("kind of warning", "heavy rain")
        TIDE = "tide", pgettext_lazy("kind of warning", "high tide and flood")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=100)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit in charge"))
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    response = models.PositiveSmallIntegerField(_("response"), choices=Response.choices)
    began_at = models.DateTimeField(_("warning issued at"))
    ended_at = models.DateTimeField(_("lifted at"), null=True, blank=True)

    unit_id: int
    access_rule: ClassVar = Rule(unit="unit_id")
    privacy: ClassVar = NotPersonal(because="It tells of the weather, and what the town does about it")

    class Meta:
        app_label = "upkeep"
        verbose_name = pgettext_lazy("of the weather", "warning")
        verbose_name_plural = pgettext_lazy("of the weather", "warnings")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "unit"], condition=Q(ended_at__isnull=True), name="upkeep_alert_one_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")), name="upkeep_alert_times"
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values, response__in=Response.values), name="upkeep_alert_levels"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-began_at"], name="upkeep_alert_newest")]

    def __str__(self) -> str:
        return self.title


class Step(models.Model):
    """A level of a warning, from a time on: declared, raised or lowered, by whose order."""

    alert = models.ForeignKey(
        Alert, models.PROTECT, related_name="steps", verbose_name=pgettext_lazy("of the weather", "warning")
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    response = models.PositiveSmallIntegerField(_("response"), choices=Response.choices)
    at = models.DateTimeField(_("since"))
    source = models.CharField(_("by whose order"), max_length=200)

    access_rule: ClassVar = Rule(unit="alert__unit_id")
    privacy: ClassVar = NotPersonal(because="It names an office and an order")

    class Meta:
        app_label = "upkeep"
        verbose_name = _("level of a warning")
        verbose_name_plural = _("levels of warnings")
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.alert} {self.get_level_display()}"


class Duty(models.Model):
    """Who is on duty while a warning holds."""

    class Task(models.TextChoices):
        LEADER = "leader", pgettext_lazy("task on duty", "leader on duty")
        OFFICER = "officer", pgettext_lazy("task on duty", "officer on duty")
        SQUAD = "squad", pgettext_lazy("task on duty", "rescue squad")

    alert = models.ForeignKey(
        Alert, models.PROTECT, related_name="duties", verbose_name=pgettext_lazy("of the weather", "warning")
    )
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    task = models.CharField(_("task"), max_length=10, choices=Task.choices)
    from_at = models.DateTimeField(_("from"))
    to_at = models.DateTimeField(_("to"))

    user_id: int | None
    access_rule: ClassVar = Rule(unit="alert__unit_id", owner="user_id")
    privacy: ClassVar = Privacy(
        purpose=_("Knowing who is on duty while a warning holds"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=After(
            field="to_at", years=3, event=_("the duty ended"), source=SCHEDULE, anonymise={"user": None}
        ),
        accounts=("user_id",),
        internal=("alert", "task", "from_at", "to_at"),
        personal=("user",),
    )  # fmt: skip

    class Meta:
        app_label = "upkeep"
        verbose_name = pgettext_lazy("while a warning holds", "duty")
        verbose_name_plural = pgettext_lazy("while a warning holds", "duties")
        ordering: ClassVar = ["from_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(to_at__gt=F("from_at")), name="upkeep_duty_times"),
            models.UniqueConstraint(fields=["alert", "user", "from_at"], name="upkeep_duty_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.from_at:%m-%d %H:%M}"


class CheckRule(models.Model):
    """Which checks a warning opens: of what, with which checklist, from which level on. Dated; the town changes it."""

    kind = models.CharField(
        _("kind"), max_length=10, choices=Alert.Kind.choices, blank=True, help_text=_("Empty: every warning.")
    )
    level = models.PositiveSmallIntegerField(_("from the level"), choices=Level.choices)
    phase = models.CharField(_("phase"), max_length=10, choices=Phase.choices)
    premises = models.CharField(_("kind of premises"), max_length=20)
    checklist = models.CharField(_("checklist"), max_length=60)
    days = models.PositiveSmallIntegerField(_("days for it"), default=1)
    valid_from = models.DateField(_("in force from"))
    valid_to = models.DateField(_("in force until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)

    access_rule: ClassVar = Rule()
    privacy: ClassVar = NotPersonal(because="It is a rule")

    class Meta:
        app_label = "upkeep"
        verbose_name = _("check that a warning opens")
        verbose_name_plural = _("checks that warnings open")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="upkeep_checkrule_dates"
            ),
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=30), name="upkeep_checkrule_days"),
            models.CheckConstraint(condition=~Q(source=""), name="upkeep_checkrule_source"),
            models.UniqueConstraint(
                fields=["kind", "phase", "premises", "checklist"],
                condition=Q(valid_to__isnull=True),
                name="upkeep_checkrule_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_phase_display()} {self.premises}"


class Check(models.Model):
    """A campaign that a warning opened, once for each rule."""

    alert = models.ForeignKey(
        Alert, models.PROTECT, related_name="checks", verbose_name=pgettext_lazy("of the weather", "warning")
    )
    rule = models.ForeignKey(CheckRule, models.PROTECT, related_name="+", verbose_name=_("rule"))
    campaign = models.OneToOneField(
        Campaign, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("of inspections", "campaign")
    )
    phase = models.CharField(_("phase"), max_length=10, choices=Phase.choices)

    campaign_id: int
    access_rule: ClassVar = Rule(unit="alert__unit_id")
    privacy: ClassVar = NotPersonal(because="It ties a campaign to a warning")

    class Meta:
        app_label = "upkeep"
        verbose_name = _("check of a warning")
        verbose_name_plural = _("checks of warnings")
        constraints: ClassVar = [models.UniqueConstraint(fields=["alert", "rule"], name="upkeep_check_once")]

    def __str__(self) -> str:
        return str(self.campaign)


class Supply(models.Model):
    """Something that is kept for a flood: how much there is, how much there should be, where, and who keeps it."""

    name = models.CharField(_("name"), max_length=100)
    measure = models.CharField(_("unit of measure"), max_length=20)
    stock = models.PositiveIntegerField(_("stock"), default=0)
    wanted = models.PositiveIntegerField(_("should be"), default=0)
    store = models.CharField(_("store"), max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit in charge"))
    keeper = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("keeper"))
    counted_on = models.DateField(_("counted on"))

    unit_id: int
    access_rule: ClassVar = Rule(unit="unit_id")
    privacy: ClassVar = NotPersonal(because="It names a store, and who of the town keeps it")

    class Meta:
        app_label = "upkeep"
        verbose_name = _("supply for a flood")
        verbose_name_plural = _("supplies for a flood")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "store"], name="upkeep_supply_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Shelter(models.Model):
    """Somewhere that people can go to. It is open while `opened_at` is set; `people` counts them, and names nobody."""

    name = models.CharField(_("name"), max_length=100)
    address = models.CharField(_("address"), max_length=200)
    area = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit in charge"))
    keeper = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("keeper"))
    capacity = models.PositiveIntegerField(pgettext_lazy("of a shelter", "places"))
    people = models.PositiveIntegerField(_("people in it"), default=0)
    opened_at = models.DateTimeField(_("open since"), null=True, blank=True)

    unit_id: int
    area_id: int | None
    access_rule: ClassVar = Rule(area="area_id", unit="unit_id")
    privacy: ClassVar = NotPersonal(because="It counts people and names none")

    class Meta:
        app_label = "upkeep"
        verbose_name = _("shelter")
        verbose_name_plural = _("shelters")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name"], name="upkeep_shelter_once"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=False) | Q(people=0), name="upkeep_shelter_closed_is_empty"
            ),
            models.CheckConstraint(condition=Q(people__lte=F("capacity")), name="upkeep_shelter_capacity"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False),
                name="upkeep_shelter_point",
            ),
        ]

    def __str__(self) -> str:
        return self.name
