"""Rounds and upkeep in a real browser, at the desk and on the portal."""

from __future__ import annotations

import pytest

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
