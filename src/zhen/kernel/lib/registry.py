"""Registries of declarations: typed, atomic, validated before anything is used.

A declaration is a frozen value with an `id`. Each kernel module owns the registry of its own kind
(`Registry(CaseType)` in `cases`, `Registry(Indicator)` in `plan`, ...). `packs` gathers what the
kernel and the packs declare, has every registry validate its part, and only then swaps all of them
at once: a faulty pack never leaves half of itself behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar

from zhen.kernel.lib.problems import Problem


class Declaration(Protocol):
    """Anything that can be declared: it has an id, unique among its kind."""

    @property
    def id(self) -> str: ...


D = TypeVar("D", bound=Declaration)
ID_FORM = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """What one owner (a kernel module or a pack) declares, of whatever kinds."""

    owner: str
    items: tuple[Declaration, ...]


@dataclass(frozen=True, kw_only=True)
class Entry(Generic[D]):
    owner: str
    value: D


Check = Callable[[Mapping[str, Entry[D]]], Iterable[Problem]]


class Registry(Generic[D]):
    """All declarations of one kind, in the order of their declaration.

    `check` gets the complete candidate contents and yields what is wrong with them; it may look
    into other registries only through their `candidate`, which is why checks run after all
    candidates are gathered.
    """

    all: list[Registry[Any]] = []

    def __init__(self, kind: type[D], *, label: str, check: Check[D] | None = None) -> None:
        self.kind = kind
        self.label = label
        self._check = check
        self._entries: Mapping[str, Entry[D]] = MappingProxyType({})
        self._candidate: dict[str, Entry[D]] = {}
        Registry.all.append(self)

    # reading

    def __getitem__(self, id: str) -> D:
        try:
            return self._entries[id].value
        except KeyError:
            raise KeyError(f"no {self.label} is called {id!r}") from None

    def get(self, id: str) -> D | None:
        entry = self._entries.get(id)
        return entry.value if entry else None

    def __contains__(self, id: object) -> bool:
        return id in self._entries

    def __iter__(self) -> Iterator[D]:
        return (entry.value for entry in self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def owner_of(self, id: str) -> str:
        return self._entries[id].owner

    def owned_by(self, owner: str) -> tuple[D, ...]:
        return tuple(entry.value for entry in self._entries.values() if entry.owner == owner)

    @property
    def candidate(self) -> Mapping[str, Entry[D]]:
        """The contents under validation; equal to the live contents once loading has ended."""
        return self._candidate

    # loading, by `packs` only

    def gather(self, bundles: Iterable[Bundle]) -> list[Problem]:
        self._candidate = {}
        problems: list[Problem] = []
        for bundle in bundles:
            for item in bundle.items:
                if not isinstance(item, self.kind):
                    continue
                where = f"{bundle.owner}: {self.label} {item.id}"
                if not ID_FORM.fullmatch(item.id):
                    problems.append(
                        Problem(
                            where=where,
                            what="the id is not dotted lower case",
                            remedy="Use a form like fire.alarm",
                        )
                    )
                if item.id in self._candidate:
                    first = self._candidate[item.id].owner
                    problems.append(
                        Problem(
                            where=where,
                            what=f"duplicate id, first declared by {first}",
                            remedy="Rename one of the two",
                        )
                    )
                    continue
                self._candidate[item.id] = Entry(owner=bundle.owner, value=item)
        return problems

    def validate(self) -> list[Problem]:
        return list(self._check(self._candidate)) if self._check else []

    def commit(self) -> None:
        self._entries = MappingProxyType(dict(self._candidate))
