"""Works and what the plan says of them: from a promise to the photo that shows it, and what residents see."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.support import Walk

pytestmark = pytest.mark.browser

PROMISES = (
    ("7个小区屋面及相关设施改造", "planning", "7"),
    ("2个小区雨污水分流改造", "planning", "2"),
    ("4个小区综合改造", "planning", "4"),
    ("确保库内数据逐步减少", "safety", "20"),
    ("3个100%", "planning", "100"),
)
"""Words of the plan, who opens its records, and what they come to in the demo's year."""


def pictures(page: Page) -> int:
    """How many pictures of the page's files have arrived."""
    first = page.locator(".files img").first
    first.scroll_into_view_if_needed()
    page.wait_for_function("(image) => image.complete", arg=first.element_handle())
    return int(page.evaluate("[...document.querySelectorAll('.files img')].filter((one) => one.naturalWidth).length"))


@pytest.mark.parametrize(("words", "who", "value"), PROMISES)
def test_a_value_of_the_plan_opens_to_its_records_and_their_pictures(
    walk: Walk, words: str, who: str, value: str
) -> None:
    page = walk.as_(who).open("/plan/")
    figure = page.locator(".figure", has_text=words)
    expect(figure.locator("data")).to_have_attribute("value", value)
    figure.locator(".figure-evidence").click()

    expect(page.locator(".figure.big data")).to_have_attribute("value", value)
    records = page.locator("#evidence tbody a")
    assert records.count() > 0
    if words == PROMISES[0][0]:
        walk.picture(page, "plan-target", whole=True)
        walk.clean(page)
    records.first.click()
    expect(page.locator("h1")).to_be_visible()
    walk.settle(page)
    assert pictures(page) > 0


def test_a_stock_that_falls_opens_to_what_it_was(walk: Walk) -> None:
    page = walk.as_("safety").open("/plan/")
    page.locator(".figure", has_text="确保库内数据逐步减少").locator(".figure-label a").click()
    page.locator("#evidence").get_by_role("link", name="对比").click()
    rows = page.locator("#evidence tbody a")
    expect(rows).to_have_count(10)
    expect(rows.first).to_contain_text("WJ-2019-")


def test_a_head_looks_at_the_schedule_the_map_and_a_project(walk: Walk) -> None:
    page = walk.as_("planning").open("/desk/renewal/overview/")
    expect(page.locator(".schedule-row rect").first).to_be_visible()
    walk.picture(page, "renewal-overview", whole=True)
    walk.clean(page)
    page = walk.open("/desk/renewal/map/")
    walk.picture(page, "renewal-map")
    walk.clean(page)
    page = walk.open("/desk/renewal/projects/?kind=roof&stage=accepted")
    page.locator("tbody a.row-link").first.click()
    walk.settle(page)
    walk.picture(page, "renewal-project", whole=True)
    walk.clean(page)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_resident_slides_from_before_to_after_by_keyboard(walk: Walk, size: str) -> None:
    page = walk.as_("", size=size).open("/renewal/works/?kind=roof&stage=accepted")
    walk.clean(page)
    page.locator("a", has_text="屋面及相关设施改造").first.click()
    walk.settle(page)
    slider = page.locator("[data-pair] input[type=range]").first
    slider.focus()
    start = slider.input_value()
    for _time in range(5):
        page.keyboard.press("ArrowRight")
    assert int(slider.input_value()) == int(start) + 5
    assert slider.get_attribute("aria-valuetext") == f"{slider.input_value()} %"
    page.keyboard.press("Home")
    assert slider.input_value() == "0"
    walk.picture(page, "renewal-work", whole=True)
    walk.clean(page)
