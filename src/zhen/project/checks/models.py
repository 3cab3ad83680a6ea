"""Models: whom they let in, what they point to, and whether their migrations are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.apps import AppConfig, apps
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState
from django.utils import translation

from zhen.kernel.lib.problems import Problem
from zhen.kernel.lib.rule import Rule
from zhen.kernel.packs.api import KERNEL_MODULES

FLOORS = (*KERNEL_MODULES, "web")
"""Lowest first; a model points to models of its own floor or of lower ones, never higher."""


def ours(packs: Iterable[str]) -> list[type[models.Model]]:
    """The models of the kernel, the faces and the packs, in the order of their names."""
    places = ("zhen.", *packs)
    found = (
        model for config in apps.get_app_configs() if config.name.startswith(places) for model in config.get_models()
    )
    return sorted(found, key=lambda model: model._meta.label)


def access_problems(packs: Iterable[str]) -> Iterator[Problem]:
    for model in ours(packs):
        if not isinstance(getattr(model, "access_rule", None), Rule):
            yield Problem(
                where=f"{model._meta.app_label}: model {model.__name__}",
                what="has no access_rule",
                remedy="Say with access_rule: ClassVar = Rule(…) how its rows relate to a post",
            )


def relation_problems(packs: Iterable[str]) -> Iterator[Problem]:
    packs = tuple(packs)
    for model in ours(packs):
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            target = field.related_model
            if not (isinstance(target, type) and issubclass(target, models.Model)):
                continue
            own, other = model._meta.app_config, target._meta.app_config
            fault = _crosses(own, other, packs)
            if fault:
                yield Problem(
                    where=f"{model._meta.app_label}: model {model.__name__}",
                    what=f"the field {field.name} points to {target._meta.label}, {fault}",
                    remedy="Point to a model of the kernel, or let the two meet through events",
                )


def _crosses(own: AppConfig, other: AppConfig, packs: tuple[str, ...]) -> str:
    if own is other:
        return ""
    if other.name in packs:
        return "which is of another pack"
    if own.label in FLOORS and other.label in FLOORS and FLOORS.index(other.label) > FLOORS.index(own.label):
        return "which lies above it"
    return ""


def migration_problems() -> Iterator[Problem]:
    """What `makemigrations --check` would say, without a database."""
    with translation.override(None):  # as makemigrations does: names in models are compared in English
        yield from _migration_problems()


def _migration_problems() -> Iterator[Problem]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    for label, names in loader.detect_conflicts().items():
        yield Problem(
            where=f"{label}: migrations", what=f"{', '.join(sorted(names))} both come last", remedy="Merge the two"
        )
    detector = MigrationAutodetector(
        loader.project_state(),
        ProjectState.from_apps(apps),
        NonInteractiveMigrationQuestioner(specified_apps=set(), dry_run=True),
    )
    for label, migrations in sorted(detector.changes(graph=loader.graph).items()):
        changes = "; ".join(operation.describe() for migration in migrations for operation in migration.operations)
        yield Problem(where=f"{label}: migrations", what=f"are missing: {changes}", remedy="Run `zhen makemigrations`")
