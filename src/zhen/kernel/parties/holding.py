"""What is held about somebody, why, until when, and who looked.

One query for each model that declares a path to him, however many rows there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zhen.kernel.access.api import ROLES
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.fields import LookupField, Sealed
from zhen.kernel.lib.privacy import After, Forever, Privacy, Sensitivity, With
from zhen.kernel.parties.models import DataRequest, Hold
from zhen.kernel.parties.records import Record, record_of
from zhen.kernel.parties.retaining import declared_models, holds_on, start_of

USER = "identity.user"
PERSON = "parties.person"
READS_SHOWN = 500


@dataclass(frozen=True, kw_only=True)
class Whose:
    """About whom: a person on record, a user account, or both where they are tied."""

    person: UUID | None = None
    account: int | None = None

    def condition(self, privacy: Privacy) -> Q | None:
        """Which rows of a model are about him; None where the model says nothing of his kind."""
        parts = [Q(**{path: self.person}) for path in privacy.persons if self.person is not None]
        only = dict(privacy.only or {})
        parts += [Q(**{path: self.account}, **only) for path in privacy.accounts if self.account is not None]
        if not parts:
            return None
        condition = parts[0]
        for part in parts[1:]:
            condition |= part
        return condition


@dataclass(frozen=True, kw_only=True)
class Held:
    """One field that is held: what, its value as the reader may see it, and the rules for it."""

    kind: str
    key: str
    label: str
    value: str
    sensitivity: Sensitivity
    purpose: str
    basis: str
    until: str


@dataclass(frozen=True, kw_only=True)
class HeldRecord:
    """The fields of one row together, as the page shows them."""

    kind: str
    what: str
    purpose: str
    basis: str
    until: str


@dataclass(frozen=True, kw_only=True)
class Look:
    """One time that somebody read the sensitive data."""

    at: datetime
    who: str
    purpose: str
    fields: str


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """Everything for the page "my data". `records` are the rows as they prove their deletion later."""

    held: list[Held]
    looks: list[Look]
    requests: list[DataRequest]
    holds: list[Hold]
    records: list[Record]
    made_at: datetime


def dossier(whose: Whose, *, clear: bool, now: datetime) -> Dossier:
    """Gather what is held about somebody.

    The caller has the right to it: he is that person, or has opened a disclosure. `clear` opens
    encrypted values; otherwise they are masked and `records` is empty.
    """
    held, records = held_about(whose, clear=clear)
    return Dossier(
        held=held,
        looks=looks_at(whose),
        requests=requests_of(whose),
        holds=holds_of(whose, now),
        records=records,
        made_at=now,
    )


def held_about(whose: Whose, *, clear: bool) -> tuple[list[Held], list[Record]]:
    """Every field that is held, and the rows as records."""
    held: list[Held] = []
    records: list[Record] = []
    for model, privacy in declared_models():
        condition = whose.condition(privacy)
        if condition is None:
            continue
        rows = model._base_manager.filter(condition)
        if not privacy.listed:
            held.extend(_counted(rows, privacy))
            continue
        for row in rows.select_related(*_shown_links(model, privacy)).order_by("pk").distinct():
            held.extend(_fields_of(row, privacy, clear))
            if clear:
                records.append(record_of(row))
    return held, records


def by_record(held: list[Held]) -> list[HeldRecord]:
    """One line for each row that is held."""
    rows: dict[tuple[str, str], list[Held]] = {}
    for item in held:
        rows.setdefault((item.kind, item.key), []).append(item)
    return [
        HeldRecord(
            kind=kind,
            what="；".join(f"{item.label}：{item.value}" for item in items),
            purpose=items[0].purpose,
            basis=items[0].basis,
            until=items[0].until,
        )
        for (kind, _key), items in rows.items()
    ]


def holds_of(whose: Whose, now: datetime) -> list[Hold]:
    if whose.person is None:
        return []
    today = now.astimezone(clock.TOWN_ZONE).date()
    return list(holds_on(today).filter(person_id=whose.person))


def as_json(found: Dossier) -> dict[str, Any]:
    """The dossier for a person to take along, and to prove deletions with later."""
    return {
        "format": "zhen-personal-data-1",
        "made_at": found.made_at.isoformat(),
        "held": [
            {
                "kind": item.kind,
                "field": item.label,
                "value": item.value,
                "sensitivity": item.sensitivity.value,
                "purpose": item.purpose,
                "legal_basis": item.basis,
                "until": item.until,
            }
            for item in found.held
        ],
        "reads": [
            {"at": look.at.isoformat(), "who": look.who, "purpose": look.purpose, "fields": look.fields}
            for look in found.looks
        ],
        "holds": [
            {"reason": hold.reason, "approved_by": hold.approved_by, "from": hold.valid_from.isoformat()}
            for hold in found.holds
        ],
        "records": found.records,
    }


def _shown_links(model: type[models.Model], privacy: Privacy) -> list[str]:
    """The foreign keys whose far side is shown by its name, fetched with the row."""
    shown = privacy.levels()
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.name in shown
    ]


def _counted(rows: models.QuerySet[Any], privacy: Privacy) -> Iterator[Held]:
    """One line for all rows of a model that is not listed row by row."""
    count = rows.count()
    if count and isinstance(privacy.retention, Forever):
        yield Held(
            kind=str(rows.model._meta.verbose_name_plural),
            key="",
            label=_("records"),
            value=str(count),
            sensitivity=Sensitivity.PERSONAL,
            purpose=str(privacy.purpose),
            basis=_basis(privacy),
            until=_("kept for good: %(source)s") % {"source": privacy.retention.source},
        )


def _basis(privacy: Privacy) -> str:
    text = f"{privacy.basis.text}: {privacy.law}" if privacy.law else str(privacy.basis.text)
    return f"{text}（{privacy.basis.article}）"


def _fields_of(row: models.Model, privacy: Privacy, clear: bool) -> Iterator[Held]:
    kind = str(row._meta.verbose_name)
    until = _until(row, privacy)
    levels = privacy.levels()
    for field in row._meta.concrete_fields:
        level = levels.get(field.name)
        # Columns that only serve sorting and searching say nothing that the others do not.
        if level is None or isinstance(field, LookupField) or field.name.startswith("name_"):
            continue
        value = _shown(row, field, clear)
        if value:
            yield Held(
                kind=kind,
                key=str(row.pk),
                label=str(field.verbose_name),
                value=value,
                sensitivity=level,
                purpose=str(privacy.purpose),
                basis=_basis(privacy),
                until=until,
            )


def _shown(row: models.Model, field: models.Field[Any, Any], clear: bool) -> str:
    value = getattr(row, field.name)
    if value is None or value == "":
        return ""
    if isinstance(value, Sealed):
        return value.clear() if clear else str(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    return str(value)


def _until(row: models.Model, privacy: Privacy) -> str:
    """Until when the row is kept, in words."""
    retention = privacy.retention
    if isinstance(retention, Forever):
        return _("kept for good: %(source)s") % {"source": retention.source}
    if isinstance(retention, With):
        names = [str(row._meta.get_field(name).verbose_name) for name in retention.fields]  # type: ignore[union-attr]
        return _("as long as the record of: %(names)s") % {"names": "、".join(names)}
    assert isinstance(retention, After)
    if getattr(row, retention.field) is None:
        return _("%(time)s after: %(event)s") % {"time": duration(retention), "event": retention.event}
    return date_format(retention.until(start_of(row, retention)), "DATE_FORMAT")


def duration(retention: After) -> str:
    parts = [
        (retention.years, _("%(count)d years")),
        (retention.months, _("%(count)d months")),
        (retention.days, _("%(count)d days")),
    ]
    return " ".join(text % {"count": count} for count, text in parts if count)


def looks_at(whose: Whose) -> list[Look]:
    """Who read the sensitive data, newest first."""
    looks: list[Look] = []
    for label, key in ((PERSON, whose.person), (USER, whose.account)):
        if key is None:
            continue
        for event in journal.reads_of((label, key))[:READS_SHOWN]:
            roles = [str(ROLES[role].name) if role in ROLES else role for role in event.data.get("roles", ())]
            looks.append(
                Look(
                    at=event.at,
                    who="、".join([*event.data.get("units", ()), *roles]) or _("a process of the system"),
                    purpose=str(event.data.get("purpose", "")),
                    fields="、".join(event.data.get("fields", ())),
                )
            )
    return sorted(looks, key=lambda look: look.at, reverse=True)


def requests_of(whose: Whose) -> list[DataRequest]:
    condition = whose.condition(DataRequest.privacy)
    return [] if condition is None else list(DataRequest.objects.filter(condition).order_by("-made_at"))
