"""The desk for cases: what comes in is dispatched, handled, held for rain, extended and reported done."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.support import Walk

pytestmark = pytest.mark.browser


def submit(page: Page, deed: str) -> None:
    page.locator(f"#do-{deed} form .button.primary").click()
    page.wait_for_load_state("load")


def open_deed(page: Page, deed: str) -> None:
    page.locator(f"#do-{deed} > summary").click()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_inbox_and_a_case_are_clean(walk: Walk, size: str) -> None:
    page = walk.as_("dispatcher", size=size).open("/desk/cases/")
    page.locator("[data-map][data-spots]").wait_for()
    walk.picture(page, "cases-inbox", whole=size == "phone")
    walk.clean(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    page.locator(".case-row .row-link").first.click()
    page.locator(".case-page").wait_for()
    walk.settle(page)
    walk.picture(page, "case", whole=True)
    walk.clean(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


def test_a_case_is_dispatched_by_keyboard_handled_held_for_rain_extended_and_reported_done(walk: Walk) -> None:
    page = walk.as_("dispatcher").open("/desk/cases/?queue=new&type=grid.case")
    page.keyboard.press("j")
    page.keyboard.press("d")
    page.wait_for_url("**/desk/cases/WG-*/")
    walk.settle(page)
    expect(page.locator("#do-dispatch")).to_have_attribute("open", "")
    number = page.url.rstrip("/").split("/")[-1]
    unit = page.locator("#dispatch-unit option", has_text="社区").first.get_attribute("value")
    page.locator("#dispatch-unit").select_option(unit)
    walk.picture(page, "case-dispatch")
    submit(page, "dispatch")

    clerk = walk.as_("clerk").open(f"/desk/cases/{number}/")
    open_deed(clerk, "accept")
    submit(clerk, "accept")
    open_deed(clerk, "pause")
    clerk.locator("#pause-reason").fill("下雨，不能铺路面")
    submit(clerk, "pause")
    expect(clerk.locator(".clocks")).to_contain_text("暂停中")
    open_deed(clerk, "resume")
    submit(clerk, "resume")

    open_deed(clerk, "extend")
    clerk.locator("#extend-deadline").select_option("handle")
    clerk.locator("#extend-amount").fill("2")
    clerk.locator("#extend-reason").fill("等待配件")
    submit(clerk, "extend")

    centre = walk.as_("dispatcher").open(f"/desk/cases/{number}/")
    open_deed(centre, "decide")
    centre.locator("#decide-deadline_0").check()
    centre.locator("#decide-answer_0").check()
    walk.picture(centre, "case-decide")
    submit(centre, "decide")

    clerk = walk.as_("clerk").open(f"/desk/cases/{number}/")
    open_deed(clerk, "finish")
    clerk.locator("#finish-result").fill("已更换井盖")
    clerk.locator("#finish-outcome_0").check()
    clerk.locator("#finish-reason").fill("夜间作业，照片不清")
    submit(clerk, "finish")
    expect(clerk.locator(".story")).to_contain_text("已更换井盖")
    expect(clerk.locator(".story")).to_contain_text("等待配件")
    walk.picture(clerk, "case-story", whole=True)
    walk.clean(clerk)
