"""Fixtures for the tests of the whole tree."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

# Other work on the machine must not fail a test: how long an example takes is not what these tests are about.
hypothesis_settings.register_profile("zhen", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("zhen")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let pytest-django empty the tables after tests that commit: the journal refuses TRUNCATE."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("journal_event", "journal_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_truncate")


@pytest.fixture(autouse=True)
def _source_language() -> Iterator[None]:
    """Messages are asserted in the language of the sources; a test that means Chinese asks for it."""
    with translation.override("en"):
        yield
