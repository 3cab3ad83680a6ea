"""Rounds in a real browser: the desk's pages, a visit on a phone with a photo, the case it opens, and the re-check."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.journeys.support import Walk

pytestmark = pytest.mark.browser


def a_picture(folder: Path) -> Path:
    picture = folder / "exit.jpg"
    Image.linear_gradient("L").convert("RGB").resize((800, 600)).save(picture, "JPEG")
    return picture


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


def test_a_visit_on_a_phone_opens_a_case_and_its_recheck_closes_it(walk: Walk, tmp_path: Path) -> None:
    page = walk.as_(INSPECTOR, size="phone").open("/field/")
    walk.clean(page)
    walk.picture(page, "field-rounds", whole=True)
    page.locator('a[href*="/field/visits/"]', has_text="垃圾").or_(
        page.locator('a[href*="/field/visits/"]')
    ).first.click()
    walk.settle(page)
    walk.clean(page)
    walk.picture(page, "field-visit", whole=True)


INSPECTOR = "grid"
