"""Routes: set from a day on, ended, never over the past; and a trial that says what would have gone elsewhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.access.api import Denied
from zhen.kernel.cases.api import Category, Route
from zhen.kernel.cases.routing.ruling import end_route, set_route
from zhen.kernel.cases.routing.trial import try_out
from zhen.kernel.cases.routing.values import Proposal
from zhen.kernel.cases.tests.conftest import REPAIR, RIGHTS, Cast, Hands, a_case, an_actor
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused

RULER = RIGHTS | {"cases.rules.view", "cases.rules.change"}


def proposed(cast: Cast, **given: object) -> Proposal:
    values: dict[str, object] = {
        "case_type": REPAIR,
        "category_id": cast.bench.pk,
        "area_id": None,
        "hours": "always",
        "unit_id": cast.carpenters.pk,
        "valid_from": clock.today(),
        "source": "a meeting",
    }
    return Proposal(**{**values, **given})  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_new_route_ends_the_one_before_and_cases_follow_it_from_its_day(cast: Cast, hands: Hands) -> None:
    ruler = an_actor(a_user("rita"), rights=RULER)
    set_route(ruler, proposed(cast))
    assert a_case(cast).unit_id == cast.carpenters.pk
    day = clock.today() + timedelta(days=3)
    set_route(ruler, proposed(cast, unit_id=cast.painters.pk, valid_from=day))
    assert a_case(cast).unit_id == cast.carpenters.pk
    hands.go(days=3)
    assert a_case(cast).unit_id == cast.painters.pk
    first, second = Route.objects.order_by("valid_from")
    assert (first.valid_to, second.valid_to) == (day, None)
    assert first.approved_by == "Rita"


@pytest.mark.django_db
def test_the_past_is_not_ruled_anew(cast: Cast, hands: Hands) -> None:
    ruler = an_actor(a_user("rita"), rights=RULER)
    with pytest.raises(Refused, match="what has been"):
        set_route(ruler, proposed(cast, valid_from=clock.today() - timedelta(days=1)))
    set_route(ruler, proposed(cast))
    with pytest.raises(Refused, match="begins on"):
        set_route(ruler, proposed(cast, unit_id=cast.painters.pk))


@pytest.mark.django_db
def test_what_does_not_fit_is_refused(cast: Cast, hands: Hands) -> None:
    ruler = an_actor(a_user("rita"), rights=RULER)
    other = Category.objects.create(scheme="other", code="1", name="Other", valid_from=date(2020, 1, 1), source="test")
    with pytest.raises(Refused, match="cannot have it"):
        set_route(ruler, proposed(cast, category_id=other.pk))
    with pytest.raises(Refused, match="does not exist"):
        set_route(ruler, proposed(cast, unit_id=0))
    with pytest.raises(Denied):
        set_route(cast.dispatcher, proposed(cast))


@pytest.mark.django_db
def test_a_route_ends_with_a_day_and_one_that_has_not_begun_goes(cast: Cast, hands: Hands) -> None:
    ruler = an_actor(a_user("rita"), rights=RULER)
    running = set_route(ruler, proposed(cast))
    coming = set_route(ruler, proposed(cast, hours="off", valid_from=clock.today() + timedelta(days=9)))
    hands.go(days=2)
    for row in (running, coming):
        end_route(ruler, row.pk, clock.today())
    assert list(Route.objects.values_list("pk", "valid_to")) == [(running.pk, clock.today())]
    with pytest.raises(Refused, match="ended already"):
        end_route(ruler, running.pk, clock.today())


@pytest.mark.django_db
def test_a_trial_names_the_cases_that_would_have_gone_elsewhere_and_changes_nothing(
    cast: Cast, hands: Hands, django_assert_max_num_queries: object
) -> None:
    ruler = an_actor(a_user("rita"), rights=RULER)
    set_route(ruler, proposed(cast))
    old = a_case(cast)
    hands.go(days=40)
    cases = [a_case(cast), a_case(cast)]
    a_case(cast, category=None)
    hands.go(days=1)
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        found = try_out(ruler, proposed(cast, unit_id=cast.painters.pk), clock.now())
    assert {one.case.pk for one in found.moved} == {case.pk for case in cases}
    assert old.pk not in {one.case.pk for one in found.moved}
    assert (found.considered, found.flows) == (2, [((cast.carpenters.pk, cast.painters.pk), 2)])
    assert Route.objects.count() == 1
    assert not try_out(ruler, proposed(cast), clock.now()).moved


@pytest.mark.django_db
def test_a_trial_shows_a_reader_no_case_out_of_his_reach(cast: Cast, hands: Hands) -> None:
    a_case(cast)
    hands.go(days=1)
    assert try_out(cast.alice, proposed(cast), clock.now()).considered == 0


@pytest.mark.django_db
def test_a_dispatcher_tries_a_route_and_puts_it_in_force(client: Client) -> None:
    centre, brigade = a_unit("centre"), a_unit("brigade")
    user = a_user("dora")
    a_post(user, "dispatcher", centre)
    category = Category.objects.create(
        scheme="dummy_pack", code="0101", name="Bench", valid_from=date(2020, 1, 1), source="test"
    )
    client.force_login(user)
    given = {
        "case_type": REPAIR,
        "category": category.pk,
        "area": "",
        "hours": "always",
        "unit": brigade.pk,
        "valid_from": clock.today().isoformat(),
        "source": "2026/12 的会议",
    }
    sent = client.post("/desk/cases/route_new/", given)
    assert sent.status_code == 302, sent.content.decode()
    page = client.get(sent["Location"])
    assert page.status_code == 200
    assert not Route.objects.exists()
    client.post(sent["Location"], {"action": "set", "confirmed": "yes"})
    made = Route.objects.get()
    assert (made.unit, made.category) == (brigade, category)
    assert client.get(f"/desk/cases/routes/{made.pk}/").status_code == 200
    assert "Bench" in client.get("/desk/cases/routes/").content.decode()
    changing = client.get(f"/desk/cases/route_change/{made.pk}/")
    assert changing.status_code == 200
    assert client.get("/desk/cases/route_trial/nonsense/").status_code == 404


@given(
    st.builds(
        Proposal,
        case_type=st.sampled_from(["grid.case", REPAIR]),
        category_id=st.none() | st.integers(1, 10**9),
        area_id=st.none() | st.integers(1, 10**9),
        hours=st.sampled_from(["always", "working", "off"]),
        unit_id=st.integers(1, 10**9),
        valid_from=st.dates(),
        source=st.text(alphabet=st.characters(exclude_characters="/"), max_size=30),
        cooperating=st.tuples() | st.tuples(st.integers(1, 999)) | st.tuples(st.integers(1, 9), st.integers(10, 99)),
    )
)
def test_a_proposal_is_read_from_an_address_as_it_was_written(proposal: Proposal) -> None:
    assert Proposal.read(proposal.key) == proposal
