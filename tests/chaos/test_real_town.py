"""`zhen up` itself: each of its processes may be killed, and people are served again."""

import contextlib
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator

import psutil
import pytest

from .conftest import Town, eventually, new_town

pytestmark = pytest.mark.chaos

PATIENCE = 30  # ten seconds on a machine of its own; build machines are shared


@pytest.fixture(scope="module")
def real_town() -> Iterator[Town]:
    with new_town(sys.executable, "-m", "zhen.project.cli", "up") as town:
        town.start(seconds=180)
        yield town


def get(town: Town, path: str) -> int:
    try:
        return int(urllib.request.urlopen(f"http://127.0.0.1:{town.port}{path}", timeout=10).status)
    except urllib.error.HTTPError as answer:
        return answer.code
    except OSError:
        return 0


@pytest.mark.parametrize("name", ["postgres", "nats", "web", "worker", "ingest", "gateways"])
def test_people_are_served_again_after_the_kill_of(real_town: Town, name: str) -> None:
    killed = real_town.child(name)
    assert killed is not None
    ready_before = real_town.output.count("ready again")
    killed.kill()
    took = eventually(
        lambda: real_town.output.count("ready again") > ready_before and get(real_town, "/healthz") == 200, PATIENCE
    )
    assert get(real_town, "/") == 200
    print(f"{name}: back after {took:.1f} s")


def test_the_web_servers_master_shares_no_connection_with_its_workers(real_town: Town) -> None:
    """It loads the program once and forks; a connection opened while loading would be shared."""
    master = real_town.child("web")
    assert master is not None
    assert [found.status for found in master.net_connections("inet") if found.status != "LISTEN"] == []


def test_a_killed_web_worker_is_replaced(real_town: Town) -> None:
    master = real_town.child("web")
    assert master is not None
    before = {process.pid for process in master.children()}
    for process in master.children():
        process.kill()
    eventually(lambda: len({child.pid for child in _children(master)} - before) >= len(before), PATIENCE)
    eventually(lambda: get(real_town, "/healthz") == 200, PATIENCE)
    assert master.is_running()


def test_a_killed_database_session_does_not_stay_broken(real_town: Town) -> None:
    server = real_town.child("postgres")
    assert server is not None
    for process in server.children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if " idle" in " ".join(process.cmdline()):
                process.kill()  # PostgreSQL ends all sessions and recovers
    eventually(lambda: get(real_town, "/healthz") == 200, PATIENCE)


def _children(process: psutil.Process) -> list[psutil.Process]:
    with contextlib.suppress(psutil.NoSuchProcess):
        return list(process.children())
    return []
