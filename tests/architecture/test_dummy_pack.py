"""The dummy pack uses every extension point, and each of them works."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest
from django.test import Client

from tests.dummy_pack import actions
from tests.dummy_pack.models import Bench
from tests.dummy_pack.pack import PACK
from tests.dummy_pack.rules import BENCH
from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Category
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.jobs.testing import run_waiting
from zhen.kernel.journal.api import CONSUMERS, Event, Step, step, timeline
from zhen.kernel.lib.registry import Registry
from zhen.kernel.lib.states import WrongMove
from zhen.kernel.notify.api import CHANNELS, REMINDER_SOURCES
from zhen.kernel.packs.api import DemoBuild, Pack
from zhen.kernel.pages import api as pages

SYSTEM = Actor.system("test")


def test_the_dummy_pack_fills_every_field_that_a_pack_has() -> None:
    """A new extension point finds its use, its page of documentation and its test here."""
    empty = [field.name for field in fields(Pack) if not getattr(PACK, field.name)]
    assert empty == []


def test_the_dummy_pack_declares_a_page_of_each_kind() -> None:
    kinds = {kind for kind in vars(pages).values() if isinstance(kind, type) and issubclass(kind, pages.Page)}
    assert kinds - {type(page) for page in PACK.pages} == {pages.Page}


def test_what_the_dummy_pack_declares_is_in_the_registries() -> None:
    for item in PACK.bundle().items:
        (registry,) = [registry for registry in Registry.all if isinstance(item, registry.kind)]
        assert registry[item.id] is item
        assert registry.owner_of(item.id) == "dummy_pack"


@pytest.fixture
def bench(db: None) -> Bench:
    return actions.put_up(SYSTEM, "by the pond", a_unit("park", "绿化所"))


def test_the_demo_is_built_through_actions(db: None) -> None:
    a_unit("park", "绿化所")
    assert PACK.demo is not None
    PACK.demo(DemoBuild(seed=7))
    bench = Bench.objects.get()
    assert [entry.kind for entry in timeline(bench)] == ["dummy_pack.put_up"]


def test_what_the_pack_ships_is_laid_down_once_and_the_towns_changes_stay(db: None) -> None:
    assert PACK.prepare is not None
    PACK.prepare()
    Category.objects.filter(scheme="dummy_pack").update(name="Seat")
    PACK.prepare()
    assert Category.objects.get(scheme="dummy_pack").name == "Seat"


def test_a_bench_follows_its_table_of_states(bench: Bench) -> None:
    with pytest.raises(WrongMove, match="whole → gone"):
        actions.change_state(SYSTEM, bench, Bench.State.GONE)
    for state in (Bench.State.BROKEN, Bench.State.WHOLE):
        actions.change_state(SYSTEM, bench, state)
    assert BENCH.initial == bench.state


def test_a_bench_to_be_looked_at_is_reminded_of(bench: Bench) -> None:
    day = date(2020, 6, 30)
    Bench.objects.filter(pk=bench.pk).update(look_at_on=day)
    (due,) = REMINDER_SOURCES["dummy_pack.look"].due(day, day)
    assert (due.due, due.values, due.units) == (day, {"bench": "by the pond"}, frozenset({bench.unit_id}))


def test_a_channel_that_lacks_something_says_what() -> None:
    assert [str(problem) for problem in CHANNELS["dummy_pack.board"].check_config()] == [
        "dummy_pack: board: there is no board in the park. Put one up."
    ]


@pytest.mark.django_db(transaction=True)
def test_the_consumer_counts_and_the_job_reminds() -> None:
    bench = actions.put_up(SYSTEM, "by the pond", a_unit("park", "绿化所"))
    actions.change_state(SYSTEM, bench, Bench.State.BROKEN)
    run_waiting()
    consumer = CONSUMERS["dummy_pack.seen"]
    while step(consumer) in (Step.MOVED, Step.FULL):
        pass
    bench.refresh_from_db()
    assert bench.times_seen == 3
    assert Event.objects.filter(kind="dummy_pack.reminded").count() == 1


def test_a_carpenter_sees_and_uses_all_pages_and_a_clerk_none(bench: Bench) -> None:
    def sign_in(name: str, role: str) -> Client:
        user = a_user(name)
        a_post(user, role, bench.unit)
        client = Client()
        client.force_login(user)
        return client

    addresses = (
        "/desk/dummy_pack/benches/",
        f"/desk/dummy_pack/benches/{bench.pk}/",
        "/desk/dummy_pack/new/",
        "/desk/dummy_pack/board/",
        "/desk/dummy_pack/map/",
        "/cockpit/dummy_pack/numbers/",
    )
    carpenter, clerk = sign_in("carla", "dummy_pack.carpenter"), sign_in("cleo", "unit_clerk")
    assert [carpenter.get(address).status_code for address in addresses] == [200] * 6
    assert [clerk.get(address).status_code for address in addresses] == [403] * 6
    done = carpenter.post("/desk/dummy_pack/new/", {"name": "at the gate"})
    assert done.status_code == 302
    assert Bench.objects.filter(name="at the gate").exists()


def test_a_file_is_made_for_those_who_may_read_and_is_named(bench: Bench) -> None:
    carpenter, clerk = a_user("carpenter"), a_user("clerk")
    a_post(carpenter, "dummy_pack.carpenter", bench.unit)
    a_post(clerk, "unit_clerk", bench.unit)
    client = Client()
    client.force_login(carpenter)
    label = client.get(f"/desk/dummy_pack/label/{bench.pk}/")
    assert (label.content, label["Content-Disposition"]) == (b"by the pond", 'attachment; filename="by the pond.txt"')
    assert client.get("/desk/dummy_pack/label/0/").status_code == 404
    client.force_login(clerk)
    assert client.get(f"/desk/dummy_pack/label/{bench.pk}/").status_code == 403


def test_a_home_panel_stands_on_the_desk_of_those_who_may_see_it_while_there_is_something_in_it(bench: Bench) -> None:
    carpenter, stranger = Client(), Client()
    user = a_user("carla")
    a_post(user, "dummy_pack.carpenter", bench.unit)
    carpenter.force_login(user)
    stranger.force_login(a_user("stan"))
    panel = 'id="dummy_pack-broken"'

    assert panel not in carpenter.get("/desk/").content.decode()

    actions.change_state(SYSTEM, bench, Bench.State.BROKEN)

    assert panel in carpenter.get("/desk/").content.decode()
    assert panel not in stranger.get("/desk/").content.decode()
