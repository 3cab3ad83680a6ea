"""Menus, derived from the declared pages: whoever may open a page sees it, in the order it was given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhen.kernel.packs.api import Packs
from zhen.kernel.pages.api import PAGES, Face, Page
from zhen.web.addresses import address, needs_key
from zhen.web.requests import Request

# what the kernel's modules are called in menus; packs bring their own name
KERNEL_NAMES = {
    "plan": _("Plan"),
    "places": _("Places"),
    "parties": _("Persons and organisations"),
    "identity": _("People and posts"),
    "access": _("Rights"),
    "oversight": _("Oversight"),
    "notify": _("Messages"),
    "packs": _("Packs"),
    "cases": _("Cases"),
    "rounds": _("Rounds"),
    "bookings": _("Bookings"),
    "telemetry": _("Devices"),
    "gb26875": _("Fire alarm transmission"),
    "ledger": _("Money"),
    "publishing": _("Publishing"),
    "web": _("Overview"),
}


@dataclass(frozen=True, kw_only=True)
class Item:
    text: str
    url: str
    icon: str
    intro: str = ""
    current: bool = False


@dataclass(frozen=True, kw_only=True)
class Group:
    """The pages of one owner under its name, a module of the kernel or a pack; or a part of them under its own."""

    id: str
    text: str
    items: tuple[Item, ...]


def menu_for(request: Request, face: Face) -> tuple[Group, ...]:
    open_ = tuple(
        page.id for page in PAGES if page.face is face and page.menu and not needs_key(page) and _open_to(request, page)
    )
    return tuple(
        replace(group, items=tuple(_marked(item, request.path) for item in group.items))
        for group in _groups(open_, get_language())
    )


@lru_cache(maxsize=200)
def _groups(open_: tuple[str, ...], _language: str | None) -> tuple[Group, ...]:
    """The menu of these pages in the reader's language: the same for everybody who may open them."""
    pages = sorted((PAGES[id] for id in open_), key=lambda page: (page.order, page.id))
    parts: dict[tuple[str, str], list[Page]] = {}
    for page in pages:
        parts.setdefault((PAGES.owner_of(page.id), str(page.group)), []).append(page)
    return tuple(
        Group(
            id=f"{owner}-{number}" if group else owner,
            text=group or _name(owner),
            items=tuple(_item(page) for page in part),
        )
        for number, ((owner, group), part) in enumerate(sorted(parts.items(), key=_place))
    )


def _place(part: tuple[tuple[str, str], list[Page]]) -> tuple[int, str, int, str]:
    """By the first page of the pack, then by the first of the part: a pack's parts stay together."""
    (owner, group), pages = part
    first = min(
        page.order for page in PAGES if page.menu and page.face is pages[0].face and PAGES.owner_of(page.id) == owner
    )
    return first, _name(owner), min(page.order for page in pages), group


def _marked(item: Item, path: str) -> Item:
    return replace(item, current=True) if path.startswith(item.url) else item


def _open_to(request: Request, page: Page) -> bool:
    return page.permission is None or request.actor.may(page.permission)


def _item(page: Page) -> Item:
    return Item(text=str(page.menu), url=address(page), icon=page.icon or "file-text", intro=str(page.intro))


def _name(owner: str) -> str:
    pack = next((pack for pack in Packs.loaded if pack.id == owner), None)
    return str(pack.name) if pack else str(KERNEL_NAMES.get(owner, owner))
