"""Fixtures for the tests of the whole tree."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker
from tests import migrated

# Other work on the machine must not fail a test: how long an example takes is not what these tests are about.
hypothesis_settings.register_profile("zhen", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("zhen")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Begin with a copy of what the same migrations made before: running all of them takes half a minute."""
    with django_db_blocker.unblock():
        migrated.use()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let pytest-django empty the tables after tests that commit: the journal and the ledger refuse TRUNCATE."""
    from django.db import connection

    with django_db_blocker.unblock():
        migrated.keep()
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE '%\\_no\\_truncate'")
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


@pytest.fixture(autouse=True)
def _nothing_left(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """After a test that commits, pytest-django empties the tables that Django made; here are those made by hand."""
    from django.apps import apps
    from django.db import connection

    yield
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" not in request.fixturenames and not (marker and marker.kwargs.get("transaction")):
        return
    by_hand = [model._meta.db_table for model in apps.get_models() if not model._meta.managed]
    if by_hand:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(by_hand)}")


@pytest.fixture(autouse=True)
def _source_language() -> Iterator[None]:
    """Messages are asserted in the language of the sources; a test that means Chinese asks for it."""
    with translation.override("en"):
        yield
