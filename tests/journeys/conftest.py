"""The town once for a run, the browser once for a module; each test walks by itself.

Playwright keeps an event loop running in the thread while it is open, and tests of other modules start loops
of their own: so it closes with its module.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.support import Town, Walk, chromium, launch, running_town


@pytest.fixture(scope="session")
def town() -> Iterator[Town]:
    with running_town() as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if chromium() is None:
        pytest.skip("there is no Chromium on this machine: install the package chromium")
    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


@pytest.fixture
def walk(town: Town, browser: Browser) -> Iterator[Walk]:
    walking = Walk(town=town, browser=browser)
    yield walking
    walking.close()
