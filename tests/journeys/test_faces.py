"""Each face on each screen: axe finds nothing, nothing breaks, and there is a picture to look at."""

from __future__ import annotations

import pytest

from tests.journeys.support import Walk

pytestmark = pytest.mark.browser

PAGES = {
    "portal": ("", "/"),
    "sign-in": ("", "/accounts/login/"),
    "style-guide": ("", "/style-guide/"),
    "not-found": ("", "/nowhere/"),
    "offline": ("", "/field/offline/"),
    "desk": ("economy", "/desk/"),
    "search": ("economy", "/search/?q=计划"),
    "people": ("economy", "/desk/identity/people/"),
    "field": ("grid", "/field/"),
    "field-report": ("grid", "/field/report/"),
    "register-for-somebody": ("counter", "/desk/cases/new/"),
    "cockpit": ("leader", "/cockpit/"),
    "cockpit-promises": ("leader", "/cockpit/promises/?standing=behind"),
}
SCREENS = (("desktop", "light", "zh-hans"), ("phone", "dark", "zh-hans"), ("phone", "light", "en"))


@pytest.mark.parametrize("screen", SCREENS, ids="-".join)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_clean(walk: Walk, name: str, screen: tuple[str, str, str]) -> None:
    who, address = PAGES[name]
    size, theme, language = screen
    page = walk.as_(who, size=size, theme=theme, language=language).open(address)

    walk.picture(page, name, whole=True)
    walk.clean(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_wall_shows_the_plan_without_scrolling_to_it(walk: Walk, theme: str) -> None:
    page = walk.as_("leader", size="wall", theme=theme).open("/cockpit/")

    walk.picture(page, "cockpit")
    walk.clean(page)
    bottom = page.locator(".chapter").last.bounding_box()
    assert bottom is not None
    assert bottom["y"] + bottom["height"] < 2160
    assert float(page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")) >= 32
