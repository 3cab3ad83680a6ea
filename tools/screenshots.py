"""The pictures of the documentation: `python tools/screenshots.py [ADDRESS]`, with the demo town running there."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
BROWSER = "/usr/bin/chromium"
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZES = {"1440": (1440, 900), "390": (390, 844)}
WALL = (3840, 2160)
PASSWORD = "changzheng-demo"
SHOWN = (  # name, who looks, address
    ("portal", "", "/"),
    ("plan", "", "/plan/"),
    ("cockpit", "leader", "/cockpit/"),
    ("desk", "community", "/desk/"),
    ("review", "planner", "/desk/plan/review/2/"),
    ("targets", "planner", "/desk/plan/targets/"),
    ("areas", "planner", "/desk/places/areas/"),
)


def main(address: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=SWITCHES)
        for size, (width, height) in SIZES.items():
            for name, user, path in SHOWN:
                picture(browser, address, user, path, PICTURES / f"{name}-{size}.png", width, height)
        wall = PICTURES / "cockpit-wall.png"
        picture(browser, address, "leader", "/cockpit/", wall, *WALL, dark=True)
        browser.close()


def picture(
    browser: Browser, address: str, user: str, path: str, to: Path, width: int, height: int, *, dark: bool = False
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    if user:
        sign_in(page, address, user)
    page.goto(address + path)
    page.wait_for_load_state("load")
    page.wait_for_timeout(1500)  # the map draws its tiles after the page has loaded
    page.screenshot(path=to)
    print(to.name, flush=True)
    context.close()


def sign_in(page: Page, address: str, user: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form:has(input[name=password]) button[type=submit]")
    page.wait_for_url(lambda url: "login" not in url)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
