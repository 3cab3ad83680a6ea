"""Declarations and helpers of the journal's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction

from zhen.kernel.journal.api import CONSUMERS, EVENT_KINDS, Consumer, Event, EventKind, record
from zhen.kernel.journal.contributes import BUNDLE
from zhen.kernel.lib.registry import Bundle


@dataclass(frozen=True)
class Alice:
    kind: str = "user"
    id: int | None = 7
    name: str = "Alice"


ALICE = Alice()
DONE = EventKind(id="test.done", text="did “{what}” for {whom}")
SEEN = EventKind(id="test.seen", text="saw it")


@pytest.fixture(autouse=True)
def _kinds(declare: Callable[..., None]) -> None:
    declare()


@pytest.fixture
def declare() -> Iterator[Callable[..., None]]:
    """Put the tests' event kinds, and consumers if wanted, into the registries for one test."""
    registries = (EVENT_KINDS, CONSUMERS)
    before = [(registry, registry._entries, registry._candidate) for registry in registries]

    def put(*consumers: Consumer) -> None:
        bundles = [BUNDLE, Bundle(owner="test", items=(DONE, SEEN, *consumers))]
        for registry in registries:
            assert registry.gather(bundles) == []
            assert registry.validate() == []
            registry.commit()

    yield put
    for registry, entries, candidate in before:
        registry._entries, registry._candidate = entries, candidate


def happen(*subjects: object, kind: str = "test.done", **data: object) -> list[Event]:
    """Record one event for each subject, in one transaction."""
    with transaction.atomic():
        return [record(kind, by=ALICE, subject=("test.thing", subject), data=data) for subject in subjects]
