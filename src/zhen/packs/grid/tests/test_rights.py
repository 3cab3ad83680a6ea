"""Who reaches which case, and above all who learns who reported it."""

from __future__ import annotations

import pytest

from zhen.kernel.access.api import Actor, Denied, restrict
from zhen.kernel.cases.api import Case, NewCase, Reporter, assign, case_for, move_as_reporter, receive
from zhen.kernel.identity.testing import a_user
from zhen.kernel.pages.api import Missing
from zhen.packs.grid import rights
from zhen.packs.grid.tests.conftest import UNSHOWN, Cast, Hands, a_case, a_town, at_sweepers, finished, holding, step

pytestmark = pytest.mark.django_db


def sees(actor: Actor, case: Case) -> bool:
    try:
        return case_for(actor, case.number) == case
    except (Missing, Denied):
        return False


def knows_who(actor: Actor, case: Case) -> bool:
    return restrict(actor, rights.REPORTER, Reporter.objects.filter(case=case)).exists()


def test_a_unit_sees_its_own_cases_and_who_reported_them_and_no_others(cast: Cast, hands: Hands) -> None:
    case = at_sweepers(cast)
    for own in (cast.sam, cast.sue, cast.dora):
        assert (sees(own, case), knows_who(own, case)) == (True, True), own.name
    assert (sees(cast.gus, case), knows_who(cast.gus, case)) == (False, False)


def test_a_case_that_moves_on_takes_its_reporter_along(cast: Cast, hands: Hands) -> None:
    case = at_sweepers(cast)
    case = step(cast.dora, case, "transfer", unit_id=cast.gardeners.pk, reason="In the park")
    assert (sees(cast.sam, case), knows_who(cast.sam, case)) == (False, False)
    assert (sees(cast.gus, case), knows_who(cast.gus, case)) == (True, True)


def test_a_returned_case_belongs_to_the_centre_alone(cast: Cast, hands: Hands) -> None:
    case = step(cast.sam, at_sweepers(cast), "return", reason="Not ours")
    assert not sees(cast.sam, case)
    assert not knows_who(cast.sam, case)
    assert knows_who(cast.dora, case)


def test_a_co_handling_unit_sees_it_while_it_helps(cast: Cast, hands: Hands) -> None:
    case = assign(cast.dora, at_sweepers(cast).pk, 2, shared_units=(cast.gardeners.pk,))
    assert (sees(cast.gus, case), knows_who(cast.gus, case)) == (True, True)
    case = assign(cast.dora, case.pk, case.revision, shared_units=())
    assert (sees(cast.gus, case), knows_who(cast.gus, case)) == (False, False)


@pytest.mark.parametrize("role", ["grid_worker", "neighbourhood_secretary", "social_worker"])
def test_who_works_in_an_area_sees_its_cases_and_never_who_reported_them(cast: Cast, hands: Hands, role: str) -> None:
    places = a_town()
    here, there = places["310107102001001"], places["310107102001002"]
    worker = holding(a_user("wei"), role, units={cast.centre.pk}, areas={here.pk})
    mine, other = at_sweepers(cast, area_id=here.pk), at_sweepers(cast, area_id=there.pk)
    assert (sees(worker, mine), sees(worker, other)) == (True, False)
    assert not knows_who(worker, mine)
    assert not knows_who(worker, other)


@pytest.mark.parametrize("role", ["town_leader", "plan_officer"])
def test_who_leads_sees_all_cases_and_never_who_reported_them(cast: Cast, hands: Hands, role: str) -> None:
    leader, case = holding(a_user("lea"), role), at_sweepers(cast)
    assert (sees(leader, case), knows_who(leader, case)) == (True, False)


@pytest.mark.parametrize(
    "role", ["counter_clerk", "finance_officer", "system_administrator", "security_administrator", "auditor"]
)
def test_others_see_neither(cast: Cast, hands: Hands, role: str) -> None:
    case = at_sweepers(cast)
    other = holding(a_user("otto"), role, units={cast.centre.pk})
    assert (sees(other, case), knows_who(other, case)) == (False, False)


def test_the_counter_reports_on_behalf_of_somebody(cast: Cast, hands: Hands) -> None:
    clerk = holding(a_user("cora"), "counter_clerk", units={cast.centre.pk})
    assert receive(clerk, "grid.case", NewCase(title="A lamp is out")).state == "received"


def test_a_worker_checks_in_his_own_area_only_and_never_what_he_did_himself(cast: Cast, hands: Hands) -> None:
    places = a_town()
    here, there = places["310107102001001"], places["310107102001002"]
    wei = holding(a_user("wei"), "grid_worker", units={cast.centre.pk}, areas={here.pk})
    case = step(wei, finished(cast, area_id=here.pk), "rework", reason="Half of it is there")
    assert (case.state, case.outcome) == ("handling", "")
    case = step(cast.sam, case, "finish", result="Now all of it", outcome="resolved", reason=UNSHOWN)
    assert step(wei, case, "confirm", reason="Seen, all clean").state == "verified"
    with pytest.raises(Case.DoesNotExist):
        step(wei, finished(cast, area_id=there.pk), "confirm")


def test_what_a_worker_settles_on_the_spot_is_counted_apart(cast: Cast, hands: Hands) -> None:
    here = a_town()["310107102001001"]
    wei = holding(a_user("wei"), "grid_worker", units={cast.centre.pk}, areas={here.pk})
    found = receive(wei, "grid.case", NewCase(title="Litter", category=cast.rubbish, area_id=here.pk, source="grid"))
    case = step(wei, found, "self_handle", result="Picked up", outcome="resolved", reason=UNSHOWN)
    assert (case.state, case.handled_by_id) == ("closed", wei.id)


def test_nobody_takes_a_reporters_step_without_the_secret(cast: Cast, hands: Hands) -> None:
    case = a_case(cast)
    with pytest.raises(Reporter.DoesNotExist):
        move_as_reporter(cast.dora, case.number, "guessed", "rate")
    with pytest.raises(Denied):
        step(cast.dora, case, "rate", rating=5)
