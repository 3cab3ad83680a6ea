"""Writing many rows at once with COPY, several times faster than INSERT through the ORM."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db import connection, models

from zhen.kernel.lib.fields import EncryptedField, LookupField

M = TypeVar("M", bound=models.Model)


def copy_rows(model: type[M], rows: Iterable[M]) -> None:
    """Add the rows, all with their primary keys set. Constraints and triggers hold as for INSERT.

    For models whose columns PostgreSQL's driver takes as they are (texts, dates, UUIDs, numbers) and
    for sealed ones; `save` of the model is not called.
    """
    fields = model._meta.concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    plan = [
        (field.attname, field.pre_save if isinstance(field, EncryptedField | LookupField) else None) for field in fields
    ]
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            values = row.__dict__
            copy.write_row([prepare(row, True) if prepare else values[name] for name, prepare in plan])
