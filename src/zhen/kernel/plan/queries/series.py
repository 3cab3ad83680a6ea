"""Reading series, their imports and points."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.pages.api import Missing
from zhen.kernel.plan.models import Series, SeriesImport
from zhen.kernel.plan.queries.overview import VIEW


def series_list(actor: Actor) -> QuerySet[Series]:
    return restrict(actor, VIEW, Series.objects.all()).order_by("name_key")


def series_for(actor: Actor, series_id: int) -> Series:
    series = series_list(actor).filter(pk=series_id).first()
    if series is None:
        raise Missing
    return series


def imports_of(actor: Actor, series: Series) -> QuerySet[SeriesImport]:
    """The imports of a series with the number of their points, newest first."""
    rows = restrict(actor, VIEW, SeriesImport.objects.filter(series=series))
    return rows.annotate(size=Count("points")).order_by("-id")


def waiting_imports(actor: Actor) -> QuerySet[SeriesImport]:
    """What waits for a second person."""
    rows = restrict(actor, "plan.series.sign_off", SeriesImport.objects.filter(state=SeriesImport.State.WAITING))
    return rows.select_related("series").order_by("id")
