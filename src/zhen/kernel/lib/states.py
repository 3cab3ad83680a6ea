"""State machines as tables that can be read at a glance, and the check that every state can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise

from zhen.kernel.lib.problems import Problem
from zhen.kernel.lib.registry import Entry, Registry

Text = str | Promise


class WrongMove(Exception):
    """A thing cannot go from one state to the other. Remedy: look at its state again, then choose."""

    def __init__(self, machine: Machine, before: str, after: str) -> None:
        self.machine, self.before, self.after = machine, before, after
        super().__init__(f"{machine.id}: {before} → {after} is not in the table of transitions")


@dataclass(frozen=True, kw_only=True)
class Machine:
    """The states that a kind of thing goes through.

    `transitions` names for every state the states that may follow it; nothing follows an end. A state
    that nothing follows is an end only if `ends` says so.
    """

    id: str
    name: Text
    initial: str
    transitions: Mapping[str, frozenset[str]]
    ends: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "transitions", MappingProxyType(dict(self.transitions)))

    def require(self, before: str, after: str) -> None:
        if after not in self.transitions.get(before, frozenset()):
            raise WrongMove(self, before, after)


def unreachable(states: Iterable[str], initial: str, transitions: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The states that no path of transitions leads to from the initial one, in their order."""
    following: dict[str, set[str]] = {}
    for before, after in transitions:
        following.setdefault(before, set()).add(after)
    reached, waiting = {initial}, [initial]
    while waiting:
        new = following.get(waiting.pop(), set()) - reached
        reached |= new
        waiting.extend(new)
    return tuple(state for state in states if state not in reached)


def problems_of(machine: Machine, where: str) -> Iterator[Problem]:
    states = tuple(machine.transitions)
    moves = tuple((before, after) for before, following in machine.transitions.items() for after in sorted(following))
    named = {machine.initial, *machine.ends, *(after for _, after in moves)}
    for state in sorted(named - set(states)):
        yield Problem(
            where=where, what=f"names the unknown state {state}", remedy="Give it a line of its own in transitions"
        )
    for state in unreachable(states, machine.initial, moves):
        yield Problem(
            where=where,
            what=f"the state {state} cannot be reached from {machine.initial}",
            remedy="Add a transition to it or remove it",
        )
    for state in states:
        if bool(machine.transitions[state]) == (state in machine.ends):
            yield Problem(
                where=where,
                what=f"the state {state} is an end that something follows"
                if state in machine.ends
                else f"nothing follows the state {state}, and it is no end",
                remedy="Mend transitions or ends",
            )


def _check_machines(machines: Mapping[str, Entry[Machine]]) -> Iterable[Problem]:
    for entry in machines.values():
        yield from problems_of(entry.value, f"{entry.owner}: state machine {entry.value.id}")


MACHINES: Registry[Machine] = Registry(Machine, label="state machine", check=_check_machines)
