"""The guard: the application's role cannot switch the journal's triggers off."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from zhen.kernel.journal.api import guard
from zhen.kernel.journal.tests.superuser import address

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["zhen.kernel.jobs", "zhen.kernel.journal"])


@pytest.fixture
def _guarded() -> Iterator[None]:
    """The guard in the test database, with all triggers on, for one test."""
    with connection.cursor() as cursor:
        for table in ("journal_event", "journal_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate")
    guard(address())
    guard(address())
    yield
    with psycopg.connect(address()) as session:
        session.execute("DROP EVENT TRIGGER journal_guard")
        session.execute(f"ALTER FUNCTION journal_refuse() OWNER TO {connection.settings_dict['USER']}".encode())
        for table in ("journal_event", "journal_seal"):
            session.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_truncate".encode())


@pytest.mark.usefixtures("_guarded")
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE journal_event DISABLE TRIGGER journal_event_append_only",
        "ALTER TABLE journal_event DISABLE TRIGGER ALL",
        "ALTER TABLE journal_event ENABLE TRIGGER journal_event_append_only",
        "DROP TRIGGER journal_seal_no_truncate ON journal_seal",
        "DROP TABLE journal_seal",
        "ALTER TABLE journal_event RENAME TO journal_old",
        "CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    ],
)
def test_the_applications_role_cannot_step_around_the_triggers(statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"stays append-only|must be owner of function|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.usefixtures("_guarded")
def test_migrations_still_work() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE test_anything (id int)")
        cursor.execute("ALTER TABLE journal_event ADD COLUMN test_more int")
        cursor.execute("ALTER TABLE journal_event DROP COLUMN test_more")
        cursor.execute("DROP TABLE test_anything")
