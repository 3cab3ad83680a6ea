"""The tree of units: dated, without rings, its past kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.identity.actions.units import close_unit, create_unit, edit_unit, move_unit
from zhen.kernel.identity.models import Placement, Unit, User
from zhen.kernel.identity.queries import actor_for, units_below
from zhen.kernel.identity.rules import cycle
from zhen.kernel.identity.testing import LONG_AGO, a_unit
from zhen.kernel.journal.models import Event


def test_a_unit_is_created_under_another_one(system_administrator: Actor, town: Unit, today: date) -> None:
    unit = create_unit(system_administrator, code="care", name="照护办", under=town, since=today)
    assert unit.name_key.startswith("zhao4")
    assert unit.pk in units_below(today)[town.pk]
    assert unit.pk not in units_below(today - timedelta(days=1))[town.pk]
    assert Event.objects.get(kind="identity.unit_created").data["code"] == "care"


def test_a_code_names_one_unit(system_administrator: Actor, town: Unit, today: date) -> None:
    with pytest.raises(ValidationError) as error:
        create_unit(system_administrator, code="town", name="Again", under=None, since=today)
    assert list(error.value.message_dict) == ["code"]


def test_a_clerk_creates_no_unit(alice: User, town: Unit, today: date) -> None:
    with pytest.raises(Denied):
        create_unit(actor_for(alice, day=today), code="x", name="X", under=town, since=today)


def test_a_move_leaves_the_past_as_it_was(system_administrator: Actor, town: Unit, office: Unit, today: date) -> None:
    centre = a_unit("centre", under=town)
    move_unit(system_administrator, office, under=centre, since=today)
    assert office.pk in units_below(today)[centre.pk]
    assert office.pk not in units_below(today - timedelta(days=1))[centre.pk]


def test_a_unit_never_stands_below_itself(system_administrator: Actor, town: Unit, office: Unit, today: date) -> None:
    with pytest.raises(ValidationError, match="below itself"):
        move_unit(system_administrator, town, under=office, since=today)


def test_a_unit_stands_in_one_place_at_a_time(office: Unit, today: date) -> None:
    with pytest.raises(IntegrityError, match="identity_placement_once"), transaction.atomic():
        Placement.objects.create(unit=office, parent=None, valid_from=today)


def test_a_unit_with_posts_is_not_closed(system_administrator: Actor, office: Unit, alice: User, today: date) -> None:
    with pytest.raises(ValidationError, match="Posts"):
        close_unit(system_administrator, office, on=today)


def test_a_unit_with_units_below_is_not_closed(
    system_administrator: Actor, town: Unit, office: Unit, today: date
) -> None:
    with pytest.raises(ValidationError):
        close_unit(system_administrator, town, on=today)


def test_a_closed_unit_takes_no_units(system_administrator: Actor, town: Unit, office: Unit, today: date) -> None:
    close_unit(system_administrator, office, on=today)
    assert office.pk not in units_below(today)
    assert office.pk in units_below(LONG_AGO)[town.pk]
    with pytest.raises(ValidationError) as error:
        create_unit(system_administrator, code="x", name="X", under=office, since=today)
    assert list(error.value.message_dict) == ["under"]


def test_editing_without_a_change_tells_nothing(system_administrator: Actor, office: Unit) -> None:
    edit_unit(system_administrator, office, name=office.name, order=office.order)
    assert not Event.objects.filter(kind="identity.unit_edited").exists()
    edit_unit(system_administrator, office, name="New office", order=5)
    assert Event.objects.get(kind="identity.unit_edited").data["fields"] == ["name", "order"]


@given(st.lists(st.integers(0, 30), max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_moving_where_the_rule_allows_never_makes_a_ring(parents: list[int], unit: int, under: int) -> None:
    tree: dict[int, int | None] = {}
    for child, parent in enumerate(parents):
        tree[child] = parent if not cycle(tree, child, parent) else None
    if cycle(tree, unit, under):
        return
    tree[unit] = under
    for start in tree:
        steps, at = 0, tree.get(start)
        while at is not None:
            at, steps = tree.get(at), steps + 1
            assert steps <= len(tree)
