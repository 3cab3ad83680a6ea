"""`zhen up` says in one line why it cannot start, before it starts anything."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from zhen.runtime import lock
from zhen.runtime.settings import variables


def up(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if name not in variables()}
    return subprocess.run(
        (sys.executable, "-m", "zhen.project.cli", "up", *arguments),
        env={**own, "ZHEN_HOME": str(home), **settings},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_wrong_setting_stops_the_start(home: Path) -> None:
    done = up(home, ZHEN_PORT="http")
    assert (done.returncode, done.stderr) == (
        1,
        "zhen: ZHEN_PORT is 'http'; allowed is a whole number from 1 to 65535.\n",
    )


def test_a_taken_port_stops_the_start_and_names_who_has_it(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = up(home, ZHEN_PORT=str(port))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"zhen: Port {port} on 127.0.0.1 is taken")
    assert line.endswith(f"(process {os.getpid()}). Stop what uses it, or set ZHEN_PORT to another port.")
    assert not (home / "server").exists()


def test_a_second_one_stops(home: Path) -> None:
    with lock.hold(home):
        done = up(home)
    assert done.returncode == 1
    assert done.stderr.startswith(f"zhen: Zhen is already running on {home} (process {os.getpid()}).")


@pytest.mark.parametrize("variable", variables())
def test_the_help_lists_every_setting(variable: str, capsys: pytest.CaptureFixture[str]) -> None:
    from zhen.runtime import up as command

    with pytest.raises(SystemExit):
        command.main(["--help"])
    assert f"\n  {variable} " in capsys.readouterr().out
