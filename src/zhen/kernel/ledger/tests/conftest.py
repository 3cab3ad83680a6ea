"""Two units with books, the clock in spring."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from zhen.kernel.identity.api import Unit
from zhen.kernel.identity.testing import a_unit
from zhen.kernel.ledger.api import Book
from zhen.kernel.ledger.testing import a_book
from zhen.kernel.lib.testing import Hands

NOW = datetime(2026, 4, 15, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def hands() -> Iterator[Hands]:
    with Hands(NOW) as held:
        yield held


@pytest.fixture
def office(db: None) -> Unit:
    return a_unit("office")


@pytest.fixture
def book(office: Unit) -> Book:
    return a_book(office)
