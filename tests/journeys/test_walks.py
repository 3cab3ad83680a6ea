"""People on their way through the town."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.support import Walk

pytestmark = pytest.mark.browser


def test_a_leader_reads_a_shape_opens_a_number_and_a_promise(walk: Walk) -> None:
    page = walk.as_("leader").open("/cockpit/")
    first = page.locator(".marks a").first
    text = first.get_attribute("data-says") or ""

    first.focus()
    expect(page.locator("[data-reading]")).to_contain_text(text[:10])
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.says") != text

    page.locator(".statement-words a").first.click()
    expect(page.locator("h1")).to_be_visible()
    page.locator("tbody a.row-link").first.click()
    expect(page.locator("h1")).to_be_visible()


def test_a_clerk_walks_a_list_by_keyboard_and_comes_back(walk: Walk) -> None:
    page = walk.as_("economy", language="en").open("/desk/identity/people/")

    page.keyboard.press("j")
    page.keyboard.press("j")
    name = page.locator("tr[aria-current] .row-link").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(name)
    page.go_back()
    expect(page).to_have_url(f"{walk.town.url}/desk/identity/people/")


def test_a_filter_goes_to_the_address_and_can_be_kept(walk: Walk) -> None:
    page = walk.as_("economy", language="en").open("/desk/identity/people/")
    choice = page.locator("form[data-filters] select").first
    choice.select_option(index=1)
    page.wait_for_url("**/people/?*")
    page.get_by_text("Saved views").click()
    page.locator("#view-name").fill("mine")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("status")).to_contain_text("mine")


def test_ctrl_k_finds_a_page_by_the_initials_of_its_pinyin(walk: Walk) -> None:
    page = walk.as_("economy").open("/desk/")
    page.keyboard.press("Control+k")
    page.locator("#search input").type("ry")
    hit = page.locator("#search [role=option]").first
    expect(hit).to_contain_text("人员")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{walk.town.url}/desk/identity/people/")


def test_the_question_mark_shows_the_keys(walk: Walk) -> None:
    page = walk.as_("economy", language="en").open("/desk/")
    page.keyboard.press("?")

    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_a_resident_reads_without_scripts(walk: Walk) -> None:
    walk.as_("")
    assert walk.context is not None
    context = walk.browser.new_context(java_script_enabled=False, base_url=walk.town.url, locale="zh-CN")
    page = context.new_page()
    page.goto("/")
    page.locator("#near-choice").select_option(index=3)
    page.locator(".near form button").click()

    assert "near=" in page.url
    context.close()


def test_language_and_theme_change_at_once_and_stay(walk: Walk) -> None:
    page = walk.as_("", language="zh-hans").open("/")
    page.locator("details.menu summary").first.click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("details.menu summary").first.click()
    page.get_by_role("button", name="Dark").click()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(20, 25, 23)"


def test_the_skip_link_is_the_first_stop(walk: Walk) -> None:
    page = walk.as_("economy", language="en").open("/desk/")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"


def test_a_page_is_light(walk: Walk) -> None:
    """Under 300 kB compressed without map and without the font that machines with Chinese never load."""
    walk.as_("economy")
    assert walk.context is not None
    page = walk.context.new_page()
    session = walk.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: dict[str, float] = {}
    urls: dict[str, str] = {}
    session.on("Network.responseReceived", lambda told: urls.update({told["requestId"]: told["response"]["url"]}))
    session.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}))
    page.goto("/desk/identity/people/")
    page.wait_for_timeout(1500)
    weight = sum(size for key, size in sizes.items() if "noto-sans" not in urls[key] and "fonts-" not in urls[key])

    assert weight < 300_000
