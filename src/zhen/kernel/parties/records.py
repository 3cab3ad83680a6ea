"""A row as a record: the one form in which it is exported, and in which its deletion is proved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import models

from zhen.kernel.lib.crypto import keeper
from zhen.kernel.lib.fields import LookupField, Sealed

Record = dict[str, Any]
DOMAIN = "parties.deletion"


def record_of(row: models.Model) -> Record:
    """Every column of a row as JSON values, encrypted ones in clear. Whoever calls it has journalled the reading.

    Look-up hashes are left out: they say nothing more, and change with their keys.
    """
    fields = {
        field.attname: as_json(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if not isinstance(field, LookupField)
    }
    return {"model": row._meta.label_lower, "fields": fields}


def as_json(value: Any) -> Any:
    if isinstance(value, Sealed):
        return value.clear()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, Mapping):
        return {str(key): as_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(part) for part in value]
    return str(value)


def canonical(record: Record) -> bytes:
    """The record's bytes, the same whatever the order and spacing of the JSON it came from."""
    return json.dumps(
        {"model": record["model"], "fields": record["fields"]},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


def digest_of(row: models.Model) -> bytes:
    """The keyed hash that proves the row's deletion to one who knows its record.

    The record holds the row's id with 74 random bits, so that not even the holder of the key finds
    the content by trying.
    """
    return keeper().proof(canonical(record_of(row)), domain=DOMAIN)


def possible_digests(record: Record) -> tuple[bytes, ...]:
    """All digests that a deletion of this record may have left, one for each key and method."""
    return keeper().proofs(canonical(record), domain=DOMAIN)
