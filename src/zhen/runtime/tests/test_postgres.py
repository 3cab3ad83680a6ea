"""A real PostgreSQL: made whole, mended, and refused where it cannot be right."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from zhen.runtime import postgres, processes
from zhen.runtime.binaries import NoBinaries
from zhen.runtime.files import read_state
from zhen.runtime.place import server_place
from zhen.runtime.processes import command_of


def quiet(_line: str) -> None:
    pass


def prepare(home: Path) -> postgres.Postgres:
    return postgres.prepare(home, fast=True, say=quiet)


@contextlib.contextmanager
def mended(file: Path) -> Iterator[None]:
    """Give back a file that the block spoils."""
    whole = file.read_bytes()
    try:
        yield
    finally:
        file.write_bytes(whole)


def ask(url: str, question: str) -> tuple[object, ...]:
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone() or ()


def test_the_application_owns_its_database_and_is_no_superuser(shared_home: Path) -> None:
    with postgres.running(shared_home, fast=True, say=quiet) as server:
        assert ask(server.app_url, "SELECT current_user, current_database()") == ("zhen", "zhen")
        assert ask(server.socket_url, "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = 'zhen'") == (
            False,
            False,
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(server.app_url, "SELECT set_config('session_replication_role', 'replica', false)")
        assert ask(server.superuser_url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == (True,)
        assert ask(server.app_url, "SELECT upper('é'), getdatabaseencoding()") == ("É", "UTF8")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            ask(server.app_url.replace(server.app_password, "wrong"), "SELECT 1")


def test_durability_is_on_unless_given_up(shared_home: Path) -> None:
    with postgres.running(shared_home, say=quiet) as server:
        assert ask(server.app_url, "SELECT current_setting('fsync'), current_setting('synchronous_commit')") == (
            "on",
            "on",
        )


def test_secrets_are_private_and_the_address_is_written_down(shared_home: Path) -> None:
    server = prepare(shared_home)
    assert (shared_home / "postgres.json").stat().st_mode & 0o777 == 0o600
    assert read_state(shared_home / "postgres.json")["app_url"] == server.app_url


def test_the_port_is_kept_while_it_is_free(shared_home: Path) -> None:
    port = prepare(shared_home).port
    assert prepare(shared_home).port == port
    with socket.create_server(("127.0.0.1", port)):
        assert prepare(shared_home).port != port


def test_a_half_made_database_is_made_anew(home: Path) -> None:
    prepare(home)
    shutil.rmtree(home / "server" / "data")
    half = home / "server" / "init-12345678" / "data"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with postgres.running(home, fast=True, say=quiet) as server:
        assert ask(server.app_url, "SELECT 1") == (1,)
    assert not list((home / "server").glob("init-*"))


def test_a_server_left_in_a_half_made_database_is_stopped_before_that_goes(home: Path) -> None:
    """Told to stop while it makes a database, the town may leave one that still writes for some moments."""
    server = prepare(home)
    half = home / "server" / "init-12345678" / "data"
    half.parent.mkdir()
    shutil.copytree(server.data, half)
    shutil.rmtree(server.data)
    account = server.account
    if account:
        for path in (half.parent, half, *half.rglob("*")):
            os.chown(path, account.uid, account.gid)
    command = (server.binaries.program("postgres"), "--single", "-D", str(half), "postgres")
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    ) as process:
        assert processes.wait_until(lambda: bool(processes.working_in(half, "postgres")), seconds=20)
        prepare(home)
        process.wait(timeout=10)
    assert not list((home / "server").glob("init-*"))


def test_what_makes_the_database_ends_with_all_its_processes(home: Path) -> None:
    """A shell with a child of its own stands for initdb; SIGALRM for the signal that tells us to stop."""
    home.mkdir()
    place = server_place(home, quiet)
    began = time.monotonic()

    def stop(_number: int, _frame: object) -> None:
        raise SystemExit(0)

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        with pytest.raises(SystemExit):
            postgres._run(place, ("/bin/sh", "-c", f"sleep 61.{os.getpid()} & wait"))
    finally:
        signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - began < 10
    assert [process for process in psutil.process_iter() if f"61.{os.getpid()}" in str(command_of(process))] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs from a copy")
def test_a_damaged_copy_of_the_programs_is_copied_anew(shared_home: Path) -> None:
    prepare(shared_home)
    (program,) = (shared_home / "server").glob("pg-*/*/pginstall/bin/postgres")
    with program.open("r+b") as file:
        file.truncate(1000)
    (shared_home / "server" / "pg-1.2.12345678").mkdir()
    with postgres.running(shared_home, fast=True, say=quiet) as server:
        assert ask(server.app_url, "SELECT 1") == (1,)
    assert len(list((shared_home / "server").glob("pg-*"))) == 1


def test_a_lock_that_names_a_foreign_process_neither_stops_the_start_nor_that_process(shared_home: Path) -> None:
    server = prepare(shared_home)
    with subprocess.Popen(("sleep", "600"), user=server.account.uid if server.account else None, cwd="/") as foreign:
        (server.data / "postmaster.pid").write_text(f"{foreign.pid}\n{server.data}\n1\n{server.port}\n\n\n")
        (server.sockets / f".s.PGSQL.{server.port}.lock").write_text(f"{foreign.pid}\n")
        with postgres.running(shared_home, fast=True, say=quiet) as again:
            assert ask(again.app_url, "SELECT 1") == (1,)
        assert foreign.poll() is None
        foreign.kill()


def test_a_long_home_gets_a_short_directory_for_its_socket(home: Path) -> None:
    long = home.with_name("x" * 120)
    with postgres.running(long, fast=True, say=quiet) as server:
        assert len(str(server.sockets)) < 100
        assert ask(server.socket_url, "SELECT 1") == (1,)
    assert prepare(long).sockets == server.sockets
    shutil.rmtree(server.sockets)
    assert prepare(long).sockets.exists()
    shutil.rmtree(prepare(long).sockets)


def test_a_full_disk_is_refused(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**9, 10**9 - 10**7, 10**7))
    with pytest.raises(postgres.DiskFull, match=r"Only 10 MB are free in .*; PostgreSQL needs 500 MB"):
        prepare(shared_home)


def test_a_database_of_another_major_version_is_refused(shared_home: Path) -> None:
    made_by = prepare(shared_home).data / "PG_VERSION"
    with mended(made_by):
        made_by.write_text("15\n")
        with pytest.raises(postgres.OtherMajorVersion, match=r"was made by PostgreSQL 15, .* Set ZHEN_PG_BIN"):
            prepare(shared_home)


def test_a_database_without_its_passwords_is_refused(shared_home: Path) -> None:
    prepare(shared_home)
    credentials = shared_home / "postgres.json"
    with mended(credentials):
        credentials.unlink()
        with pytest.raises(postgres.CredentialsLost, match=r"its passwords in .* do not"):
            prepare(shared_home)


def test_programs_that_are_not_there_are_refused(shared_home: Path, tmp_path: Path) -> None:
    with pytest.raises(NoBinaries, match=f"no program postgres in {tmp_path}"):
        postgres.prepare(shared_home, pg_bin=tmp_path, say=quiet)
