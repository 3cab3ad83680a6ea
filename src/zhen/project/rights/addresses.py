"""Every address of the program, with its door."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from django.urls import URLPattern, URLResolver, get_resolver

from zhen.kernel.access.api import Actor, ActorKind
from zhen.kernel.pages.api import PAGES
from zhen.project.rights.doors import ANYBODY, HAND_MADE, SIGNED_IN, Door, Way, needs

ABSENT = "999999999"
ABSENT_UUID = "99999999-9999-7999-8999-999999999999"
"""Keys of which there is no thing, for asking an address what it answers then."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """`name` is the one to reverse by; `door` is None where nobody has said who may enter."""

    name: str
    route: str
    door: Door | None

    @property
    def keyed(self) -> bool:
        return "<" in self.route

    @property
    def example(self) -> str:
        return "/" + re.sub(r"<[^>]*>", ABSENT, re.sub(r"<uuid:[^>]*>", ABSENT_UUID, self.route))

    def expected(self, actor: Actor) -> frozenset[int] | None:
        """The statuses with which `example` may answer a GET; None where its door is a case of its own."""
        signed_in = actor.kind is not ActorKind.ANONYMOUS
        found = HTTPStatus.NOT_FOUND if self.keyed else HTTPStatus.OK
        match self.door:
            case Door(way=Way.ANYBODY):
                return frozenset({found})
            case Door(way=Way.ROWS):
                return frozenset({HTTPStatus.NOT_FOUND})
            case Door(way=Way.SIGNED_IN):
                return frozenset({found if signed_in else HTTPStatus.FOUND})
            case Door(way=Way.POST):
                return frozenset(
                    {HTTPStatus.METHOD_NOT_ALLOWED} if signed_in else {HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.FOUND}
                )
            case Door(way=Way.PERMISSION, permission=permission):
                if not signed_in:
                    return frozenset({HTTPStatus.FOUND})
                return frozenset({found if actor.may(permission) else HTTPStatus.FORBIDDEN})
            case _:
                return None


def addresses() -> list[Address]:
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Address]:
    for part in resolver.url_patterns:
        route = prefix + str(part.pattern)
        if isinstance(part, URLPattern):
            name = f"{namespace}{part.name}" if part.name else route.strip("/")
            yield Address(name=name, route=route, door=_door(name))
        else:
            yield from _walk(part, route, f"{namespace}{part.namespace}:" if part.namespace else namespace)


def _door(name: str) -> Door | None:
    page = PAGES.get(name.removeprefix("page:")) if name.startswith("page:") else None
    if page is None:
        return HAND_MADE.get(name)
    if page.permission is not None:
        return needs(page.permission)
    return SIGNED_IN if page.signed_in else ANYBODY
