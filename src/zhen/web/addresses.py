"""Where pages are: the id gives the address, so that nobody keeps a list of them.

plan.targets on the desk is /desk/plan/targets/; the page of one target, which it names as its detail, is
/desk/plan/targets/17/; a page that no list names stands alone: /desk/plan/target/17/. The portal has no
prefix: news.notices is /news/notices/.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from zhen.kernel.pages.api import PAGES, BoardPage, DetailPage, Face, FilePage, FormPage, ListPage, MapPage, Page

PREFIX = {Face.PORTAL: "", Face.DESK: "desk/", Face.FIELD: "field/", Face.COCKPIT: "cockpit/"}


def needs_key(page: Page) -> bool:
    return isinstance(page, DetailPage | FilePage) or (isinstance(page, FormPage) and page.subject is not None)


def parent_of(page: Page) -> Page | None:
    """The page that one thing was chosen on: the first of its face that names it as detail."""
    if not isinstance(page, DetailPage):
        return None
    parents = (p for p in PAGES if isinstance(p, ListPage | BoardPage | MapPage) and p.detail == page.id)
    return next((parent for parent in parents if parent.face is page.face), None)


def route(page: Page) -> str:
    """The path of a page as Django's `path` takes it."""
    stem = (parent_of(page) or page).id.replace(".", "/")
    return PREFIX[page.face] + stem + "/" + ("<str:key>/" if needs_key(page) else "")


def address(page: Page, key: object = None, **query: object) -> str:
    """The address of a page, or of one thing on it."""
    kwargs = {"key": str(key)} if needs_key(page) else {}
    url = reverse(f"page:{page.id}", kwargs=kwargs)
    return f"{url}?{urlencode(query, doseq=True)}" if query else url
