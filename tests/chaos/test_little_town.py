"""Whatever is killed comes back; whoever stops leaves nothing behind."""

import contextlib
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import psutil
import psycopg
import pytest

from zhen.runtime.files import read_state

from .conftest import Town, eventually

pytestmark = pytest.mark.chaos


def serves(town: Town) -> bool:
    with contextlib.suppress(OSError):
        return urllib.request.urlopen(f"http://127.0.0.1:{town.port}/", timeout=2).status == 200
    return False


def app_url(town: Town) -> str:
    return str(read_state(town.home / "postgres.json")["app_url"])


def answers(town: Town) -> bool:
    with contextlib.suppress(psycopg.Error), psycopg.connect(app_url(town), connect_timeout=2) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)
    return False


def test_each_process_comes_back_within_ten_seconds(town: Town) -> None:
    town.start()
    for name in ("postgres", "nats", "web", "worker"):
        killed = town.child(name)
        assert killed is not None
        killed.kill()

        def is_back(name: str = name, before: int = killed.pid) -> bool:
            now = town.child(name)
            return now is not None and now.pid != before

        eventually(is_back, 10)
    eventually(lambda: answers(town) and serves(town), 10)
    assert town.output.count("was killed by SIGKILL; starting again in") == 4


def test_all_killed_at_once_come_back_within_ten_seconds(town: Town) -> None:
    town.start()
    children = psutil.Process(town.process.pid).children() if town.process else []
    for child in children:
        child.kill()
    eventually(lambda: town.output.count("ready again") == len(children), 10)
    assert answers(town)
    assert serves(town)


def test_a_committed_row_survives_the_kill_of_postgresql(town: Town) -> None:
    town.start()
    with psycopg.connect(app_url(town), autocommit=True) as connection:
        connection.execute("CREATE TABLE promise (kept integer)")
        for number in range(50):
            connection.execute("INSERT INTO promise VALUES (%s)", (number,))
        server = town.child("postgres")
        assert server is not None
        server.kill()
    eventually(lambda: "ready again" in town.output and answers(town), 10)
    with psycopg.connect(app_url(town)) as connection:
        assert connection.execute("SELECT count(*) FROM promise").fetchone() == (50,)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_told_to_stop_everything_is_gone_within_five_seconds(town: Town, number: signal.Signals) -> None:
    town.start()
    assert town.everyone()
    assert town.stop(number) < 5
    assert town.everyone() == []
    assert town.process is not None
    assert town.process.returncode == 0
    assert f"{number.name}: stopping" in town.output


def test_told_to_stop_while_starting_it_stops(town: Town) -> None:
    town.begin()
    eventually(lambda: "Making a new database" in town.output, 20)
    assert town.stop() < 5
    assert town.everyone() == []
    town.start()


def test_a_killed_supervisor_takes_its_children_along_or_the_next_one_does(town: Town) -> None:
    town.start()
    town.stop(signal.SIGKILL)
    if sys.platform == "linux":  # all but the one that does not listen to SIGTERM
        eventually(lambda: len(town.everyone()) <= 2, 10)
    town.start()
    assert "Stopping" in town.output
    assert "left behind" in town.output
    assert answers(town)
    assert serves(town)


def test_killed_at_any_moment_of_the_first_start_it_starts_the_next_time(town: Town) -> None:
    dice = random.Random(20260101)
    for _ in range(6):
        town.begin()
        time.sleep(dice.uniform(0.2, 2.5))
        town.stop(signal.SIGKILL)
    town.start()
    assert answers(town)


def test_a_second_one_is_refused_in_one_line(town: Town) -> None:
    town.start()
    second = Town(town.home, name="second")
    assert second.begin().wait(timeout=30) == 1
    (line,) = second.output.splitlines()
    assert line.startswith(f"zhen: Zhen is already running on {town.home} (process ")
    assert answers(town)


def test_a_port_taken_meanwhile_is_changed(town: Town) -> None:
    town.start()
    old = read_state(town.home / "postgres.json")["port"]
    town.stop()
    with socket.create_server(("127.0.0.1", int(str(old)))):
        town.start()
        assert read_state(town.home / "postgres.json")["port"] != old
        assert answers(town)


def test_a_foreign_process_in_the_house_is_left_alone(town: Town) -> None:
    """A number used again proves nothing: only the token or the data directory does."""
    town.start()
    town.stop(signal.SIGKILL)
    eventually(lambda: len(town.everyone()) <= 2, 10)
    with subprocess.Popen(("sleep", "600"), cwd=town.home) as foreign:
        town.start()
        assert foreign.poll() is None
        foreign.kill()
