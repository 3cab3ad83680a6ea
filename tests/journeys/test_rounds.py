"""Rounds and upkeep in a real browser: the desk's pages, and a visit on a phone that loses its signal."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.support import Walk

pytestmark = pytest.mark.browser


def test_the_desk_sees_campaigns_visits_findings_and_the_stock(walk: Walk) -> None:
    for size in ("desktop", "phone"):
        page = walk.as_("safety", size=size).open("/desk/rounds/campaigns/")
        walk.clean(page)
        walk.picture(page, "rounds-campaigns")
        page.get_by_role("link", name="重点场所消防和安全生产检查").click()
        walk.settle(page)
        walk.clean(page)
        walk.picture(page, "rounds-campaign", whole=True)
        for address, name in (
            ("/desk/rounds/visits/?outcome=seen", "rounds-visits"),
            ("/desk/rounds/findings/", "rounds-findings"),
            ("/desk/rounds/checklists/", "rounds-checklists"),
            ("/desk/rounds/checklists/upkeep.safety@1/", "rounds-checklist"),
            ("/desk/rounds/campaign_new/", "rounds-campaign-new"),
            ("/desk/upkeep/premises/", "upkeep-premises"),
            ("/desk/upkeep/structures/", "upkeep-structures"),
            ("/inspections/draws/", "rounds-draws"),
        ):
            page = walk.open(address)
            walk.clean(page)
            walk.picture(page, name, whole=True)
    page = walk.as_("safety").open("/desk/rounds/visits/?outcome=seen&sort=-found")
    page.locator("tbody a").first.click()
    walk.settle(page)
    walk.clean(page)
    walk.picture(page, "rounds-visit", whole=True)


def test_a_finding_made_without_a_signal_is_put_right_and_moves_the_plan(walk: Walk, tmp_path: Path) -> None:
    """Offline in the middle; then dispatched, put right, looked at again; the plan of this year says so."""
    target = walk.town.run("-m", "tests.journeys.this_years_plan").strip()
    page = walk.as_("grid", size="phone").open("/field/")
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    page.reload()  # from now on the phone keeps what it opens
    walk.settle(page)
    walk.picture(page, "field-rounds", whole=True)
    page.locator('a[href*="/field/visits/"]').first.click()
    walk.settle(page)
    walk.clean(page)
    name = page.locator("h1").inner_text()

    page.context.set_offline(True)
    answer(page, tmp_path)
    walk.picture(page, "field-visit", whole=True)
    page.get_by_role("button", name="提交走访记录").click()
    waiting = page.locator("[data-outbox-list] li")
    expect(waiting).to_contain_text(name)
    walk.picture(page, "field-visit-waits")

    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(waiting).to_have_count(0, timeout=30_000)
    desk = walk.as_("safety").open("/desk/rounds/findings/?state=open")
    expect(desk.locator("tbody")).to_contain_text(name)
    walk.picture(desk, "rounds-finding-open")
    found = value_of(walk, target)

    page = put_right(walk, name, tmp_path)
    walk.picture(page, "rounds-finding-reported", whole=True)
    assert value_of(walk, target) == found, "said to be right is not seen to be right"

    look_again(walk, name)
    desk = walk.as_("safety").open(f"/desk/rounds/findings/?{urlencode({'q': name, 'sort': '-found'})}")
    expect(desk.locator("tbody tr").first).to_contain_text("已整改")
    expect(desk.locator("tbody tr").first).to_contain_text("已结案")
    walk.picture(desk, "rounds-finding-closed")
    assert value_of(walk, target) > found
    page = walk.as_("planner").open(f"/plan/targets/{target}/")
    walk.picture(page, "rounds-plan-moved", whole=True)


def value_of(walk: Walk, target: str) -> float:
    """What the plan says of its promise, after the measuring that the worker does by itself."""
    walk.town.run("-m", "zhen.project.cli", "plan", "measure")
    page = walk.as_("planner").open(f"/plan/targets/{target}/")
    return float(page.locator(".figure.big data").get_attribute("value") or "nan")


def put_right(walk: Walk, name: str, folder: Path) -> Page:
    """The department orders it to be put right, and says that it is, with a picture."""
    page = walk.as_("safety").open(f"/desk/rounds/findings/?{urlencode({'q': name, 'sort': '-found'})}")
    page.locator('tbody tr:first-child a[href*="/desk/cases/"]').click()
    walk.settle(page)
    for step in ("order", "said_right"):
        form = page.locator(f"#do-{step}")
        form.locator("> summary").click()
        if step == "said_right":
            form.locator("[name=result]").fill("出口已清开")
            form.locator("input[type=file]").first.set_input_files(folder / "exit.jpg")
            expect(form.locator('input[type=hidden][name="evidence"]')).to_have_count(1)
        form.locator(".form-actions button, button.primary").first.click()
        page.wait_for_load_state("load")
        walk.settle(page)
    return page


def look_again(walk: Walk, name: str) -> None:
    page = walk.as_("grid", size="phone").open("/field/")
    stop = page.locator('a[href*="/field/visits/"]').filter(has_text=name).filter(has_text="复查").first
    stop.click()
    page.wait_for_selector("[data-bound]")
    for right in page.locator('input[name^="right"][value="yes"]').all():
        right.check(force=True)
    page.get_by_label("未定位？").fill("地下室，无信号")
    walk.picture(page, "field-recheck", whole=True)
    page.get_by_role("button", name="提交走访记录").click()
    page.wait_for_url("**/field/")
    expect(page.locator("[data-outbox-list] li")).to_have_count(0, timeout=30_000)


def answer(page: Page, folder: Path) -> None:
    """Everything is as it should be but the first; where no position is to be had, why."""
    questions = page.locator("fieldset:visible").filter(has=page.get_by_text("不适用"))
    for group in questions.all():
        if not re.match(r"\d", group.locator("legend").inner_text()):
            group.get_by_text("是", exact=True).click()
    questions.first.get_by_text("否", exact=True).click()
    for choices in page.locator("fieldset:visible").filter(has=page.get_by_text("不使用")).all():
        choices.get_by_text("不使用").click()
    page.get_by_label("未定位？").fill("地下室，无信号")
    picture = folder / "exit.jpg"
    Image.linear_gradient("L").convert("RGB").resize((800, 600)).save(picture, "JPEG")
    takes_pictures = page.locator('input[type="file"][accept*="image"]')  # not the voice memo
    for photos in page.locator("[data-photos]:visible").filter(has=takes_pictures).all():
        photos.locator('input[type="file"]').last.set_input_files(picture)
