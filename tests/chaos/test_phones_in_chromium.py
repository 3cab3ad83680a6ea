"""The same as tests/chaos/test_phones.py with a real browser: Chromium is killed with SIGKILL in the middle of saving
and sending and opened again with what its profile holds, the net is taken away and given back, and two phones fill in
one visit. Every answer that the phone said it had kept arrives once; both records of one visit are kept and shown."""

from __future__ import annotations

import base64
import contextlib
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from threading import Thread

import psutil
import pytest
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect, sync_playwright
from tests.chaos.test_phones import Plan, arrived, check_conflicts, photos, plans, the_place
from tests.journeys.support import ARGUMENTS, chromium

from zhen.kernel.identity.testing import a_unit
from zhen.kernel.rounds.api import lay_checklists

KEPT = "已存于本机"
PATIENCE = 30_000
LATEST = 1.5
"""Seconds after pressing the button in which it dies."""


@dataclass
class Phone:
    """Chromium with a profile of its own; `dead` when it was killed and not started again."""

    playwright: Playwright
    profile: Path
    town: str
    plan: Plan
    files: list[Path]
    chance: random.Random
    deaths: Counter[str] = field(default_factory=Counter)
    context: BrowserContext | None = None

    def start(self, address: str, *, offline: bool = False) -> Page:
        """Open it with what it has kept; he is still signed in."""
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=chromium(),
            args=list(ARGUMENTS),
            viewport={"width": 390, "height": 844},
            locale="zh-CN",
            geolocation={"longitude": 121.381, "latitude": 31.241},
            permissions=["geolocation"],
        )
        name, value = self.plan.cookie.split("=", 1)
        at = time.time() + 86_400
        self.context.add_cookies(
            [
                {"name": name, "value": value, "url": self.town, "expires": at},
                {"name": "django_language", "value": "zh-hans", "url": self.town, "expires": at},
            ]
        )
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE)
        self.context.set_offline(offline)
        page.goto(self.town + address)
        return page

    def fill(self) -> None:
        page = self.start(self.plan.to)
        page.wait_for_selector("[data-bound]")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        for name, value in self.plan.fields:
            found = page.locator(f'[name="{name}"]')
            if found.first.get_attribute("type") == "radio":
                page.locator(f'[name="{name}"][value="{value}"]').check(force=True)
            elif found.first.is_visible():
                found.first.fill(value)
        page.locator("[data-locate]").click()
        expect(page.locator('[name="lon"]')).to_have_value(re.compile(r"121\."), timeout=PATIENCE)
        boxes = page.locator(f"[data-photos='{self.plan.under}']")
        for number, file in enumerate(self.files, 1):
            boxes.locator("input[type=file]").last.set_input_files(file)
            expect(boxes.locator("img")).to_have_count(number, timeout=PATIENCE)
        expect(page.locator("[data-draft-state]")).to_have_text(KEPT, timeout=PATIENCE)

    def send_and_die(self) -> None:
        """Press the button, with a net or without, and die a moment later."""
        assert self.context is not None
        page = self.context.pages[-1]
        offline = self.chance.random() < 0.4
        self.context.set_offline(offline)
        self._die(
            lambda: page.locator("form[data-outbox] .form-actions button").click(),
            "without a net" if offline else "sending",
        )

    def wake_and_die(self) -> None:
        """Look at what waits, which sends it, and die again."""
        page = self.start("/field/", offline=False)
        self._die(lambda: page.evaluate("dispatchEvent(new Event('online'))"), "sending again")

    def _die(self, act: object, how: str) -> None:
        assert self.context is not None
        page = self.context.pages[-1]  # once it is dead, the context has none
        killer = Thread(target=self._kill, args=(self.chance.random() * LATEST,))
        killer.start()
        try:
            act()  # type: ignore[operator]
            page.wait_for_timeout(LATEST * 2000)
        except Error:
            pass  # it died on the way
        killer.join()
        self.deaths[how] += 1
        with contextlib.suppress(Error):
            self.context.close()
        self.context = None

    def _kill(self, after: float) -> None:
        time.sleep(after)
        mine = f"--user-data-dir={self.profile}"
        for process in psutil.process_iter(["cmdline"]):
            if mine in (process.info["cmdline"] or ()):
                process.send_signal(signal.SIGKILL)

    def heal(self) -> None:
        """With a net again: what is a draft yet is sent by hand, and what waits is sent by itself."""
        page = self.start("/field/")
        page.wait_for_selector("[data-bound], [data-outbox-list]", state="attached")
        page.wait_for_timeout(500)
        waiting = page.locator("[data-outbox-list] li")
        if waiting.filter(has_text="未提交").count():
            page.goto(self.town + self.plan.to)
            page.wait_for_selector("[data-bound]")
            expect(page.locator("[data-photos] img")).to_have_count(len(self.files), timeout=PATIENCE)
            page.locator("form[data-outbox] .form-actions button").click()
            page.wait_for_url("**/field/")
            self.deaths["found as a draft"] += 1
        try:
            expect(waiting).to_have_count(0, timeout=PATIENCE)
        except AssertionError as fault:
            raise AssertionError(f"what waits says: {waiting.all_inner_texts()}") from fault
        assert self.context is not None
        self.context.close()


@pytest.mark.browser
@pytest.mark.chaos
@pytest.mark.skipif(chromium() is None, reason="there is no Chromium on this machine: install the package chromium")
def test_what_chromium_kept_arrives_once_however_often_it_is_killed(web: str, tmp_path: Path) -> None:
    chance = random.Random(20261201)
    unit = a_unit("centre")
    place = the_place(unit)
    lay_checklists()
    pictures = {name: base64.b64decode(data) for name, data in photos(6, chance).items()}
    for name, data in pictures.items():
        (tmp_path / name).write_bytes(data)
    made = [plan for plan in plans(24, unit, place, list(pictures), chance) if plan.kind != "report"]
    deaths: Counter[str] = Counter()
    with sync_playwright() as playwright:
        for number, (_to, group) in enumerate(groupby(made, key=lambda plan: plan.to)):
            phones = [
                Phone(
                    playwright=playwright,
                    profile=tmp_path / f"phone-{number}-{which}",
                    town=web,
                    plan=plan,
                    files=[tmp_path / name for name in plan.photos],
                    chance=chance,
                )
                for which, plan in enumerate(group)
            ]
            go(phones, chance)
            for phone in phones:
                deaths += phone.deaths
    print(f"\n{len(made)} phones; {dict(deaths)}")
    for plan in made:
        assert arrived(plan) == [len(plan.photos)], plan
    check_conflicts(made)
    assert deaths["without a net"] + deaths["sending"] + deaths["sending again"] >= 20


def go(phones: Sequence[Phone], chance: random.Random) -> None:
    for phone in phones:
        phone.fill()
    for phone in phones:
        phone.send_and_die()
    for phone in phones:
        for _again in range(chance.randrange(2)):
            phone.wake_and_die()
    for phone in phones:
        phone.heal()
