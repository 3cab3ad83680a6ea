"""Triggers that refuse values made with a retired key: the last guard against a process of yesterday.

A process that has not read the key ring since a key was retired would seal values that nobody can open.
The database refuses them. Every table with sealed columns gets its trigger after each migration, so
that no module has to think of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.db import connections, models

from zhen.kernel.lib.fields import EncryptedField, LookupField


def guarded_columns(model: type[models.Model]) -> list[str]:
    """The columns whose values carry the id of a key, at bytes 3 to 6."""
    return [str(field.column) for field in model._meta.local_fields if isinstance(field, EncryptedField | LookupField)]


def guarded_models(configs: Iterable[AppConfig]) -> list[type[models.Model]]:
    return [model for config in configs for model in config.get_models() if guarded_columns(model)]


def install(sender: AppConfig, using: str, **_kwargs: Any) -> None:
    """After `migrate`: put the trigger on each table of the app that has sealed columns."""
    found = guarded_models([sender])
    connection = connections[using]
    if not found or "parties_retiredkey" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for model in found:
            cursor.execute(trigger_sql(model._meta.db_table, guarded_columns(model)))


def trigger_sql(table: str, columns: list[str]) -> str:
    """The trigger of one table. Names come from our own models, never from outside."""
    ids = ", ".join(f'substr(NEW."{column}", 3, 4)' for column in columns)
    changed = ", ".join(f'"{column}"' for column in columns)
    return f"""
        CREATE OR REPLACE FUNCTION "{table}_keys"() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT 1 FROM parties_retiredkey WHERE prefix IN ({ids})) THEN
                RAISE EXCEPTION 'a retired key was used for {table}'
                    USING ERRCODE = 'integrity_constraint_violation',
                          HINT = 'restart this process, so that it reads the present key ring';
            END IF;
            RETURN NEW;
        END $$;
        CREATE OR REPLACE TRIGGER "{table}_keys" BEFORE INSERT OR UPDATE OF {changed} ON "{table}"
            FOR EACH ROW EXECUTE FUNCTION "{table}_keys"();
    """  # noqa: S608 names of our own tables and columns
