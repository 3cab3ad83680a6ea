"""A pytest plugin: a real PostgreSQL and a real NATS for the length of a test run.

Loaded with `-p zhen.runtime.testing`, before pytest-django reads the settings. Each process that
runs tests has servers of its own: transactions are counted per server, so the journal, which waits
for the oldest one running, would wait for the tests of another process. The servers live in
`.zhen-test` beside the sources (a second process takes `.zhen-test-1`, and so on), and their
databases are kept from run to run, because making one takes a second.

Addresses in the caller's environment are ignored: a test must never reach a real town.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhen.runtime import lock, nats, postgres
from zhen.runtime.faults import Fault
from zhen.runtime.files import read_state

_AT_MOST = 64  # processes at the same time in one checkout
_NO_TESTS = {"--help", "-h", "--version", "-V", "--markers", "--fixtures"}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, args: list[str]
) -> Iterator[None]:  # pragma: no cover  runs before coverage could
    if _runs_tests(early_config, args):
        servers = contextlib.ExitStack()
        early_config.add_cleanup(servers.close)
        try:
            os.environ.update(servers.enter_context(_servers(early_config.rootpath)))
        except Fault as fault:
            raise pytest.UsageError(str(fault)) from fault
    return (yield)


def _runs_tests(config: pytest.Config, args: list[str]) -> bool:
    """Whether tests run in this very process, not only in workers of pytest-xdist."""
    if not _NO_TESTS.isdisjoint(args):
        return False
    workers = getattr(config.known_args_namespace, "numprocesses", None)
    return "PYTEST_XDIST_WORKER" in os.environ or not workers


@contextlib.contextmanager
def _servers(root: Path) -> Iterator[dict[str, str]]:
    """The environment that leads to the servers of this run."""
    with contextlib.ExitStack() as stack:
        home = _free_home(root, stack)
        for left_over in ("nats", "files"):
            shutil.rmtree(home / left_over, ignore_errors=True)
        messages = stack.enter_context(nats.running(home, sync="2m"))
        database = stack.enter_context(_database(home))
        yield {"ZHEN_HOME": str(home), "DATABASE_URL": database.app_url, "NATS_URL": messages.url}


def _free_home(root: Path, stack: contextlib.ExitStack) -> Path:
    for number in range(_AT_MOST):
        home = root / (f".zhen-test-{number}" if number else ".zhen-test")
        try:
            stack.enter_context(lock.hold(home))
        except lock.AlreadyRunning:
            continue
        return home
    raise lock.AlreadyRunning(home=root / ".zhen-test", process="one of many")


@contextlib.contextmanager
def _database(home: Path) -> Iterator[postgres.Postgres]:
    """The kept server, or a new one where the kept one is damaged: it runs without fsync."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(_running(home))
        except (Fault, OSError):
            place = home / "server-place"
            directory = Path(place.read_text(encoding="utf-8").strip()) if place.exists() else home / "server"
            shutil.rmtree(directory / "data", ignore_errors=True)
            server = stack.enter_context(_running(home))
        yield server


def _running(home: Path) -> contextlib.AbstractContextManager[postgres.Postgres]:
    pg_bin = os.environ.get("ZHEN_PG_BIN")
    return postgres.running(
        home,
        pg_bin=Path(pg_bin) if pg_bin else None,
        fast=True,
        may_create_databases=True,
        say=lambda _line: None,
    )


@pytest.fixture(scope="session")
def database_url() -> str:
    """The server's address for the application's role; tests of models use pytest-django's database."""
    return os.environ["DATABASE_URL"]


@pytest.fixture(scope="session")
def nats_url() -> str:
    return os.environ["NATS_URL"]


@pytest.fixture(scope="session")
def mqtt_url() -> str:
    return str(read_state(Path(os.environ["ZHEN_HOME"]) / "nats.json")["mqtt_url"])
