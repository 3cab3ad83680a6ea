"""The dummy pages in the registries, and people who may see them, change them, or neither."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import clear_url_caches

import zhen.project.urls
import zhen.web.pages.urls
from zhen.kernel.identity.models import Unit, User
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib.registry import Registry
from zhen.kernel.packs import loading
from zhen.web.tests import dummy


def rebuild_addresses() -> None:
    importlib.reload(zhen.web.pages.urls)
    importlib.reload(zhen.project.urls)
    clear_url_caches()


@pytest.fixture
def dummies() -> Iterator[None]:
    """The dummy pages beside everything that the kernel and the packs declare."""
    packs = (loading.read(pack).bundle() for pack in settings.ZHEN_PACKS)
    bundles = (*loading.kernel_bundles(), *loading.gateway_bundles(), *packs, dummy.BUNDLE)
    problems = [problem for registry in Registry.all for problem in registry.gather(bundles)]
    problems += [problem for registry in Registry.all for problem in registry.validate()]
    assert problems == []
    for registry in Registry.all:
        registry.commit()
    rebuild_addresses()
    dummy.PRESSED.clear()
    yield
    loading.load(settings.ZHEN_PACKS)
    rebuild_addresses()


@pytest.fixture
def office(db: None) -> Unit:
    return a_unit("office", "党政办公室")


@pytest.fixture
def reader(dummies: None, office: Unit) -> Client:
    """Alice may see dummies."""
    return signed_in(a_user("alice", "爱丽丝"), "dummy_reader", office)


@pytest.fixture
def writer(dummies: None, office: Unit) -> Client:
    """Bob may see and change dummies."""
    return signed_in(a_user("bob", "鲍勃"), "dummy_writer", office)


@pytest.fixture
def stranger(dummies: None, db: None) -> Client:
    """Charlie has an account and no post."""
    client = Client()
    client.force_login(a_user("charlie", "查理"))
    return client


def signed_in(user: User, role: str, unit: Unit) -> Client:
    a_post(user, role, unit)
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client
