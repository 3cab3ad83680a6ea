"""Where pages are: the id gives the address, so that nobody keeps a list of them.

plan.targets on the desk is /desk/plan/targets/; a page of one thing adds its key: /desk/plan/target/17/.
The portal has no prefix: news.notices is /news/notices/.
"""

from __future__ import annotations

from django.urls import reverse

from zhen.kernel.pages.api import DetailPage, Face, FormPage, Page

PREFIX = {Face.PORTAL: "", Face.DESK: "desk/", Face.FIELD: "field/", Face.COCKPIT: "cockpit/"}


def needs_key(page: Page) -> bool:
    return isinstance(page, DetailPage) or (isinstance(page, FormPage) and page.subject is not None)


def route(page: Page) -> str:
    """The path of a page as Django's `path` takes it."""
    return PREFIX[page.face] + page.id.replace(".", "/") + "/" + ("<str:key>/" if needs_key(page) else "")


def address(page: Page, key: object = None) -> str:
    """The address of a page, or of one thing on it."""
    name = f"page:{page.id}"
    return reverse(name, kwargs={"key": str(key)}) if needs_key(page) else reverse(name)
