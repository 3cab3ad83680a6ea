"""Writing many rows at once with COPY, many times faster than through the ORM."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def copy_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[tuple[Any, ...]], **same: Any) -> None:
    """Add rows given as tuples in the order of `names` (attribute names of the model).

    `same` holds what is equal in all rows; columns that are named nowhere are NULL. Values are as the
    database takes them: sealed ones sealed. Constraints and triggers hold as for INSERT.
    """
    columns = {field.attname: str(field.column) for field in model._meta.concrete_fields}
    quote = connection.ops.quote_name
    listed = ", ".join(quote(columns[name]) for name in [*names, *same])
    constant = tuple(same.values())
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(model._meta.db_table)} ({listed}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row((*row, *constant))
