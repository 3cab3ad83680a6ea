"""Reading benches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tests.dummy_pack.actions import VIEW
from tests.dummy_pack.models import Bench
from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.identity.api import Unit
from zhen.kernel.pages.api import Hit, Missing
from zhen.kernel.plan.api import Period


def benches(actor: Actor) -> QuerySet[Bench]:
    return restrict(actor, VIEW, Bench.objects.select_related("unit"))


def bench(actor: Actor, key: str) -> Bench:
    found = benches(actor).filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
    if found is None:
        raise Missing(f"bench {key}")
    return found


def units(actor: Actor) -> QuerySet[Unit]:
    return restrict(actor, VIEW, Unit.objects.all())


def find(actor: Actor, terms: Sequence[str], limit: int) -> Iterable[Hit]:
    for found in benches(actor).filter(name__icontains=terms[0])[:limit]:
        yield Hit(
            title=found.name, url=f"/desk/dummy_pack/benches/{found.pk}/", kind=_("bench"), score=1, why=_("name")
        )


def mended(period: Period) -> QuerySet[Bench]:
    return Bench.objects.filter(mended_on__gte=period.start, mended_on__lt=period.end)


def features(actor: Actor) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [121.38, 31.24]},
                "properties": {"key": str(one.pk), "name": one.name},
            }
            for one in benches(actor)
        ],
    }
