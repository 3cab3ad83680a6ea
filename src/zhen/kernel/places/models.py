"""Places: a stable identity, and dated versions of everything that can change about it."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from zhen.kernel.access.api import Rule
from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.places import names, rules
from zhen.kernel.places.kinds import Kind as PlaceKind


class DateRange(models.Func):
    function = "DATERANGE"
    arity = 2


class Place(models.Model):
    """Somewhere: an area of the area tree, a building, a floor, a room, a site.

    A place keeps its id, kind and code for life; its name, parent and boundary stand in its versions.
    A place is public knowledge: everybody may read it.
    """

    Kind = PlaceKind

    kind = models.CharField(_("kind"), max_length=20, choices=PlaceKind.choices)
    code = models.CharField(_("code"), max_length=40, unique=True)
    synthetic = models.BooleanField(_("synthetic"), default=False)

    versions: models.Manager[PlaceVersion]
    access_rule: ClassVar = Rule(public=Q())

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        indexes: ClassVar = [models.Index(fields=["kind", "code"], name="places_place_kind")]

    def __str__(self) -> str:
        return self.code


class PlaceVersion(models.Model):
    """What a place was from one day to another (exclusive).

    The database refuses overlapping versions of one place, a parent of the wrong kind or one that
    does not exist on every day of the version, and any change to a day that an action does not name
    (migration 0002). `lon` and `lat` are a point in the place that stands for it; `h3_*` are its cells.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="versions")
    parent = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="child_versions")
    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=300, editable=False, db_collation="C")
    name_spelling = models.CharField(max_length=300, editable=False)
    name_initials = models.CharField(max_length=100, editable=False)
    street = models.CharField(_("street"), max_length=100, blank=True)
    lane = models.CharField(_("lane"), max_length=20, blank=True)
    number = models.CharField(_("number"), max_length=20, blank=True)
    boundary = models.JSONField(_("boundary"), null=True, blank=True)
    west = models.FloatField(null=True, editable=False)
    south = models.FloatField(null=True, editable=False)
    east = models.FloatField(null=True, editable=False)
    north = models.FloatField(null=True, editable=False)
    lon = models.FloatField(null=True, editable=False)
    lat = models.FloatField(null=True, editable=False)
    h3_11 = models.BigIntegerField(null=True, editable=False)
    h3_9 = models.BigIntegerField(null=True, editable=False)
    h3_7 = models.BigIntegerField(null=True, editable=False)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    place_id: int
    parent_id: int | None
    access_rule: ClassVar = Rule(public=Q())

    class Meta:
        verbose_name = _("version of a place")
        verbose_name_plural = _("versions of places")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="places_version_dates"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="places_version_named"),
            models.CheckConstraint(
                condition=Q(boundary__isnull=True, lon__isnull=True, west__isnull=True, h3_11__isnull=True)
                | Q(boundary__isnull=False, lon__isnull=False, west__isnull=False, h3_11__isnull=False),
                name="places_version_shape",
            ),
            ExclusionConstraint(
                name="places_version_apart",
                expressions=[
                    ("place", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["parent", "valid_from"], name="places_version_parent"),
            models.Index(fields=["h3_11"], name="places_version_h3_11"),
            models.Index(fields=["h3_9"], name="places_version_h3_9"),
            models.Index(fields=["h3_7"], name="places_version_h3_7"),
            models.Index(fields=["west", "south"], name="places_version_box"),
            models.Index(fields=["name_key"], name="places_version_name"),
            models.Index(fields=["street", "lane", "number"], name="places_version_address"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """What names the place in addresses."""
        return self.place.code

    @property
    def shape(self) -> BaseGeometry | None:
        return geometry.load_shape(self.boundary) if self.boundary else None

    @property
    def address(self) -> str:
        return rules.address_line(self.street, self.lane, self.number)

    def on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def facts(self) -> dict[str, Any]:
        """What the next version takes over from this one."""
        return {
            "parent_id": self.parent_id,
            "name": self.name,
            "street": self.street,
            "lane": self.lane,
            "number": self.number,
            "shape": self.shape,
            "attributes": self.attributes,
        }

    @classmethod
    def build(
        cls,
        *,
        place: Place,
        valid_from: date,
        valid_to: date | None = None,
        shape: BaseGeometry | None = None,
        **facts: Any,
    ) -> PlaceVersion:
        """A version with everything derived from its name and shape; not yet saved."""
        version = cls(place=place, valid_from=valid_from, valid_to=valid_to, **facts)
        version.name_key = names.name_key(version.name)
        version.name_spelling, version.name_initials = names.name_spellings(version.name)
        if shape is not None:
            version.boundary = geometry.write_shape(shape)
            version.west, version.south, version.east, version.north = (float(side) for side in shape.bounds)
            version.lon, version.lat = geometry.inner_point(shape)
            version.h3_11 = geometry.cell(version.lon, version.lat)
            version.h3_9 = geometry.parent(version.h3_11, 9)
            version.h3_7 = geometry.parent(version.h3_11, 7)
        return version


class Succession(models.Model):
    """What became of what, on which day, by which decision.

    A split has a row for each part, a merger one for each place that went into it. Where a place
    goes on itself (renamed, moved, or the larger part of a split), predecessor and successor are the
    same; where it ended without one, there is no successor.
    """

    class Kind(models.TextChoices):
        SPLIT = "split", _("split")
        MERGE = "merge", _("merger")
        MOVE = "move", _("move to another area")
        RENAME = "rename", _("renaming")
        CLOSE = "close", _("closing")

    predecessor = models.ForeignKey(Place, models.PROTECT, related_name="became")
    successor = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="came_from")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    on = models.DateField(_("day"))
    decision = models.CharField(_("decision"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=400, blank=True)

    access_rule: ClassVar = Rule(public=Q())

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        indexes: ClassVar = [
            models.Index(fields=["predecessor", "on"], name="places_succession_before"),
            models.Index(fields=["successor", "on"], name="places_succession_after"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor or '—'}"


class Edition(models.Model):
    """The one row that numbers the state of all places: caches compare it before they answer.

    Triggers raise it; its values come from a sequence, so a rolled-back one is never seen twice.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    value = models.BigIntegerField(default=0)

    access_rule: ClassVar = Rule(public=Q())

    class Meta:
        verbose_name = _("edition of the places")
        verbose_name_plural = _("editions of the places")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="places_edition_one")]

    def __str__(self) -> str:
        return str(self.value)
