"""State machines: what may follow what, and what is wrong with a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.lib.states import Machine, WrongMove, problems_of, unreachable

LAMP = Machine(
    id="test.lamp",
    name="Lamp",
    initial="off",
    transitions={"off": frozenset({"on"}), "on": frozenset({"off", "broken"}), "broken": frozenset()},
    ends=frozenset({"broken"}),
)


def lines(machine: Machine) -> list[str]:
    return [str(problem) for problem in problems_of(machine, "test: lamp")]


def changed(**more: object) -> Machine:
    return Machine(**{"id": "test.lamp", "name": "Lamp", "initial": LAMP.initial, "ends": LAMP.ends} | more)  # type: ignore[arg-type]


def test_a_whole_table_has_no_problem() -> None:
    assert lines(LAMP) == []


def test_a_move_outside_the_table_is_refused() -> None:
    LAMP.require("on", "broken")
    with pytest.raises(WrongMove, match=r"test\.lamp: broken → on is not in the table of transitions"):
        LAMP.require("broken", "on")


def test_an_unreachable_state_is_one_line() -> None:
    machine = changed(transitions={**LAMP.transitions, "flickering": frozenset({"on"})})
    assert lines(machine) == [
        "test: lamp: the state flickering cannot be reached from off. Add a transition to it or remove it."
    ]


def test_a_state_that_leads_nowhere_is_one_line() -> None:
    assert lines(changed(transitions=LAMP.transitions, ends=frozenset())) == [
        "test: lamp: nothing follows the state broken, and it is no end. Mend transitions or ends."
    ]


def test_an_unknown_state_is_one_line() -> None:
    transitions = {**LAMP.transitions, "off": frozenset({"on", "dim"})}
    assert lines(changed(transitions=transitions)) == [
        "test: lamp: names the unknown state dim. Give it a line of its own in transitions."
    ]


states = st.integers(0, 6).map(str)


@given(st.sets(states), states, st.sets(st.tuples(states, states)))
def test_a_state_is_unreachable_exactly_if_no_walk_leads_to_it(
    known: set[str], initial: str, moves: set[tuple[str, str]]
) -> None:
    reached = {initial}
    for _ in range(len(moves) + 1):
        reached |= {after for before, after in moves if before in reached}
    assert set(unreachable(known, initial, moves)) == known - reached
