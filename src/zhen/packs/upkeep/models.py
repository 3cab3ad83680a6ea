"""Registers of upkeep: premises and points that are looked at, and unauthorised structures."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Rule
from zhen.kernel.cases.api import Case
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.lib.privacy import NotPersonal
from zhen.kernel.places.api import Place
from zhen.packs.upkeep.flood.models import Alert, Check, CheckRule, Duty, Shelter, Step, Supply

__all__ = ["Alert", "Check", "CheckRule", "Duty", "Premises", "Shelter", "Step", "Structure", "Supply"]


class Premises(models.Model):
    """Something that is kept up and looked at: a firm's premises, a river, a waste-sorting point.

    A flat let to a group stands here by its address, never with its tenants. `steward` is the town's own: the river
    steward, or who answers for a point.
    """

    class Kind(models.TextChoices):
        RESTAURANT = "restaurant", pgettext_lazy("kind of premises", "restaurant")
        SHOP = "shop", pgettext_lazy("kind of premises", "shop")
        MARKET = "market", pgettext_lazy("kind of premises", "market")
        HOTEL = "hotel", pgettext_lazy("kind of premises", "hotel")
        NURSING_HOME = "nursing_home", pgettext_lazy("kind of premises", "nursing home")
        BUILDING_SITE = "building_site", pgettext_lazy("kind of premises", "building site")
        SHED = "shed", pgettext_lazy("kind of premises", "shed")
        WORKSHOP = "workshop", pgettext_lazy("kind of premises", "workshop")
        GROUP_RENTAL = "group_rental", pgettext_lazy("kind of premises", "flat let to a group")
        RIVER = "river", pgettext_lazy("kind of premises", "river")
        WASTE_POINT = "waste_point", pgettext_lazy("kind of premises", "waste-sorting point")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=100)
    address = models.CharField(_("address"), max_length=200, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place"))
    area = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit in charge"))
    steward = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("steward")
    )
    since = models.DateField(_("since"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    place_id: int | None
    area_id: int | None
    unit_id: int
    access_rule: ClassVar = Rule(area="area_id", unit="unit_id", owner="steward_id")
    privacy: ClassVar = NotPersonal(because="It names firms and points, and who of the town answers for them")

    class Meta:
        verbose_name = _("premises")
        verbose_name_plural = _("premises and points")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("since")), name="upkeep_premises_dates"
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False),
                name="upkeep_premises_point",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "name"], name="upkeep_premises_kind")]

    def __str__(self) -> str:
        return self.name


class Structure(models.Model):
    """An unauthorised structure. It stands in the stock from `found_on` until `removed_on`.

    Its case holds the photos of its discovery and removal and goes the legal way; only the step of the case at which
    somebody else has seen that it is gone writes `removed_on`. `void`: it turned out to be none.
    """

    class Kind(models.TextChoices):
        EXISTING = "existing", pgettext_lazy("kind of structure", "existing")
        NEW = "new", pgettext_lazy("kind of structure", "new")

    case = models.OneToOneField(Case, models.PROTECT, related_name="structure", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    what = models.CharField(_("what it is"), max_length=100)
    address = models.CharField(_("address"), max_length=200)
    area = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    area_m2 = models.FloatField(_("area (m²)"))
    found_on = models.DateField(_("discovered on"))
    removed_on = models.DateField(_("removed on"), null=True, blank=True)
    void = models.BooleanField(_("none after all"), default=False)

    case_id: int
    area_id: int | None
    access_rule: ClassVar = Rule(area="area_id", unit="case__unit_id", shared_units="case__shared_units")
    privacy: ClassVar = NotPersonal(because="It tells of a structure; its case keeps apart who built or reported it")

    class Meta:
        verbose_name = _("unauthorised structure")
        verbose_name_plural = _("unauthorised structures")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(area_m2__gt=0, area_m2__lt=1e6), name="upkeep_structure_area"),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True) | Q(removed_on__gte=F("found_on"), void=False),
                name="upkeep_structure_dates",
            ),
            models.CheckConstraint(condition=Q(kind__in=["existing", "new"]), name="upkeep_structure_kind"),
        ]
        indexes: ClassVar = [models.Index(fields=["found_on", "removed_on"], name="upkeep_structure_stock")]

    def __str__(self) -> str:
        return f"{self.what} {self.address}"
