"""The small parts: ports, the lock, log rotation, words for return codes."""

import socket
from pathlib import Path

import pytest

from zhen.runtime import lock, logs, ports, processes


def test_a_port_in_use_is_not_free_and_another_is_chosen() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as server:
        taken = server.getsockname()[1]
        assert not ports.is_free(taken)
        assert ports.keep_or_choose(taken) != taken


def test_a_free_port_is_kept() -> None:
    port = ports.free_port()
    assert ports.keep_or_choose(port) == port


def test_a_second_holder_of_a_home_is_refused_with_the_first_ones_number(tmp_path: Path) -> None:
    with lock.hold(tmp_path), pytest.raises(lock.AlreadyRunning, match=r"already running on .* \(process \d+\)"):
        lock.hold(tmp_path).__enter__()
    with lock.hold(tmp_path):
        pass


def test_a_long_log_is_set_aside_and_its_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with log.open("a") as writer:
        for text in ("first", "second", "third", "last"):
            writer.write(text)
            writer.flush()
            assert logs.rotate(log, limit=0, kept=2)
        writer.write("new")
        writer.flush()
        assert not logs.rotate(log, limit=10)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "web.log": "new",
        "web.log.1": "last",
        "web.log.2": "third",
    }


@pytest.mark.parametrize(
    ("code", "words"),
    [(0, "ended with status 0"), (-9, "was killed by SIGKILL"), (-200, "was killed by signal 200")],
)
def test_return_codes_are_put_in_words(code: int, words: str) -> None:
    assert processes.describe(code) == words


def test_the_end_of_a_log_is_shown(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("\n".join(map(str, range(100))))
    assert processes.last_lines(tmp_path / "log", 2) == "98\n99"
    assert processes.last_lines(tmp_path / "none") == ""
