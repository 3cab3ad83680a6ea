"""One change of the tree that takes effect on a day: versions end on it, versions begin on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib import clock
from zhen.kernel.places import rules
from zhen.kernel.places.errors import Refused
from zhen.kernel.places.models import Edition, Place, PlaceVersion, Succession


class Change:
    """Collects what ends and what begins on a day, and writes it in a fixed number of queries.

    Changes of places wait for each other (they hold the edition's row), so what `current` reads is
    still true when `write` writes.
    """

    def __init__(self, *, on: date, decision: str = "") -> None:
        rules.check_decision(on, clock.today(), decision)
        self.on = on
        self.decision = decision.strip()
        self._ended: list[PlaceVersion] = []
        self._begun: dict[int, PlaceVersion] = {}
        self._successions: list[Succession] = []
        Edition.objects.select_for_update().get()

    def current(self, ids: Iterable[int]) -> dict[int, PlaceVersion]:
        """The versions of the day, by place. Refuses places that do not exist then or change later still."""
        wanted = set(ids)
        found: dict[int, PlaceVersion] = {}
        for version in PlaceVersion.objects.filter(place__in=wanted).select_related("place").order_by("valid_from"):
            if version.valid_from > self.on:
                self._refuse_later(version)
            if version.on(self.on):
                found[version.place_id] = version
        for place in Place.objects.filter(id__in=wanted - found.keys())[:1]:
            raise Refused(
                "place", "not_there", _("%(code)s does not exist on %(on)s."), code=place.code, on=self.on.isoformat()
            )
        return found

    def children(self, ids: Iterable[int]) -> list[PlaceVersion]:
        """The versions of the day of all places directly below some places."""
        rows = PlaceVersion.objects.filter(parent__in=set(ids)).select_related("place").order_by("place__code")
        found = [version for version in rows if version.valid_to is None or version.valid_to > self.on]
        for version in found:
            if version.valid_from > self.on:
                self._refuse_later(version)
        if found:
            self.current(version.place_id for version in found)
        return found

    def begin(self, version: PlaceVersion) -> None:
        """A version that begins on the day."""
        self._begun[version.place_id] = version

    def end(self, version: PlaceVersion) -> None:
        self._ended.append(version)

    def revise(self, version: PlaceVersion, **facts: Any) -> PlaceVersion:
        """From the day on the place is as the version says, but for `facts`. A second revision adds to the first."""
        earlier = self._begun.get(version.place_id)
        base = earlier or version
        if earlier is None:
            self.end(version)
        revised = PlaceVersion.build(
            place=version.place, valid_from=self.on, valid_to=base.valid_to, **{**base.facts(), **facts}
        )
        self.begin(revised)
        return revised

    def became(self, predecessor: Place, successor: Place | None, kind: Succession.Kind, note: str = "") -> None:
        self._successions.append(
            Succession(
                predecessor=predecessor,
                successor=successor,
                kind=kind,
                on=self.on,
                decision=self.decision,
                note=note,
            )
        )

    def write(self) -> None:
        self._refuse_vanishing()
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('zhen.places_from', %s, true)", [self.on.isoformat()])
            begun_today = [version.pk for version in self._ended if version.valid_from == self.on]
            before = [version.pk for version in self._ended if version.valid_from < self.on]
            PlaceVersion.objects.filter(pk__in=before).update(valid_to=self.on)
            PlaceVersion.objects.filter(pk__in=begun_today).delete()
            PlaceVersion.objects.bulk_create(self._begun.values(), batch_size=500)
            Succession.objects.bulk_create(self._successions, batch_size=500)
            cursor.execute("SELECT set_config('zhen.places_from', '', true)")

    def _refuse_vanishing(self) -> None:
        """A place that ends was there for at least a day: one that ends on its first day never was."""
        ending = {
            version.place_id: version
            for version in self._ended
            if version.valid_from == self.on and version.place_id not in self._begun
        }
        earlier = PlaceVersion.objects.filter(place__in=ending, valid_from__lt=self.on) if ending else ()
        for found in earlier:
            ending.pop(found.place_id, None)
        for version in ending.values():
            raise Refused(
                "on",
                "same_day",
                _("%(code)s began on %(on)s. End it on a later day."),
                code=version.place.code,
                on=self.on.isoformat(),
            )

    def _refuse_later(self, version: PlaceVersion) -> None:
        raise Refused(
            "on",
            "later_change",
            _("%(code)s changes again on %(later)s. Choose that day or a later one."),
            code=version.place.code,
            later=version.valid_from.isoformat(),
        )
