"""The field app in a real browser: killed, offline, full, signed out; what it keeps is sealed, and comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.support import Walk

pytestmark = pytest.mark.browser
SEALED = """async () => {
  const opening = indexedDB.open("zhen-field");
  const database = await new Promise((done) => (opening.onsuccess = () => done(opening.result)));
  const all = (name) => new Promise((done) => {
    const asked = database.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => done(asked.result);
  });
  const rows = [...(await all("outbox")), ...(await all("drafts")), ...(await all("blobs"))];
  const text = rows.map((row) => new TextDecoder().decode(row.data)).join();
  const keys = await all("keys");
  database.close();
  return { rows: rows.length, readable: text.includes("门口") || text.includes("JFIF"), keys: keys.length,
           extractable: keys.some((one) => one.key.extractable) };
}"""
FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    if (this.name === "outbox") throw new DOMException("no room", "QuotaExceededError");
    return put.apply(this, given);
  };
}"""

NOT_YET = "ServiceWorkerContainer.prototype.register = () => new Promise(() => undefined)"
"""The worker is still on its way."""


def opened(walk: Walk, address: str) -> Page:
    page = walk.open(address)
    page.wait_for_selector("[data-bound]")
    return page


def a_visit(walk: Walk) -> tuple[Page, str]:
    page = opened(walk.as_("grid", size="phone"), "/field/")
    address = page.locator('a[href*="/field/visits/"]').last.get_attribute("href")
    assert address is not None
    page.close()
    return opened(walk, address), address


def test_a_draft_comes_back_after_the_tab_was_killed_and_lies_sealed_on_the_phone(walk: Walk, tmp_path: Path) -> None:
    page, address = a_visit(walk)
    huge = tmp_path / "全景.jpg"
    Image.linear_gradient("L").resize((10_000, 6_000)).convert("RGB").save(huge, "JPEG", quality=40)
    program = tmp_path / "现场照片.jpg"
    program.write_bytes(b"MZ" + bytes(900))
    photos = page.locator("[data-photos='photo--new']")
    photos.locator("input[type=file]").last.set_input_files(huge)
    expect(photos.locator("img")).to_have_count(1)
    width = photos.locator("img").evaluate("(image) => image.decode().then(() => image.naturalWidth)")
    assert width == 2000, "sixty megapixels are made small on the phone"
    photos.locator("input[type=file]").last.set_input_files(program)
    expect(photos.locator("[data-photos-state]")).to_contain_text("“现场照片.jpg”不是照片")
    page.get_by_label("说明").fill("门口看过")
    expect(page.locator("[data-draft-state]")).to_have_text("已存于本机")
    assert page.evaluate(SEALED) == {"rows": 2, "readable": False, "keys": 1, "extractable": False}
    page.close()

    page = opened(walk, "/field/")
    expect(page.locator("[data-outbox-list] li")).to_contain_text("已填写，未提交")
    walk.clean(page)
    walk.picture(page, "field-begun")
    page = opened(walk, address)
    expect(page.get_by_label("说明")).to_have_value("门口看过")
    expect(page.locator("[data-photos='photo--new'] img")).to_have_count(1)
    walk.clean(page)
    walk.picture(page, "field-restored", whole=True)


def test_a_full_phone_says_so_and_the_form_keeps_its_words(walk: Walk) -> None:
    page = opened(walk.as_("grid", size="phone"), "/field/report/")
    page.get_by_label("什么事").fill("井盖缺失")
    page.get_by_label("在哪里").fill("兰溪路口")
    page.evaluate(FULL)
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.locator("[data-form-error]")).to_contain_text("存储空间已满")
    expect(page.get_by_label("什么事")).to_have_value("井盖缺失")
    walk.clean(page)


def test_what_waits_when_the_session_ends_is_sealed_and_sent_when_the_same_person_is_back(walk: Walk) -> None:
    page = opened(walk.as_("grid", size="phone"), "/field/report/")
    page.wait_for_function("navigator.serviceWorker.controller")
    context = page.context
    page.get_by_label("什么事").fill("门口堆物，会话过期")
    page.get_by_label("在哪里").fill("兰溪路口")
    context.set_offline(True)
    page.get_by_role("button", name="上报", exact=True).click()
    page.wait_for_url("**/field/")  # from the worker, or its page that there is no signal
    session = [cookie for cookie in context.cookies() if cookie["name"] == "sessionid"]
    context.clear_cookies(name="sessionid")
    context.set_offline(False)
    page.goto("/field/offline/")
    page.evaluate("fetch('/field/ready/').then((answer) => answer.status)")
    context.add_cookies(session)  # he signs in again
    page = opened(walk, "/field/")
    expect(page.locator("[data-outbox-list] li")).to_have_count(0, timeout=30_000)
    desk = walk.as_("grid", size="phone").open("/field/")
    expect(desk.locator("main")).to_contain_text("门口堆物，会话过期")


def test_the_first_page_of_a_new_phone_keeps_what_was_written_without_a_worker(walk: Walk) -> None:
    walk.as_("grid", size="phone")
    assert walk.context is not None
    walk.context.add_init_script(NOT_YET)
    page = opened(walk, "/field/report/")
    page.get_by_label("什么事").fill("新手机第一件")
    page.get_by_label("在哪里").fill("兰溪路口")
    page.context.set_offline(True)
    page.get_by_role("button", name="上报", exact=True).click()
    kept = page.locator("[data-outbox-list]")
    expect(kept).to_contain_text("新手机第一件")
    expect(kept).to_contain_text("请不要关闭本页")
    walk.picture(page, "field-first-page")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_url("**/field/")
    expect(page.locator("main")).to_contain_text("新手机第一件")


def test_a_label_is_read_by_hand_and_opens_its_place(walk: Walk) -> None:
    page = opened(walk.as_("grid", size="phone"), "/field/scan/")
    walk.clean(page)
    walk.picture(page, "field-scan")
    page.get_by_label("或输入标签上的文字").fill("1")
    page.get_by_role("button", name="查找").click()
    page.locator('a[href*="/field/at/"]').first.click()
    page.wait_for_selector("[data-bound]")
    walk.clean(page)
    walk.picture(page, "field-at")
