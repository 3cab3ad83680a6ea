"""Every declared page, drawn over the demo town: it opens, and asks the database a few times, not once a row."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zhen.kernel.access.api import ROLES, Actor, Reach
from zhen.kernel.identity.api import User, actor_for
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib import clock
from zhen.kernel.lib.privacy import Privacy
from zhen.kernel.pages.api import PAGES, DetailPage, ListPage, MapPage, Page
from zhen.project.demo.build import build
from zhen.web.addresses import address, needs_key, parent_of
from zhen.web.pages.values import key_of

MOST_QUERIES = 48
"""Signing in and menus take up to 12; a page of 50 rows with one query each takes 50."""
ONE_A_MODEL = {"parties.mine": 20}
"""What is held about the reader: one for each model with personal data, however many rows, and so many besides."""


class Cast:
    """One demo account for each role, the roles over the whole town first."""

    def __init__(self) -> None:
        self.unit = a_unit("cast", "测试单位")
        self.users: dict[str, User] = {}

    def for_page(self, page: Page) -> tuple[Client, Actor] | None:
        """A browser of somebody who may open the page; None if that takes an elevation."""
        for role in sorted(ROLES, key=lambda role: role.reach is not Reach.TOWN):
            user = self.users.get(role.id) or a_user(f"cast_{role.id.replace('.', '_')}", is_demo=True)
            if role.id not in self.users:
                a_post(user, role.id, self.unit)
                self.users[role.id] = user
            actor = actor_for(user, day=clock.today())
            if page.permission is None or actor.may(page.permission):
                client = Client()
                client.force_login(user)
                return client, actor
        return None


def examples(page: Page, actor: Actor) -> Iterator[str]:
    """The address of the page; for a page about one thing, of the first thing that its list shows."""
    if not needs_key(page):
        yield address(page)
        return
    parent = parent_of(page) if isinstance(page, DetailPage) else None
    if isinstance(parent, ListPage | MapPage):
        rows = parent.rows(actor, {})
        for row in rows[:1]:
            yield address(page, key_of(row))


def drawn_page(client: Client, example: str) -> tuple[HttpResponse, CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as asked:
        response = client.get(example)
    return response, asked


@pytest.mark.django_db
def test_no_page_asks_once_for_each_row(settings: LazySettings) -> None:
    settings.ZHEN_DEMO = True
    build(scale="small", say=lambda line: None)
    cast = Cast()
    personal = sum(isinstance(getattr(model, "privacy", None), Privacy) for model in apps.get_models())
    drawn, wrong = 0, []
    for page in PAGES:
        visit = cast.for_page(page)
        if visit is None:
            continue
        client, actor = visit
        for example in examples(page, actor):
            most = ONE_A_MODEL[page.id] + personal if page.id in ONE_A_MODEL else MOST_QUERIES
            response, asked = drawn_page(client, example)
            if len(asked) > most:  # what is read once a process has been read now
                response, asked = drawn_page(client, example)
            drawn += 1
            if response.status_code != 200 or len(asked) > most:
                wrong.append(f"{page.id} {example}: {response.status_code}, {len(asked)} queries")
    assert wrong == []
    assert drawn > len(PAGES) / 2
