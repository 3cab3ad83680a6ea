"""Residents on a phone: report with a photo and a pin, follow a neighbour's report, rate, say that it is not solved."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.journeys.support import Walk
from tests.journeys.test_cases import open_deed, submit

pytestmark = pytest.mark.browser
LANE = "听泉路158弄2号"


def a_photo() -> FilePayload:
    data = BytesIO()
    Image.new("RGB", (320, 240), "#8a6d3b").save(data, "JPEG")
    return FilePayload(name="垃圾.jpg", mimeType="image/jpeg", buffer=data.getvalue())


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


def fill(page: Page, title: str) -> None:
    """The form with an address chosen by keyboard from what the town suggests: it sets the pin."""
    page.locator("#id_title").fill(title)
    page.locator("#id_address").press_sequentially(LANE)
    page.locator("#places [role=option]").first.wait_for()
    page.wait_for_load_state("networkidle")  # the list is drawn anew with each answer
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-where]")).to_contain_text(f"{LANE}附近")
    expect(page.locator(".pin")).to_be_visible()


def secret_of(page: Page) -> tuple[str, str]:
    return page.locator(".facts dd b").first.inner_text(), page.locator(".facts code").inner_text()


def opened(walk: Walk, number: str, secret: str, size: str = "phone") -> Page:
    page = walk.as_(size=size).open("/report/track/")
    page.locator("#id_number").fill(number)
    page.locator("#id_secret").fill(secret)
    page.locator(".form .primary").click()
    page.locator(".stages").wait_for()
    return page


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_what_is_being_done_near_and_the_open_figures_are_clean(walk: Walk, size: str) -> None:
    page = walk.as_(size=size).open("/near/")
    page.locator("[data-map][data-spots]").wait_for()
    walk.picture(page, "near", whole=size == "phone")
    walk.clean(page)
    fits(page)
    page.locator("#near-place").press_sequentially(LANE)
    page.locator("#near-places [role=option]").first.click()
    page.wait_for_url("**place=**")
    page.goto("/near/?progress=under_way")
    page.locator(".near-list .row-link").first.click()
    page.locator(".stages").wait_for()
    walk.settle(page)
    walk.picture(page, "near-case", whole=True)
    walk.clean(page)
    fits(page)
    page = walk.open("/figures/")
    walk.picture(page, "open-figures", whole=True)
    walk.clean(page)
    fits(page)


def test_a_pin_is_put_and_moved_with_the_keyboard_and_the_position_is_asked_once(walk: Walk) -> None:
    walk.as_(size="phone")
    assert walk.context is not None
    page = walk.open("/report/")
    page.locator("[data-pin-middle]").click()
    field = page.locator("#id_lon")
    first = field.input_value()
    assert page.evaluate("document.activeElement.className").startswith("pin")
    page.keyboard.press("Shift+ArrowRight")
    assert float(field.input_value()) > float(first)

    walk.context.grant_permissions(["geolocation"])
    walk.context.set_geolocation({"longitude": 121.3664, "latitude": 31.2531})
    page.locator("[data-position]").click()
    expect(field).to_have_value("121.366400")
    expect(page.locator("[data-where]")).to_contain_text("听泉路158弄")
    walk.context.set_geolocation({"longitude": 121.6, "latitude": 31.2531})
    page.locator("[data-position]").click()
    expect(page.locator("[data-where]")).to_contain_text("不在本镇范围内")
    walk.clean(page)


def test_a_report_comes_back_is_rated_and_opened_again(walk: Walk) -> None:
    page = walk.as_(size="phone").open("/report/")
    walk.clean(page)
    fits(page)
    fill(page, "垃圾堆在门口没人清")
    page.locator("#id_category").select_option(index=2)
    page.locator("#id_photos").set_input_files([a_photo()])
    page.locator(".file img").wait_for()
    page.locator(".file button").wait_for()
    walk.picture(page, "report-filled", whole=True)
    walk.clean(page)
    page.locator(".form-actions .primary").click()
    page.wait_for_load_state("load")
    if page.locator("[data-known][role=alert]").count():
        page.locator(".form-actions .primary").click()
        page.wait_for_load_state("load")
    number, secret = secret_of(page)
    assert re.fullmatch(r"WG-\d{4}-\d{6}", number)
    walk.picture(page, "report-done", whole=True)
    walk.clean(page)

    page = opened(walk, number, secret)
    page.locator("#id_say_text").fill("今天又多了一堆")
    page.locator("form[action$='/say/'] .primary").click()
    expect(page.locator(".told")).to_contain_text("今天又多了一堆")
    expect(page.locator(".tracked img")).to_have_count(1)
    walk.settle(page)
    walk.picture(page, "report-tracked", whole=True)
    walk.clean(page)
    fits(page)

    centre = walk.as_("dispatcher").open(f"/desk/cases/{number}/")
    open_deed(centre, "dispatch")
    unit = centre.locator("#dispatch-unit option", has_text="社区").first.get_attribute("value")
    centre.locator("#dispatch-unit").select_option(unit)
    submit(centre, "dispatch")
    clerk = walk.as_("clerk").open(f"/desk/cases/{number}/")
    open_deed(clerk, "accept")
    submit(clerk, "accept")
    open_deed(clerk, "finish")
    clerk.locator("#finish-result").fill("已清运")
    clerk.locator("#finish-outcome_0").check()
    clerk.locator('#do-finish input[name="evidence-new"]').first.set_input_files([a_photo()])
    expect(clerk.locator('#do-finish input[type=hidden][name="evidence"]')).to_have_count(1)
    submit(clerk, "finish")
    centre = walk.as_("dispatcher").open(f"/desk/cases/{number}/")
    open_deed(centre, "close")
    submit(centre, "close")

    page = opened(walk, number, secret)
    expect(page.locator(".facts")).to_contain_text("已清运")
    page.locator("#id_rate_rating_3").check()
    page.locator("#id_rate_reason").fill("只清了一半")
    page.locator("form[action$='/rate/'] .primary").click()
    expect(page.locator(".facts")).to_contain_text("2 / 5")
    walk.settle(page)
    walk.picture(page, "report-rated", whole=True)
    walk.clean(page)
    page.locator("#id_reopen_reason").fill("还有一半没清")
    page.locator("form[action$='/reopen/'] .primary").click()
    expect(page.locator(".stages")).to_contain_text("尚未到达")
    expect(page.locator("form[action$='/reopen/']")).to_have_count(0)
    walk.clean(page)


def test_a_neighbour_follows_instead_of_reporting_again(walk: Walk) -> None:
    page = walk.as_(size="phone").open("/report/")
    fill(page, "楼道里堆满了旧家具")
    page.locator(".form-actions .primary").click()
    page.wait_for_load_state("load")
    number, _secret = secret_of(page)

    page = walk.as_(size="phone").open("/report/")
    fill(page, "楼道堆满旧家具")
    mine = page.locator(".similar li", has_text=number)
    mine.wait_for()
    walk.picture(page, "report-similar", whole=True)
    walk.clean(page)
    mine.locator(".button").click()
    page.wait_for_load_state("load")
    followed, secret = secret_of(page)
    assert followed == number
    expect(page.locator(".facts")).to_contain_text("连您在内 2 位居民")
    walk.clean(page)

    page = opened(walk, number, secret)
    expect(page.locator("main")).not_to_contain_text("旧家具")
    walk.clean(page)


def test_without_scripts_an_address_in_words_is_enough(walk: Walk) -> None:
    context = walk.browser.new_context(base_url=walk.town.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto("/report/")
    assert not page.locator(".pin-map").is_visible()
    page.locator("#id_title").fill("路灯不亮了")
    page.locator("#id_address").fill(LANE)
    page.locator(".form-actions .primary").click()
    if page.locator("[data-known][role=alert]").count():
        page.locator(".form-actions .primary").click()
    assert page.locator(".facts code").inner_text()
    context.close()
