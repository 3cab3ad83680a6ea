"""What the plan reads from the grid: the published rates, and the very cases behind them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Clock, Move, comment, move_as_reporter
from zhen.kernel.identity.testing import a_post, a_user
from zhen.kernel.journal.api import CONSUMERS, Step
from zhen.kernel.journal.api import step as consume
from zhen.kernel.lib import clock
from zhen.kernel.plan.api import INDICATORS, Evaluation, Period, evaluate
from zhen.packs.grid.tests.conftest import SECRET, UNSHOWN, Cast, Hands, a_case, a_town, at_sweepers, step

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = Period.year(2026)


def book() -> None:
    (consumer,) = [one for one in CONSUMERS if one.id == "cases.figures"]
    while consume(consumer) is Step.MOVED:
        pass


def read(name: str) -> Evaluation:
    return evaluate(INDICATORS[f"grid.{name}"], YEAR)


def ended(cast: Cast, outcome: str = "resolved", *, contact: bool = True, late: float = 0, hands: Hands) -> str:
    case = at_sweepers(cast)
    if contact:
        comment(cast.sam, case.pk, "Called", kind="contact")
    hands.go(days=late)
    case.refresh_from_db()
    case = step(cast.sam, case, "finish", result="Done", outcome=outcome, reason=UNSHOWN)
    return step(cast.dora, case, "close").number


def test_the_rates_follow_their_published_formulas_and_open_to_the_cases(cast: Cast, hands: Hands) -> None:
    first = ended(cast, hands=hands)
    ended(cast, hands=hands)
    explained = ended(cast, "explained", hands=hands)
    late = ended(cast, contact=False, late=40, hands=hands)
    for number, rating in ((first, 5), (explained, 1), (late, 3)):
        move_as_reporter(Actor.anonymous(), number, SECRET, "rate", Move(rating=rating, reason="So it was"))
    voided = a_case(cast)
    step(cast.dora, voided, "void", reason="Not here", outcome="not_ours")
    hands.go(days=60)
    book()
    assert read("resolved").value == Decimal(75)
    assert read("closed_on_time").numerator == 3
    assert read("closed_on_time").denominator == 4
    assert read("first_contact").numerator == 3
    assert read("first_contact").denominator == 4
    assert round(read("satisfaction").value or 0, 1) == Decimal("33.3")
    assert read("cases_closed").value == 4
    indicator = INDICATORS["grid.closed_on_time"]
    rows = list(indicator.numerator(YEAR))
    assert first in {indicator.row_label(row) for row in rows}
    assert indicator.row_url is not None
    assert indicator.row_url(rows[0]) == f"/desk/cases/{indicator.row_label(rows[0])}/"


def test_what_is_not_due_yet_counts_neither_way(cast: Cast, hands: Hands) -> None:
    at_sweepers(cast)
    book()
    assert read("closed_on_time").value is None
    assert Clock.objects.filter(deadline="whole", due_at__gt=hands.now).exists()


def test_a_cell_has_a_worker_where_a_post_reaches_it(cast: Cast, hands: Hands) -> None:
    places = a_town()
    assert read("cells_with_worker").value == 0
    cell = places["310107102001002"]
    a_post(a_user("wei"), "grid_worker", cast.centre, area=cell)
    assert read("cells_with_worker").value == Decimal(25)
    today = clock.today()
    a_post(
        a_user("wu"), "grid_worker", cast.centre, area=places["310107102001"], since=today, until=today + timedelta(9)
    )
    assert read("cells_with_worker").value == Decimal(100)
    hands.go(days=20)
    assert read("cells_with_worker").value == Decimal(25)
