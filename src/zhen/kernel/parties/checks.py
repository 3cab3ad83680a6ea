"""The check that every model with personal data says so, completely."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core import checks
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import models

from zhen.kernel.lib.fields import EncryptedField, LookupField
from zhen.kernel.lib.privacy import After, Forever, NotPersonal, Privacy, Sensitivity, With, privacy_of
from zhen.kernel.lib.problems import Problem

PERSON = "parties.person"
LOOKS_PERSONAL = re.compile(
    r"(^|_)(phone|mobile|telephone|email|e_mail|wechat|id_number|id_card|identity_number|passport|"
    r"born_on|born_at|birthday|birth_date|date_of_birth|home_address)($|_)"
    r"|(^|_)(person|actor|full|first|last|family|given|applicant|contact|resident|reporter|caller|owner|signer)_name$"
)
DATES = (models.DateField, models.DateTimeField)


def privacy_problems(candidates: Iterable[type[models.Model]] | None = None) -> list[Problem]:
    """What is wrong with the declarations of the given models, or of all installed ones."""
    chosen = apps.get_models() if candidates is None else candidates
    return [problem for model in chosen for problem in _problems(model)]


def check_privacy(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """`privacy_problems` as one of Django's system checks."""
    chosen = None if app_configs is None else [model for config in app_configs for model in config.get_models()]
    return [
        checks.Error(f"{problem.where}: {problem.what}", hint=problem.remedy, id="zhen.privacy")
        for problem in privacy_problems(chosen)
    ]


def _problems(model: type[models.Model]) -> Iterator[Problem]:
    if model._meta.proxy or model._meta.auto_created:
        return
    where = f"{model._meta.app_label}: model {model.__name__}"
    declared = privacy_of(model)
    to_persons, personal = _links(model, PERSON), list(_personal_fields(model))
    for name in _many(model):
        yield Problem(
            where=where,
            what=f"the many-to-many field {name} hides personal data in a table without a declaration",
            remedy="Make the link a model of its own, with Privacy",
        )
    if declared is None and personal:
        yield Problem(
            where=where,
            what=f"holds personal data ({', '.join(personal)}) but declares no privacy",
            remedy="Give it privacy: ClassVar = Privacy(…), or NotPersonal(because=…)",
        )
    if isinstance(declared, NotPersonal):
        if to_persons or any(isinstance(field, EncryptedField) for field in model._meta.local_fields):
            yield Problem(
                where=where,
                what=f"says it is not personal but holds {', '.join(personal)}",
                remedy="Declare Privacy(…)",
            )
        if not declared.because.strip():
            yield Problem(where=where, what="says without a reason that it is not personal", remedy="Fill in because=…")
    if isinstance(declared, Privacy):
        yield from _field_problems(where, model, declared)
        yield from _person_problems(where, model, declared, to_persons)
        yield from _retention_problems(where, model, declared)


def _field_problems(where: str, model: type[models.Model], declared: Privacy) -> Iterator[Problem]:
    if not str(declared.purpose).strip():
        yield Problem(where=where, what="no purpose is declared", remedy="Say what the data is for (PIPL, article 6)")
    listed = [name for level in Sensitivity for name in getattr(declared, level.value)]
    for name in sorted({name for name in listed if listed.count(name) > 1}):
        yield Problem(where=where, what=f"{name} has two sensitivities", remedy="Keep the higher one")
    fields = {field.name: field for field in model._meta.concrete_fields if not field.primary_key}
    for name in sorted(set(listed) - set(fields)):
        yield Problem(where=where, what=f"declares the unknown field {name}", remedy="Correct or remove the name")
    for name, field in fields.items():
        if name not in listed:
            yield Problem(
                where=where,
                what=f"the field {name} has no sensitivity",
                remedy="Put it under public, internal, personal or sensitive",
            )
        elif isinstance(field, EncryptedField | LookupField) and name in (*declared.public, *declared.internal):
            yield Problem(
                where=where, what=f"the encrypted field {name} is not declared personal", remedy="Correct its level"
            )


def _person_problems(
    where: str, model: type[models.Model], declared: Privacy, to_persons: list[str]
) -> Iterator[Problem]:
    named = {path.removesuffix("_id") for path in declared.persons}
    for name in to_persons:
        if name not in named:
            yield Problem(
                where=where,
                what=f"persons does not name the foreign key {name}",
                remedy=f"Add {name}_id, so that the person sees the row",
            )
    if not declared.persons and not declared.accounts:
        yield Problem(
            where=where,
            what="no path leads to a person or an account",
            remedy="Fill in persons or accounts, so that people can see what is held about them",
        )
    if not declared.listed and not isinstance(declared.retention, Forever):
        yield Problem(
            where=where,
            what="is counted only, though its rows are deleted one by one",
            remedy="Leave listed=False to archives with Forever",
        )
    for path in (*declared.persons, *declared.accounts):
        if not _path_exists(model, path):
            yield Problem(where=where, what=f"the path {path} leads nowhere", remedy="Correct it")


def _retention_problems(where: str, model: type[models.Model], declared: Privacy) -> Iterator[Problem]:
    retention = declared.retention
    if retention is None:
        yield Problem(
            where=where,
            what="no retention is declared",
            remedy="Say how long after which event the row goes (PIPL, article 19)",
        )
    if isinstance(retention, With | After):
        for name in retention.along:
            field = _field(model, name)
            if not isinstance(field, models.ForeignKey) or not isinstance(privacy_of(field.related_model), Privacy):
                yield Problem(
                    where=where,
                    what=f"goes with {name}, which is no foreign key to a model with Privacy",
                    remedy="Name such a foreign key, or declare After",
                )
    if isinstance(retention, After):
        field = _field(model, retention.field)
        if not isinstance(field, DATES):
            yield Problem(
                where=where,
                what=f"the time of retention starts at {retention.field}, which is no date of the model",
                remedy="Name a date field",
            )
        if retention.years * 372 + retention.months * 31 + retention.days <= 0:
            yield Problem(where=where, what="the retention has no length", remedy="Give years, months or days")
        if retention.anonymise is not None:
            for name in (*declared.personal, *declared.sensitive):
                if name not in retention.anonymise:
                    yield Problem(
                        where=where,
                        what=f"made anonymous, it would keep {name}",
                        remedy="Say in anonymise what stands there afterwards",
                    )


def _links(model: type[models.Model], *labels: str) -> list[str]:
    """The model's foreign keys to the models with these labels."""
    return [
        field.name
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and _label(field.related_model) in labels
    ]


def _many(model: type[models.Model]) -> list[str]:
    targets = (PERSON, settings.AUTH_USER_MODEL.lower())
    return [
        field.name
        for field in model._meta.local_many_to_many
        if _label(field.related_model) in targets and _made_by_django(field)
    ]


def _personal_fields(model: type[models.Model]) -> Iterator[str]:
    links = set(_links(model, PERSON, settings.AUTH_USER_MODEL.lower()))
    for field in model._meta.local_fields:
        if field.name in links or isinstance(field, EncryptedField) or LOOKS_PERSONAL.search(field.name):
            yield field.name


def _made_by_django(field: models.ManyToManyField[Any, Any]) -> bool:
    through = field.remote_field.through
    return through is not None and bool(through._meta.auto_created)


def _label(model: object) -> str:
    return model._meta.label_lower if isinstance(model, type) and issubclass(model, models.Model) else ""


def _field(model: type[models.Model], name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _path_exists(model: type[models.Model], path: str) -> bool:
    try:
        model._base_manager.filter(**{f"{path}__isnull": False})
    except FieldError:
        return False
    return True
