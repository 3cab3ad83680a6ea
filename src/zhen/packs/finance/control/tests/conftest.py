"""The cast of public money, and the rows of control that tests put in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.testing import a_user
from zhen.kernel.lib import clock
from zhen.packs.finance.control import dated, resolutions
from zhen.packs.finance.control.models import ApprovalRow, Resolution, RiskSetting
from zhen.packs.finance.tests.conftest import TODAY, Cast, cast, hands, holding

__all__ = ["adviser", "auditor", "cast", "entered", "hands", "in_force", "paula", "runs"]


def in_force(
    cast: Cast, steps: Sequence[str], *, amount_from: int = 0, kind: str = "payment", resolution: bool = False,
    day: date = TODAY,
) -> ApprovalRow:  # fmt: skip
    """A row of the matrix: proposed by Frank, put in force by Leo."""
    row = dated.propose_row(
        cast.frank, kind=kind, amount_from=amount_from, steps=list(steps), resolution=resolution, valid_from=day,
        source="Rules of the town",
    )  # fmt: skip
    return dated.approve(cast.leo, row)


def runs(cast: Cast, rule: str, **values: int) -> RiskSetting:
    """Numbers of a risk rule in force."""
    setting = dated.propose_setting(
        cast.frank, rule=rule, values=values, valid_from=clock.today(), source="Rules of the town"
    )
    return dated.approve(cast.leo, setting)


def entered(paula: Actor, amount: int = 100_000, number: str = "21/2026") -> Resolution:
    """A resolution as it is entered."""
    given = {
        "number": number,
        "meeting": "Joint meeting",
        "held_on": TODAY,
        "members": "Seven of seven",
        "present": 7,
        "votes_for": 5,
        "votes_against": 1,
        "abstentions": 1,
        "text": "The hall is rented.",
        "amount": amount,
        "file": None,
    }
    return resolutions.enter(paula, given)


@pytest.fixture
def paula(cast: Cast) -> Actor:
    return holding(a_user("paula"), "plan_officer", cast.office)


@pytest.fixture
def adviser(cast: Cast) -> Actor:
    return holding(a_user("adviser"), "finance.legal_adviser", cast.office)


@pytest.fixture
def auditor(cast: Cast) -> Actor:
    return holding(a_user("audrey"), "finance.auditor", cast.office)
