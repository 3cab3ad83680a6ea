"""How the field app does on a phone: `python tools/lighthouse.py [ADDRESS] [--runs N]`, with the demo town there.

Signs in as a grid worker and prints progress, then one JSON object on its last line: the middle one of several runs of
Lighthouse for each page, whether Chromium would install the app, what the page's scripts weigh, and after how many
milliseconds something is seen for the first time over a slow 3G line (400 kbit/s, 400 ms there and back).
Lighthouse has a lock of its own in tools/lighthouse and is installed there on first use: no other set-up waits for it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import setup
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
OWN = ROOT / "tools" / "lighthouse"
LIGHTHOUSE = OWN / "node_modules" / "lighthouse" / "cli" / "index.js"
BROWSER = "/usr/bin/chromium"
SWITCHES = ("--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-component-update")
TRIES = 3
CATEGORIES = ("performance", "accessibility", "best-practices")
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
FIRST_SEEN = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
SCRIPTS = """() => performance.getEntriesByType("resource").filter((one) => one.name.endsWith(".js"))
  .reduce((sum, one) => sum + one.decodedBodySize, 0)"""


def main(address: str, runs: int) -> int:
    node = installed()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=list(SWITCHES))
        context = browser.new_context(base_url=address, viewport={"width": 390, "height": 844}, locale="zh-CN")
        page = signed_in(context)
        pages = {"home": "/field/", "report": "/field/report/", "visit": first_visit(page)}
        found: dict[str, Any] = {"address": address}
        say("installing …")
        found["installable"] = not (faults := install_faults(context, page))
        found["install_faults"] = faults
        say("over a slow line …")
        found["slow_3g_first_view_ms"] = round(median(first_view(browser, context, address) for _ in range(3)))
        found["script_bytes"] = weigh(page)
        cookies = context.cookies()
        browser.close()
        with tempfile.TemporaryDirectory() as profile:
            # Lighthouse joins a browser in which somebody is signed in: of scripts, too, not only of pages
            phone = playwright.chromium.launch_persistent_context(
                profile, executable_path=BROWSER, args=[*SWITCHES, "--remote-debugging-port=0"]
            )
            phone.add_cookies([{"name": one["name"], "value": one["value"], "url": address} for one in cookies])
            port = Path(profile, "DevToolsActivePort").read_text().split()[0]
            for name, path in pages.items():
                say(f"{name}: {path}")
                found[name] = scores(node, address + path, port, runs)
            phone.close()
    print(json.dumps(found, ensure_ascii=False))
    good = all(found[name]["performance"] >= 90 and found[name]["accessibility"] == 100 for name in pages)
    return 0 if good and found["installable"] and found["slow_3g_first_view_ms"] < 2000 else 1


def installed() -> str:
    """Lighthouse of the locked version, and the Node that runs it."""
    os.chdir(ROOT)
    try:
        with setup.one_at_a_time():
            node = setup.find_node()
            lock = [OWN / "package.json", OWN / "package-lock.json"]
            command = (node, *setup.npm(node), "ci", "--prefix", str(OWN))
            setup.step("Lighthouse", lock, lambda: setup.run(*command), LIGHTHOUSE, extra=node)
    except setup.CannotSetUp as fault:
        sys.exit(f"Lighthouse cannot be installed: {fault}")
    return node


def say(text: str) -> None:
    print(text, flush=True)


def signed_in(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator('button[name="username"][value="grid"]').click()
    page.wait_for_url(lambda url: "/login/" not in url)
    return page


def first_visit(page: Page) -> str:
    page.goto("/field/")
    return str(page.locator('a[href*="/field/visits/"]').first.get_attribute("href"))


def install_faults(context: BrowserContext, page: Page) -> list[str]:
    """What Chromium says against putting the app on the home screen."""
    page.goto("/field/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    answer = context.new_cdp_session(page).send("Page.getInstallabilityErrors")
    # a browser without a window of its own, and one in a private window, install nothing: not the app's fault
    return [one["errorId"] for one in answer["installabilityErrors"] if one["errorId"] not in ("in-incognito",)]


def first_view(browser: Browser, known: BrowserContext, address: str) -> float:
    """As of somebody who is signed in and has never opened the app on this phone."""
    context = browser.new_context(base_url=address, viewport={"width": 390, "height": 844}, locale="zh-CN")
    context.add_cookies([{"name": one["name"], "value": one["value"], "url": address} for one in known.cookies()])
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_3G)
    page.goto("/field/")
    seen = float(page.wait_for_function(FIRST_SEEN).json_value())
    context.close()
    return seen


def weigh(page: Page) -> int:
    page.goto("/field/")
    page.wait_for_selector("[data-bound]")
    return int(page.evaluate(SCRIPTS))


def scores(node: str, address: str, port: str, runs: int) -> dict[str, int]:
    every = [one_run(node, address, port) for _ in range(runs)]
    return {name: round(median(run[name] for run in every)) for name in CATEGORIES}


def one_run(node: str, address: str, port: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = (
            node, str(LIGHTHOUSE), address, "--quiet", "--output=json", f"--output-path={report}",
            f"--port={port}", f"--only-categories={','.join(CATEGORIES)}",
        )  # fmt: skip
        for left in range(TRIES, 0, -1):  # it sometimes misses the beginning of the navigation, and says so
            done = subprocess.run(command, check=left == 1, timeout=300, stdout=subprocess.DEVNULL)
            if done.returncode == 0:
                break
        told = json.loads(report.read_text())
    bad = [audit["id"] for audit in told["audits"].values() if audit["score"] is not None and audit["score"] < 0.5]
    result = {name: 100 * (told["categories"][name]["score"] or 0) for name in CATEGORIES}
    say(f"  {result} {' '.join(sorted(bad))}")
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:8000")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    sys.exit(main(given.address, given.runs))
