"""Changing the keys that seal personal data, while everybody works on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.crypto import Malformed, Tampered, UnknownKey, Use, keeper
from zhen.kernel.lib.fields import EncryptedField, LookupField, current_lookup_prefix, current_prefix
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.parties.guards import guarded_columns, guarded_models
from zhen.kernel.parties.models import RetiredKey

MANAGE = "parties.keys.manage"
BATCH = 500
WAIT = "10s"


@dataclass
class Progress:
    """Rows sealed anew, and the keys of rows that do not open, by model."""

    done: Counter[str] = field(default_factory=Counter)
    damaged: dict[str, list[str]] = field(default_factory=dict)


@action(MANAGE)
def rotate_key(actor: Actor, use: Use) -> bytes:
    """Make a new key, which is current from now on; gives its id. Then `reencrypt`, then `retire_key`."""
    if use is Use.PROOF:
        raise Refused(
            field=_("Key"),
            value=use,
            reason=_("proves past deletions, so it is never changed"),
            remedy=_("Change the field key or the look-up key"),
        )
    id = keeper().rotate(use, clock.now())
    journal.record("parties.keys.rotated", by=actor, subject=("parties.key", id.hex()), data={"use": use.value})
    return id


def reencrypt(actor: Actor, now: datetime, *, batch: int = BATCH) -> Progress:
    """Seal and hash anew every value that was made with another key or cipher than the current one.

    Each step is a transaction of its own. Which rows are left stands in the rows themselves, so a
    killed run is simply started again. Rows that others change meanwhile are waited for, and what
    they write is sealed with the current key.
    """
    progress = Progress()
    for model in guarded_models(apps.get_app_configs()):
        last: Any = None
        while True:
            last = _step(actor, model, last, batch, progress)
            if last is None:
                break
    return progress


@action(MANAGE, silent=True)
def _step(actor: Actor, model: type[models.Model], last: Any, batch: int, progress: Progress) -> Any:
    rows = outdated(model)
    if last is not None:
        rows = rows.filter(pk__gt=last)
    found = list(rows.select_for_update(of=("self",)).order_by("pk")[:batch])
    if not found:
        return None
    label = model._meta.label_lower
    fields = list(_guarded_fields(model))
    fresh: list[tuple[Any, ...]] = []
    damaged: list[str] = []
    for row in found:
        try:
            values = [each.pre_save(row, False) for each in fields]
        except (Tampered, Malformed, UnknownKey):
            damaged.append(str(row.pk))
        else:
            fresh.append((*values, row.pk))
    _write(model, fields, fresh)
    progress.done[label] += len(fresh)
    if damaged:
        progress.damaged.setdefault(label, []).extend(damaged)
    journal.record(
        "parties.keys.reencrypted",
        by=actor,
        subject=("parties.key", keeper().ring().current(Use.FIELD).id.hex()),
        data={"model": label, "count": len(fresh), "damaged": damaged},
    )
    return found[-1].pk


def outdated(model: type[models.Model]) -> models.QuerySet[Any]:
    """Rows with a value that was not made with the current keys and ciphers."""
    stale = Q(pk__in=())
    rows = model._base_manager.all()
    for each in _guarded_fields(model):
        head = current_lookup_prefix() if isinstance(each, LookupField) else current_prefix()
        alias = f"{each.name}_head"
        rows = rows.alias(**{alias: _part(each, 1, 6)})
        stale |= Q(**{f"{each.name}__isnull": False}) & ~Q(**{alias: head})
    return rows.filter(stale)


@action(MANAGE)
def retire_key(actor: Actor, use: Use, id: bytes) -> None:
    """Take an old key out of the ring for good. Refused while any row still needs it.

    Writers wait for the moment of the check; afterwards the database refuses the key (guards).
    """
    ring = keeper().ring()
    key = ring.get(use, id)
    if use is Use.PROOF or key is ring.current(use):
        raise Refused(
            field=_("Key"), value=id.hex(), reason=_("is in use"), remedy=_("Make a new key first, and re-encrypt")
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAIT])
        for model in guarded_models(apps.get_app_configs()):
            name = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE")
    left = uses_of_keys().get(id.hex(), Counter())
    if left.total():
        raise Refused(
            field=_("Key"),
            value=id.hex(),
            reason=_("is still needed by %(count)d rows") % {"count": left.total()},
            remedy=_("Run “zhen parties reencrypt”, then try again"),
        )
    RetiredKey.objects.get_or_create(prefix=id, defaults={"retired_at": clock.now()})
    journal.record("parties.keys.retired", by=actor, subject=("parties.key", id.hex()), data={"use": use.value})
    transaction.on_commit(lambda: keeper().remove(use, id))


def uses_of_keys() -> dict[str, Counter[str]]:
    """How many values each key has made, by model; a key that made none is missing."""
    found: dict[str, Counter[str]] = {}
    for model in guarded_models(apps.get_app_configs()):
        for each in _guarded_fields(model):
            rows = model._base_manager.filter(**{f"{each.name}__isnull": False})
            counted = rows.values(key=_part(each, 3, 4)).annotate(count=models.Count("pk")).order_by()
            for row in counted:
                found.setdefault(bytes(row["key"]).hex(), Counter())[model._meta.label_lower] += row["count"]
    return found


def _guarded_fields(model: type[models.Model]) -> Iterator[EncryptedField | LookupField]:
    """Encrypted fields first, so that their hashes are made of what was opened already."""
    own = [each for each in model._meta.local_fields if str(each.column) in guarded_columns(model)]
    yield from (each for each in own if isinstance(each, EncryptedField))
    yield from (each for each in own if isinstance(each, LookupField))


def _part(each: EncryptedField | LookupField, start: int, length: int) -> Func:
    return Func(F(each.name), Value(start), Value(length), function="substr", output_field=models.BinaryField())


def _write(model: type[models.Model], fields: list[Any], rows: list[tuple[Any, ...]]) -> None:
    """Write the new values and nothing else of the rows, in one statement."""
    if not rows:
        return
    quote = connection.ops.quote_name
    columns = [quote(each.column) for each in fields]
    key = model._meta.pk
    sets = ", ".join(f"{column} = new.{column}" for column in columns)
    arrays = ", ".join(["%s::bytea[]"] * len(columns) + [f"%s::{key.rel_db_type(connection)}[]"])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(model._meta.db_table)} AS old SET {sets} "  # noqa: S608 names of our own tables
            f"FROM unnest({arrays}) AS new({', '.join(columns)}, row_key) "
            f"WHERE old.{quote(str(key.column))} = new.row_key",
            [list(values) for values in zip(*rows, strict=True)],
        )
