"""One report from the pavement to the statistics, through everybody's hands, a picture of every step.

A resident reports with a photo → the dispatcher merges a repeat → the unit handles, pauses for rain, extends → a grid
worker verifies on a phone, without a signal → the resident says that it is not solved → it is opened again, mended,
checked, closed → the statistics count each of these once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.support import Town, Walk
from zhen.kernel.files.testing import an_image

pytestmark = pytest.mark.browser
AREA = "310107102009"
"""The neighbourhood of the demo's grid worker `grid`."""
KIND = "B0306"
"""宣传栏: a class that no report of the demo has, so that its statistics are this journey's alone."""
TITLE, AGAIN = "宣传栏玻璃碎裂，碎片满地", "宣传栏玻璃碎了一地"
BOOKED_WITHIN = 60.0


@contextmanager
def a_worker(town: Town) -> Iterator[None]:
    """The worker of the town books what counts."""
    environment = {**os.environ, "DATABASE_URL": town.database_url, "ZHEN_DEMO": "1"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    process = subprocess.Popen([sys.executable, "-m", "zhen.project.cli", "worker"], env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(15)


def asked(town: Town, sql: str, *given: object) -> tuple[object, ...]:
    with psycopg.connect(town.database_url) as connection:
        row = connection.execute(sql, given).fetchone()
    assert row is not None
    return row


def an_address(town: Town) -> str:
    """A building in the area of the grid worker."""
    sql = """
        SELECT version.name FROM places_placeversion AS version
        JOIN places_place AS place ON place.id = version.place_id
        JOIN places_place AS above ON above.id = version.parent_id
        WHERE place.kind = 'building' AND above.code LIKE %s AND version.lon IS NOT NULL ORDER BY place.code LIMIT 1
    """
    return str(asked(town, sql, f"{AREA}%")[0])


def press(page: Page, step: str) -> None:
    page.locator(f"#do-{step} form .button.primary").click()
    page.wait_for_load_state("load")


class Show:
    """The people of the journey, and the two reports."""

    def __init__(self, walk: Walk, photo: Path) -> None:
        self.walk, self.photo = walk, photo
        self.address = an_address(walk.town)
        (kind, self.kind_name) = asked(
            walk.town, "SELECT id, name FROM cases_category WHERE scheme = 'grid' AND code = %s", KIND
        )
        self.kind = str(kind)
        self.steps = 0

    def picture(self, page: Page, name: str) -> None:
        self.steps += 1
        self.walk.picture(page, f"show-cases-{self.steps:02}-{name}", whole=True)

    def report(self, title: str, phone: str) -> tuple[str, str]:
        """A resident on a phone; gives the number and the secret."""
        page = self.walk.as_(size="phone").open("/report/")
        page.locator("[name=title]").fill(title)
        page.locator('input[name="photos-new"]').first.set_input_files(self.photo)
        page.locator("[name=address]").fill(self.address)
        page.locator("#places [role=option]").first.click()
        page.locator("[name=category]").select_option(self.kind)
        page.locator("[name=phone]").fill(phone)
        expect(page.locator('input[type=hidden][name="photos"]')).to_have_count(1)
        self.picture(page, "resident-reports")
        page.locator(".report-form .form-actions .button.primary").click()
        page.wait_for_load_state("load")
        if page.locator("[name=confirmed]").count():
            self.picture(page, "resident-sees-what-is-known")
            page.locator(".report-form .form-actions .button.primary").click()
            page.wait_for_load_state("load")
        self.picture(page, "resident-has-a-number")
        number = page.locator('form [name="number"]').get_attribute("value")
        secret = page.locator('form [name="secret"]').get_attribute("value")
        assert number
        assert secret
        return number, secret

    def desk(self, who: str, number: str) -> Page:
        return self.walk.as_(who).open(f"/desk/cases/{number}/")

    def dispatch(self, number: str) -> None:
        page = self.desk("dispatcher", number)
        page.locator("#do-dispatch > summary").click()
        page.locator("#dispatch-unit").select_option(label="社区管理办公室")
        press(page, "dispatch")
        self.picture(page, "dispatched")

    def finish(self, page: Page, result: str) -> None:
        page.locator("#do-finish > summary").click()
        page.locator("#finish-result").fill(result)
        page.locator("#finish-outcome_0").check()
        page.locator('#do-finish input[name="evidence-new"]').first.set_input_files(self.photo)
        expect(page.locator('#do-finish input[type=hidden][name="evidence"]')).to_have_count(1)
        press(page, "finish")
        expect(page.locator(".story")).to_contain_text(result)
        self.picture(page, "unit-reports-it-done")

    def close(self, number: str) -> None:
        page = self.desk("dispatcher", number)
        page.locator("#do-close > summary").click()
        press(page, "close")
        expect(page.locator(".case-head .chips")).to_contain_text("已结案")
        self.picture(page, "closed")

    def tracked(self, number: str, secret: str) -> Page:
        page = self.walk.as_(size="phone").open("/report/track/")
        page.locator("[name=number]").fill(number)
        page.locator("[name=secret]").fill(secret)
        page.locator("main form .button.primary").first.click()
        page.wait_for_load_state("load")
        return page


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture of a phone's size, so that it is made smaller on the way."""
    path = tmp_path / "photo.jpg"
    path.write_bytes(an_image(size=(2400, 1800)))
    with Image.open(path) as picture:
        assert picture.width == 2400
    return path


def test_a_report_goes_through_all_hands_and_the_statistics_show_it_rightly(walk: Walk, photo: Path) -> None:
    show = Show(walk, photo)
    number, secret = show.report(TITLE, "12600000001")
    repeat, _other = show.report(AGAIN, "12600000002")
    merge_the_repeat(show, repeat, number)
    show.dispatch(number)
    handle_with_rain_and_an_extension(show, number)
    verify_without_a_signal(show, number)
    show.close(number)
    say_that_it_is_not_solved(show, number, secret)
    show.dispatch(number)
    clerk = show.desk("clerk", number)
    show.finish(clerk, "碎玻璃已全部清走，面板重新固定")
    verify(show, number)
    show.close(number)
    look_at_the_statistics(show, number)


def merge_the_repeat(show: Show, repeat: str, number: str) -> None:
    page = show.desk("dispatcher", repeat)
    hint = page.locator(".hint-row", has_text=number)
    expect(hint).to_be_visible()
    show.picture(page, "dispatcher-sees-the-repeat")
    show.walk.clean(page)
    hint.locator("button").click()
    page.wait_for_load_state("load")
    expect(page.locator(".links")).to_contain_text(number)
    page.locator("#do-void > summary").click()
    page.locator("#void-reason").fill(f"与 {number} 重复，并案办理")
    page.locator('#do-void input[value="repeat"]').check()
    press(page, "void")
    show.picture(page, "repeat-merged")


def handle_with_rain_and_an_extension(show: Show, number: str) -> None:
    page = show.desk("clerk", number)
    page.locator("#do-accept > summary").click()
    press(page, "accept")
    page.locator("#do-pause > summary").click()
    page.locator("#pause-reason").fill("暴雨，无法露天施工")
    press(page, "pause")
    expect(page.locator(".clocks")).to_contain_text("暂停中")
    show.picture(page, "unit-waits-for-the-rain")
    page.locator("#do-resume > summary").click()
    press(page, "resume")
    page.locator("#do-extend > summary").click()
    page.locator("#extend-deadline").select_option("handle")
    page.locator("#extend-amount").fill("2")
    page.locator("#extend-reason").fill("等待钢化玻璃到货")
    press(page, "extend")
    show.picture(page, "unit-asks-for-more-time")
    page = show.desk("dispatcher", number)
    page.locator("#do-decide > summary").click()
    page.locator('#do-decide input[name="deadline"]').first.check()
    page.locator('#do-decide input[value="approve"]').check()
    press(page, "decide")
    expect(page.locator(".clocks")).to_contain_text("等待钢化玻璃到货")
    show.picture(page, "dispatcher-grants-it")
    show.finish(show.desk("clerk", number), "更换玻璃")


def verify_without_a_signal(show: Show, number: str) -> None:
    """The worker opens the case, loses the signal, confirms with a photo; it is sent when the signal is back."""
    walk = show.walk
    page = walk.as_("grid", size="phone").open("/field/")
    page.wait_for_function(
        "navigator.serviceWorker.controller !== null || navigator.serviceWorker.ready.then(() => true)"
    )
    page.reload()
    walk.settle(page)
    show.picture(page, "worker-has-a-list")
    walk.clean(page)
    page.locator(f'.stop a[href*="{number}"]').click()
    walk.settle(page)
    show.picture(page, "worker-opens-the-case")
    walk.clean(page)
    assert walk.context is not None
    walk.context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_contain_text(TITLE)
    page.locator("#do-confirm > summary").click()
    page.locator('#do-confirm input[name="evidence-new"]').first.set_input_files(show.photo)
    expect(page.locator("#do-confirm .photos img")).to_have_count(1)
    show.picture(page, "worker-has-no-signal")
    page.locator("#do-confirm .form-actions .button").click()
    waiting = page.locator("[data-outbox-list]")
    expect(waiting).to_contain_text(number)
    expect(waiting).to_contain_text("等待信号")
    show.picture(page, "worker-waits-for-a-signal")
    assert asked(walk.town, "SELECT state FROM cases_case WHERE number = %s", number) == ("verifying",)
    walk.context.set_offline(False)
    expect(waiting).to_be_hidden()
    assert asked(walk.town, "SELECT state FROM cases_case WHERE number = %s", number) == ("verified",)
    page.reload()
    walk.settle(page)
    show.picture(page, "worker-has-sent-it")


def verify(show: Show, number: str) -> None:
    page = show.walk.as_("grid", size="phone").open(f"/field/cases/{number}/")
    page.locator("#do-confirm > summary").click()
    page.locator('#do-confirm input[name="evidence-new"]').first.set_input_files(show.photo)
    expect(page.locator("#do-confirm .photos img")).to_have_count(1)
    page.locator("#do-confirm .form-actions .button").click()
    page.wait_for_url("**/field/")
    show.picture(page, "worker-verifies-again")


def say_that_it_is_not_solved(show: Show, number: str, secret: str) -> None:
    page = show.tracked(number, secret)
    show.picture(page, "resident-follows")
    rate = page.locator("section", has=page.locator("#step-rate"))
    rate.locator('input[name="rating"][value="2"]').check()
    rate.locator('[name="reason"]').fill("碎玻璃还在草地里")
    rate.locator(".button.primary").click()
    page.wait_for_load_state("load")
    show.picture(page, "resident-rates")
    reopen = page.locator("section", has=page.locator("#step-reopen"))
    reopen.locator('[name="reason"]').fill("草地里仍有碎玻璃，没有解决")
    reopen.locator(".button.primary").click()
    page.wait_for_load_state("load")
    assert asked(show.walk.town, "SELECT state, reopened FROM cases_case WHERE number = %s", number) == (
        "registered",
        1,
    )
    show.picture(page, "resident-says-it-is-not-solved")


def look_at_the_statistics(show: Show, number: str) -> None:
    with a_worker(show.walk.town):
        wait_until_booked(show)
    page = show.walk.as_("dispatcher").open(f"/desk/cases/figures/?class={show.kind}")
    show.picture(page, "statistics")
    show.walk.clean(page)
    figures = {
        figure.locator(".figure-label").inner_text().strip(): figure
        for figure in page.locator(".figures .figure").all()
    }
    known = {label: one.locator("data") for label, one in figures.items()}
    told = {label: data.get_attribute("value") for label, data in known.items() if data.count()}
    # the report and its repeat; the repeat voided, the report closed twice; opened again once; rated once, with 2
    wanted = {"已受理": "2", "结案": "3", "重开": "1", "返工": "0", "退单": "0", "实际解决率": "100.0", "满意率": "0.0"}
    assert {label: told[label] for label in wanted} == wanted
    line = page.locator("tr", has_text="社区管理办公室")
    expect(line).to_contain_text("100.0%")
    expect(line.locator("td").last).to_have_text("1")
    figures["重开"].locator(".figure-evidence").click()
    page.wait_for_load_state("load")
    expect(page.locator("main")).to_contain_text(number)
    show.picture(page, "statistics-open-the-case")


def wait_until_booked(show: Show) -> None:
    sql = "SELECT count(*) FROM cases_tally WHERE category = %s"
    end, before = time.monotonic() + BOOKED_WITHIN, -1
    while time.monotonic() < end:
        now = int(str(asked(show.walk.town, sql, show.kind)[0]))
        if now and now == before:
            return
        before = now
        time.sleep(2)
    raise AssertionError("the worker has not booked what counts")
