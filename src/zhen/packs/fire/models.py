"""A building's fire file: what it is, who keeps it, and what stands, is due and was done in it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.files.api import File
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.lib.privacy import After, Basis, NotPersonal, Privacy
from zhen.kernel.places.api import Place

LAW = _("《消防法》: knowing who keeps a building safe, and what he did")
RECORDS = _("the town's schedule for records of safety")
OF_FILE = Rule(area="file__place_id", unit="file__unit_id")
A_BUILDING = NotPersonal(because="It tells of a building and what stands in it")


class FireFile(models.Model):
    """The fire file of a building, park or site. Its devices, alarms and hazards are those of the place itself."""

    class Category(models.TextChoices):
        ORDINARY = "ordinary", _("ordinary unit")
        KEY = "key", _("key unit of fire safety")
        SMALL = "small", _("small premises")

    class BuildingClass(models.TextChoices):
        """The classes of civil buildings by height: GB 50016-2014, 5.1.1."""

        HIGH_1 = "high_1", _("tall building, class one")
        HIGH_2 = "high_2", _("tall building, class two")
        LOW = "low", _("low or multi-storey building")
        PLANT = "plant", _("factory or warehouse")

    place = models.OneToOneField(Place, models.PROTECT, related_name="fire_file", verbose_name=_("place"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit in charge"))
    category = models.CharField(_("category"), max_length=10, choices=Category.choices, default=Category.ORDINARY)
    building_class = models.CharField(_("class of the building"), max_length=10, choices=BuildingClass.choices)
    storeys = models.PositiveSmallIntegerField(_("storeys"), null=True, blank=True)
    height_m = models.FloatField(_("height (m)"), null=True, blank=True)
    area_m2 = models.FloatField(_("floor area (m²)"), null=True, blank=True)
    keeper = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("fire keeper")
    )
    duty_room = models.CharField(_("fire control room"), max_length=100, blank=True)
    duty_phone = models.CharField(_("phone of the control room"), max_length=30, blank=True)
    contractor = models.CharField(_("maintenance contractor"), max_length=200, blank=True)
    contract_until = models.DateField(_("contract until"), null=True, blank=True)

    place_id: int
    unit_id: int
    keeper_id: int | None
    access_rule: ClassVar = Rule(area="place_id", unit="unit_id", owner="keeper_id")
    privacy: ClassVar = NotPersonal(because="It is the town's word of who answers for a building, as posts are")

    class Meta:
        verbose_name = _("fire file")
        verbose_name_plural = _("fire files")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(height_m__isnull=True) | Q(height_m__gt=0, height_m__lt=700), name="fire_file_height"
            ),
            models.CheckConstraint(condition=Q(area_m2__isnull=True) | Q(area_m2__gt=0), name="fire_file_area"),
        ]

    def __str__(self) -> str:
        return self.place.code

    @property
    def key(self) -> str:
        """What names the file in addresses: the place's code."""
        return self.place.code


class Equipment(models.Model):
    """Something in a building that must work when it burns and that no device watches."""

    class Kind(models.TextChoices):
        EXTINGUISHER = "extinguisher", _("fire extinguisher")
        INDOOR_HYDRANT = "indoor_hydrant", _("indoor hydrant")
        OUTDOOR_HYDRANT = "outdoor_hydrant", _("outdoor hydrant")
        HOSE = "hose", _("hose and nozzle")
        LIGHT = "light", _("emergency light or exit sign")
        MASK = "mask", _("escape mask")
        STATION = "station", _("micro fire station")
        OTHER = "other", _("other equipment")

    file = models.ForeignKey(FireFile, models.CASCADE, related_name="equipment", verbose_name=_("fire file"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    count = models.PositiveIntegerField(_("number of pieces"), default=1)
    spot = models.CharField(_("where exactly"), max_length=100, blank=True)
    check_due_on = models.DateField(_("to be checked by"), null=True, blank=True)
    replace_by = models.DateField(_("to be replaced by"), null=True, blank=True)

    access_rule: ClassVar = OF_FILE
    privacy: ClassVar = A_BUILDING

    class Meta:
        verbose_name = _("fire equipment")
        verbose_name_plural = _("fire equipment")
        ordering: ClassVar = ["kind", "spot", "pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(count__gte=1), name="fire_equipment_some")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.spot}".strip()


class Upkeep(models.Model):
    """A task of maintenance. One that repeats makes the next one when it is done."""

    file = models.ForeignKey(FireFile, models.CASCADE, related_name="upkeep", verbose_name=_("fire file"))
    what = models.CharField(_("what is to be done"), max_length=100)
    due_on = models.DateField(_("due on"))
    every_months = models.PositiveSmallIntegerField(_("repeats every … months"), default=0)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    found = models.CharField(_("what was found"), max_length=300, blank=True)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("maintained by")
    )

    by_id: int | None
    access_rule: ClassVar = OF_FILE
    privacy: ClassVar = Privacy(
        purpose=_("Knowing what was maintained, and by whom"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=After(
            field="done_on", years=10, event=_("the task was done"), source=RECORDS, anonymise={"by": None}
        ),
        accounts=("by_id",),
        internal=("file", "what", "due_on", "every_months", "done_on", "found"),
        personal=("by",),
    )

    class Meta:
        verbose_name = _("maintenance task")
        verbose_name_plural = _("maintenance tasks")
        ordering: ClassVar = ["due_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "what", "due_on"], name="fire_upkeep_once"),
            models.CheckConstraint(condition=Q(every_months__lte=60), name="fire_upkeep_repeats"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_on"], condition=Q(done_on__isnull=True), name="fire_upkeep_open")
        ]

    def __str__(self) -> str:
        return self.what


class Drill(models.Model):
    """An evacuation or fire drill that was held."""

    class Kind(models.TextChoices):
        EVACUATION = "evacuation", _("evacuation drill")
        FIGHTING = "fighting", _("fire-fighting drill")
        TRAINING = "training", _("training")

    file = models.ForeignKey(FireFile, models.CASCADE, related_name="drills", verbose_name=_("fire file"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    held_on = models.DateField(_("held on"))
    people = models.PositiveIntegerField(_("people who took part"))
    minutes = models.PositiveSmallIntegerField(_("minutes until all were out"), null=True, blank=True)
    found = models.CharField(_("what was found"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by"))

    by_id: int | None
    access_rule: ClassVar = OF_FILE
    privacy: ClassVar = Privacy(
        purpose=_("Showing that a building was drilled, and who recorded it"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=After(
            field="held_on", years=10, event=_("the drill was held"), source=RECORDS, anonymise={"by": None}
        ),
        accounts=("by_id",),
        internal=("file", "kind", "held_on", "people", "minutes", "found"),
        personal=("by",),
    )

    class Meta:
        verbose_name = _("drill")
        verbose_name_plural = _("drills")
        ordering: ClassVar = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.held_on}"


class Paper(models.Model):
    """A plan or certificate of a building: an escape plan, an emergency plan, an acceptance."""

    file = models.ForeignKey(FireFile, models.CASCADE, related_name="papers", verbose_name=_("fire file"))
    title = models.CharField(_("title"), max_length=100)
    document = models.ForeignKey(File, models.PROTECT, related_name="+", verbose_name=_("file"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    access_rule: ClassVar = OF_FILE
    privacy: ClassVar = A_BUILDING

    class Meta:
        verbose_name = _("plan of a building")
        verbose_name_plural = _("plans of buildings")
        ordering: ClassVar = ["title", "pk"]

    def __str__(self) -> str:
        return self.title
