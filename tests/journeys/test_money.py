"""Public money through everybody's hands: from a department's project to a line of next year's budget in force, and
from a department's wish to a payment that has booked itself on both sides. Each page is looked at by axe.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.support import Walk
from zhen.kernel.lib import clock

pytestmark = pytest.mark.browser
NEXT = clock.today().year + 1
PROJECT = "居民区晾晒设施改造"
PURPOSE = "活动室门窗维修款"


def press(page: Page, name: str) -> None:
    """A button of the page, or a link that looks like one."""
    page.locator("main .button", has_text=name).first.click()
    page.wait_for_load_state("load")


def confirmed(page: Page, name: str) -> None:
    """What cannot be undone asks once more."""
    press(page, name)
    dialog = page.locator("dialog[open]")
    dialog.get_by_role("button", name=name).click()
    expect(dialog).to_have_count(0)
    page.wait_for_load_state("load")


def looked_at(walk: Walk, page: Page, name: str) -> None:
    walk.settle(page)
    walk.clean(page)
    walk.picture(page, name, whole=True)


def test_a_project_becomes_a_line_of_next_years_budget(walk: Walk) -> None:
    page = walk.as_("clerk").open("/desk/finance/projects/")
    looked_at(walk, page, "money-projects")
    press(page, "申报项目")
    for label, value in {
        "项目": PROJECT,
        "立项依据": "居民代表会议决议",
        "绩效目标": "晾晒不占绿地",
        "功能分类": "2120303",
        "资金来源": "一般公共预算",
        "优先级": "5",
        "资金需求": f"{NEXT} | 30213 | 12万",
    }.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("部门").select_option(label="社区管理办公室")
    looked_at(walk, page, "money-project-new")
    page.get_by_role("button", name="申报项目").click()
    expect(page.locator("main")).to_contain_text("120,000.00")
    address = page.url

    page = walk.as_("finance", size="phone").open(address)
    confirmed(page, "入库")
    expect(page.locator("main")).to_contain_text("已入库")
    looked_at(walk, page, "money-project")

    page = walk.as_("accountant").open("/desk/finance/budgets/")
    press(page, "开始编制")
    looked_at(walk, page, "money-budget-new")
    page.get_by_label("年份").fill(str(NEXT))
    page.get_by_role("button", name="开始编制").click()
    press(page, "从项目库选入")
    page.get_by_label(re.compile(PROJECT)).check()
    looked_at(walk, page, "money-draw")
    page.get_by_role("button", name="选入预算").click()
    expect(page.locator("main")).to_contain_text(PROJECT)
    looked_at(walk, page, "money-draft")
    draft = page.url
    page.get_by_role("link", name=PROJECT).click()
    expect(page.get_by_role("link", name=PROJECT, exact=True)).to_have_attribute("href", re.compile("/projects/"))
    looked_at(walk, page, "money-line")

    page = walk.as_("finance").open(draft)
    confirmed(page, "审核通过")
    expect(page.locator("main")).to_contain_text("已审核")
    page = walk.as_("leader").open(draft)
    press(page, "人大已批准")
    page.get_by_label("人大决议文号").fill("镇人大〔9〕号")
    looked_at(walk, page, "money-resolution")
    page.locator("main form button.primary").last.click()
    expect(page.locator("main")).to_contain_text("镇人大〔9〕号")


def test_a_payment_is_asked_for_approved_made_and_booked_by_four_people(walk: Walk) -> None:
    page = walk.as_("clerk").open("/desk/finance/execution/?q=社区活动室修缮")
    looked_at(walk, page, "money-execution")
    page.get_by_role("link", name="社区活动室修缮").first.click()
    press(page, "申请支付")
    for label, value in {
        "用途": PURPOSE,
        "金额（元）": "1,230.50",
        "收款人": "安居建筑修缮工程队",
        "收款人开户行 （选填）": "示范银行长征支行",
        "收款人账号 （选填）": "3100 6612 0000 7777",
        "发票号码 （选填）": "26310000000000012350",
        "开票日期 （选填）": f"{NEXT - 1}-01-05",
    }.items():
        page.get_by_label(label, exact=True).fill(value)
    looked_at(walk, page, "money-payment-new")
    page.locator("main form button.primary").last.click()
    expect(page.locator("main")).to_contain_text("1,230.50")
    address = page.url

    page = walk.as_("community", size="phone").open(address)
    confirmed(page, "审核通过")
    expect(page.locator("main")).to_contain_text("潘晓东")
    looked_at(walk, page, "money-payment-approved")
    page = walk.as_("cashier").open(address)
    press(page, "登记已支付")
    page.get_by_label("支付日期").fill(clock.today().isoformat())
    page.get_by_label("银行回单号").fill("20260105000001")
    looked_at(walk, page, "money-pay")
    page.locator("main form button.primary").last.click()
    expect(page.locator("main")).to_contain_text("20260105000001")  # the form does not say it in its text
    page = walk.as_("accountant").open(address)
    looked_at(walk, page, "money-payment-paid")
    page.locator('main a[href*="/finance/vouchers/"]').first.click()
    for side in ("5001", "7101"):
        expect(page.locator("main")).to_contain_text(side)
    looked_at(walk, page, "money-voucher")
