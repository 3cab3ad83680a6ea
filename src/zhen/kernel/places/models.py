"""Places: a stable identity, and dated versions of everything that can change about it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule


class Place(models.Model):
    """Somewhere: an area of the area tree, a building, a floor, a room, a site.

    A place keeps its id for life; its name, parent and boundary stand in its versions.
    """

    class Kind(models.TextChoices):
        TOWN = "town", _("town")
        PRECINCT = "precinct", _("precinct")
        NEIGHBOURHOOD = "neighbourhood", _("neighbourhood")
        CELL = "cell", _("grid cell")
        ESTATE = "estate", _("estate")
        PARK = "park", _("park")
        BUILDING = "building", _("building")
        FLOOR = "floor", _("floor")
        ROOM = "room", _("room")
        SITE = "site", _("site")
        STREET = "street", _("street")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    code = models.CharField(_("code"), max_length=40, unique=True)

    access_rule: ClassVar = Rule(public=models.Q())

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")

    def __str__(self) -> str:
        return self.code
