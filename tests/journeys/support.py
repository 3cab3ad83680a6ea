"""For the journeys of a real browser: a running demo town, people signed in, pictures, axe.

    def test_the_leader_opens_a_promise(walk: Walk) -> None:
        page = walk.as_("leader").open("/cockpit/")
        walk.clean(page)               # axe finds nothing
        walk.picture(page, "cockpit")  # test-results/cockpit-1440-light-zh.png

The town is built once for a run, in a database of its own beside the tests' database, and served by
the same program as in production.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError

import psycopg
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests import migrated

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "test-results"
DATABASE = "zhen_journeys"
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
)
SIZES = {"desktop": (1440, 900), "phone": (390, 844), "wall": (3840, 2160)}
STARTS_WITHIN = 120.0
PATIENCE = 90_000
QUIET_FONTS = """async () => {
  await new Promise((wait) => setTimeout(wait, 400));
  await document.fonts.ready;
  return document.fonts.status === "loaded";
}"""
"""Files of the bundled font are asked for as their characters come up: wait until nothing more comes."""

HIDDEN = """() => {
  const main = document.querySelector(".field-shell main");
  return main ? main.scrollHeight - main.clientHeight : 0;
}"""
"""Pixels of the page that one scrolls to."""


def chromium() -> str | None:
    """The browser of this machine, if it has one."""
    return next((path for path in CHROMIUM if Path(path).exists()), None)


@dataclass(frozen=True, kw_only=True)
class Town:
    """A running demo town."""

    url: str
    database_url: str
    sessions: dict[str, Any] = field(default_factory=dict)
    """Cookies of those who have signed in: each person does so once in a run."""
    environment: dict[str, str] = field(default_factory=dict, repr=False)

    def run(self, *words: str) -> str:
        """What a program beside the town says."""
        done = subprocess.run(
            (sys.executable, *words), env=self.environment, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        return done.stdout


@contextmanager
def running_town() -> Iterator[Town]:
    """The demo town in a fresh database, served on a free port."""
    with ExitStack() as stack:
        address = stack.enter_context(_database())
        environment = {**os.environ, "DATABASE_URL": address, "ZHEN_DEMO": "1", "ZHEN_SCALE": "small"}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        zhen = [sys.executable, "-m", "zhen.project.cli"]
        subprocess.run([*zhen, "prepare"], env=environment, check=True, stdout=subprocess.DEVNULL, timeout=600)
        port = free_port()
        server = [sys.executable, "-m", "granian", "--interface", "asginl", "--host", "127.0.0.1", "--port", str(port)]
        process = subprocess.Popen(
            [*server, "zhen.project.asgi:application"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        stack.callback(stop, process)
        town = Town(url=f"http://127.0.0.1:{port}", database_url=address, environment=environment)
        _wait_for(town.url)
        yield town


@contextmanager
def _database() -> Iterator[str]:
    parts = conninfo_to_dict(os.environ["DATABASE_URL"])
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE))
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(drop)
        begin = migrated.name() if migrated.is_kept(connection) else "template1"
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(DATABASE), sql.Identifier(begin))
        )
        user, host = parts.get("user"), parts.get("host")
        port, password = parts.get("port"), parts.get("password")
        secret = f":{password}" if password else ""
        if host and str(host).startswith("/"):
            yield make_conninfo(**{**parts, "dbname": DATABASE})
        else:
            yield f"postgresql://{user}{secret}@{host}:{port}/{DATABASE}"
        connection.execute(drop)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=30):
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.3)
    raise TimeoutError(f"the town did not answer at {url} within {STARTS_WITHIN:.0f} s")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))


@dataclass
class Walk:
    """One test's way through the town: who walks, on what screen, in which language and theme."""

    town: Town
    browser: Browser
    who: str = ""
    size: str = "desktop"
    theme: str = "light"
    language: str = "zh-hans"
    context: BrowserContext | None = None
    faults: list[str] = field(default_factory=list)

    def as_(self, who: str = "", *, size: str = "desktop", theme: str = "light", language: str = "zh-hans") -> Walk:
        """Start afresh as somebody: the name of a demo account, or nobody."""
        self.close()
        self.who, self.size, self.theme, self.language = who, size, theme, language
        width, height = SIZES[size]
        options: dict[str, Any] = {
            "viewport": {"width": width, "height": height},
            "color_scheme": theme,
            "base_url": self.town.url,
            "locale": "zh-CN" if language == "zh-hans" else "en-GB",
            "reduced_motion": "reduce",
        }
        self.context = self.browser.new_context(**options)
        self.context.add_cookies([{"name": "django_language", "value": language, "url": self.town.url}])
        self.context.set_default_timeout(PATIENCE)
        if who:
            self.context.add_cookies(self._session_of(who))
        return self

    def _session_of(self, who: str) -> Any:
        """The session cookie of a demo account, from its button on the sign-in page."""
        if who not in self.town.sessions:
            page = self.open("/accounts/login/")
            page.locator(f'button[name="username"][value="{who}"]').click()
            page.wait_for_url(lambda url: "/login/" not in url)
            page.close()
            assert self.context is not None
            self.town.sessions[who] = [cookie for cookie in self.context.cookies() if cookie["name"] == "sessionid"]
        return self.town.sessions[who]

    def open(self, address: str) -> Page:
        """Open a page and wait until it has drawn itself: fonts, and the map if there is one."""
        assert self.context is not None, "say who walks first: walk.as_()"
        page = self.context.new_page()
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.on("console", self._hear)
        page.goto(address)
        self.settle(page)
        return page

    def _hear(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.faults.append(message.text)

    def settle(self, page: Page) -> None:
        page.wait_for_load_state("load")
        page.wait_for_function(QUIET_FONTS, timeout=60_000)
        if page.locator("[data-map]").count():
            page.locator("[data-map][data-drawn]").first.wait_for(timeout=60_000)

    def picture(self, page: Page, name: str, *, whole: bool = False) -> None:
        """A picture to look at, named by what, size, theme and language."""
        RESULTS.mkdir(exist_ok=True)
        width, height = SIZES[self.size]
        hidden = page.evaluate(HIDDEN) if whole else 0
        if hidden:  # the field face scrolls within its window
            page.set_viewport_size({"width": width, "height": height + hidden})
        page.screenshot(path=RESULTS / f"{name}-{width}-{self.theme}-{self.language[:2]}.png", full_page=whole)
        if hidden:
            page.set_viewport_size({"width": width, "height": height})

    def clean(self, page: Page) -> None:
        """axe finds nothing, nothing broke, and the policy stopped nothing."""
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        found = Axe().run(page, options=options).response["violations"]
        told = [f"{v['id']}: {node['html'][:200]} {node['failureSummary']}" for v in found for node in v["nodes"][:3]]
        assert told == [], told
        assert self.faults == [], self.faults

    def close(self) -> None:
        if self.context is not None:
            self.context.close()
            self.context = None
        self.faults.clear()
