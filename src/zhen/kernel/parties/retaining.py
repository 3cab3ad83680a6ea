"""What has run out, and what stands in its way. Queries only; `actions.retention` deletes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from zhen.kernel.lib import clock
from zhen.kernel.lib.privacy import After, Privacy, With, privacy_of
from zhen.kernel.parties.models import Hold

Model = type[models.Model]


def declared_models() -> Iterator[tuple[Model, Privacy]]:
    """Every installed model with Privacy."""
    for model in apps.get_models():
        privacy = privacy_of(model)
        if isinstance(privacy, Privacy):
            yield model, privacy


def timed_models() -> list[Model]:
    """The models whose rows run out by themselves."""
    return [model for model, privacy in declared_models() if isinstance(privacy.retention, After)]


def relations(model: Model) -> Iterator[Any]:
    """Every foreign key to a model, also those without a name for the way back (related_name="+")."""
    for field in model._meta.get_fields(include_hidden=True):
        if field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one):
            yield field


def dependents(model: Model) -> Iterator[tuple[Model, str]]:
    """The models, with their foreign key, whose rows go with a row of `model`."""
    for relation in relations(model):
        privacy = privacy_of(relation.related_model)
        retention = privacy.retention if isinstance(privacy, Privacy) else None
        if isinstance(retention, With | After) and relation.field.name in retention.along:
            yield relation.related_model, relation.field.name


def all_dependents(model: Model) -> Iterator[tuple[Model, str]]:
    """The dependents, theirs, and so on, each with its look-up path to a row of `model`."""
    seen: set[tuple[Model, str]] = set()
    waiting = [(model, "")]
    while waiting:
        parent, path = waiting.pop()
        for other, name in dependents(parent):
            if (other, name) not in seen:
                seen.add((other, name))
                found = f"{name}__{path}" if path else name
                yield other, found
                waiting.append((other, found))


def blockers(model: Model) -> Iterator[tuple[Model, str]]:
    """The models, with their foreign key, whose rows keep a row of `model` as long as they are there."""
    going = set(dependents(model))
    for relation in relations(model):
        link = (relation.related_model, relation.field.name)
        if link not in going and relation.on_delete is not models.SET_NULL:
            yield link


def unlinked(model: Model) -> Iterator[tuple[Model, str]]:
    """The models, with their foreign key, whose rows forget a row of `model` that goes."""
    for relation in relations(model):
        if relation.on_delete is models.SET_NULL:
            yield relation.related_model, relation.field.name


def run_out(model: Model, after: After, privacy: Privacy, today: date) -> QuerySet[Any]:
    """Rows whose time has passed and that nothing holds; the last days `After.until` decides."""
    rows = model._base_manager.filter(_before(model, after, today))
    if after.anonymise is not None:
        return free(rows, privacy, today).exclude(_already(after))
    return deletable(free(rows, privacy, today), today)


def deletable(rows: QuerySet[Any], today: date) -> QuerySet[Any]:
    """Those of the rows that no other record needs, nor a held person's record that would go along."""
    for other, name in blockers(rows.model):
        rows = rows.exclude(Exists(other._base_manager.filter(**{name: OuterRef("pk")})))
    for along, path in all_dependents(rows.model):
        privacy = privacy_of(along)
        assert isinstance(privacy, Privacy)
        held = along._base_manager.filter(_held(privacy, today), **{path: OuterRef("pk")})
        rows = rows.exclude(Exists(held))
        for other, name in blockers(along):
            rows = rows.exclude(Exists(other._base_manager.filter(**{f"{name}__{path}": OuterRef("pk")})))
    return rows


def free(rows: QuerySet[Any], privacy: Privacy, today: date) -> QuerySet[Any]:
    """Those of the rows that are not about a person under a legal hold."""
    held = rows.model._base_manager.filter(_held(privacy, today), pk=OuterRef("pk"))
    return rows.exclude(Exists(held)) if privacy.persons else rows


def holds_on(day: date) -> QuerySet[Hold]:
    return Hold.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


def start_of(row: models.Model, after: After) -> date:
    """The town's day on which the row's time of retention started."""
    value: date = getattr(row, after.field)
    return value.astimezone(clock.TOWN_ZONE).date() if isinstance(value, datetime) else value


def _before(model: Model, after: After, today: date) -> Q:
    day = after.cutoff(today)
    if isinstance(model._meta.get_field(after.field), models.DateTimeField):
        end = datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.TOWN_ZONE)
        return Q(**{f"{after.field}__lt": end})
    return Q(**{f"{after.field}__lte": day})


def _already(after: After) -> Q:
    """The condition that a row is anonymous already."""
    assert after.anonymise is not None
    return Q(
        **{
            (f"{name}__isnull" if value is None else name): (True if value is None else value)
            for name, value in after.anonymise.items()
        }
    )


def _held(privacy: Privacy, today: date) -> Q:
    held = holds_on(today).values("person_id")
    condition = Q(pk__in=())
    for path in privacy.persons:
        condition |= Q(**{f"{path}__in": held})
    return condition
