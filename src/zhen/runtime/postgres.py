"""The embedded PostgreSQL: made on first use, repaired after any crash, started as a plain process.

    server = prepare(home)          # binaries, data directory, configuration; nothing runs yet
    with running(home) as server:   # …and a server that accepts connections until the block ends
        psycopg.connect(server.app_url)

The application signs in as `zhen`, which owns the database and is not a superuser, so that no
fault in it can step around the triggers and privileges that keep the journal append-only.
"""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import quote

import psycopg

from zhen.runtime import binaries as programs
from zhen.runtime import ports, processes
from zhen.runtime.binaries import Binaries
from zhen.runtime.faults import Fault
from zhen.runtime.files import read_state, write_private, write_state
from zhen.runtime.place import Account, Place, Say, server_place

ROLE = DATABASE = "zhen"
SUPERUSER = "postgres"
LEAST_FREE_MB = 500

# The kernel's sockaddr_un holds 104 bytes on macOS and 108 on Linux.
_LONGEST_SOCKET_DIRECTORY = 100 - len("/.s.PGSQL.65535.lock")


class DiskFull(Fault):
    """Only {free} MB are free in {directory}; PostgreSQL needs {needed} MB to start. Free some
    space, or set ZHEN_HOME to a larger disk."""


class OtherMajorVersion(Fault):
    """The database in {directory} was made by PostgreSQL {made_by}, but these programs are
    version {version}. Set ZHEN_PG_BIN to the programs of version {made_by}, or move the data with
    pg_dump and pg_restore."""


class CredentialsLost(Fault):
    """The database in {directory} exists, but its passwords in {credentials} do not. Restore
    that file from a backup, or delete both to start anew."""


class InitFailed(Fault):
    """PostgreSQL could not make a new database in {directory}: {reason}"""


class NotReady(Fault):
    """PostgreSQL did not accept connections within {seconds} s. Its log {log} ends: {tail}"""


@dataclass(frozen=True, kw_only=True)
class Postgres:
    """A server that is ready to be started with `command` as `account`."""

    binaries: Binaries
    data: Path
    sockets: Path
    port: int
    account: Account | None
    app_password: str
    superuser_password: str

    @property
    def command(self) -> tuple[str, ...]:
        return (self.binaries.program("postgres"), "-D", str(self.data))

    @property
    def environment(self) -> dict[str, str]:
        """All the server needs. What the caller's shell says about PG* or locales stays out."""
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

    @property
    def app_url(self) -> str:
        return self._url(ROLE, self.app_password)

    @property
    def superuser_url(self) -> str:
        return self._url(SUPERUSER, self.superuser_password)

    @property
    def socket_url(self) -> str:
        """The application's address through the Unix socket: a little faster than TCP."""
        host = quote(str(self.sockets), safe="")
        return f"postgresql://{ROLE}:{self.app_password}@{host}:{self.port}/{DATABASE}"

    def is_ready(self) -> bool:
        try:
            with psycopg.connect(self.app_url, connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True

    def stop_leftovers(self) -> int:
        """Stop what an earlier run left behind, and remove the locks it held.

        PostgreSQL trusts the process number in postmaster.pid; after a crash another of our
        processes may have that number, and the server would refuse to start.
        """
        everyone = processes.working_in(self.data, "postgres")
        # Sessions that lost their server take SIGINT for "cancel the query"; it is for the server alone.
        servers = [process for process in everyone if processes.command_of(process) == self.command]
        processes.stop(servers, signal.SIGINT, signal.SIGQUIT)
        processes.stop((process for process in everyone if process not in servers), signal.SIGQUIT)
        for lock in (self.data / "postmaster.pid", *self.sockets.glob(".s.PGSQL.*")):
            with contextlib.suppress(FileNotFoundError):
                lock.unlink()
        return len(everyone)

    def _url(self, role: str, password: str) -> str:
        return f"postgresql://{role}:{password}@{ports.LOOPBACK}:{self.port}/{DATABASE}"


def prepare(
    home: Path,
    *,
    pg_bin: Path | None = None,
    fast: bool = False,
    may_create_databases: bool = False,
    say: Say = print,
) -> Postgres:
    """Make or mend everything a server needs. `fast` gives up durability: for tests only."""
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    place = server_place(home, say)
    free = shutil.disk_usage(place.directory).free // 1_000_000
    if free < LEAST_FREE_MB:
        raise DiskFull(free=free, needed=LEAST_FREE_MB, directory=place.directory)
    binaries = programs.find(place, pg_bin, say)
    data = place.directory / "data"
    credentials = _credentials(home, data)
    if not data.exists():
        say("Making a new database …")
        _init(place, binaries, credentials, fast=fast, may_create_databases=may_create_databases)
    made_by = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    if made_by != str(binaries.major):
        raise OtherMajorVersion(directory=data, made_by=made_by, version=binaries.version)
    server = Postgres(
        binaries=binaries,
        data=data,
        sockets=_socket_directory(place, credentials.get("sockets")),
        port=0,
        account=place.account,
        app_password=str(credentials["app_password"]),
        superuser_password=str(credentials["superuser_password"]),
    )
    server.stop_leftovers()
    return _configure(home, server, place, credentials, fast=fast)


@contextlib.contextmanager
def running(
    home: Path,
    *,
    pg_bin: Path | None = None,
    fast: bool = False,
    may_create_databases: bool = False,
    say: Say = print,
    seconds: float = 60,
) -> Iterator[Postgres]:
    """Run a server for the length of a block, without a supervisor."""
    server = prepare(home, pg_bin=pg_bin, fast=fast, may_create_databases=may_create_databases, say=say)
    log = home / "postgres.log"
    process = processes.spawn(
        server.command,
        output=log,
        environment=server.environment,
        account=server.account,
        stop_signal=signal.SIGINT,
    )
    try:
        up = processes.wait_until(lambda: process.poll() is not None or server.is_ready(), seconds=seconds)
        if not up or process.poll() is not None:
            raise NotReady(seconds=seconds, log=log, tail=processes.last_lines(log, 3))
        yield server
    finally:
        process.send_signal(signal.SIGINT)  # end sessions, write a checkpoint
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            server.stop_leftovers()


def _credentials(home: Path, data: Path) -> dict[str, object]:
    path = home / "postgres.json"
    credentials = read_state(path)
    if not credentials:
        if data.exists():
            raise CredentialsLost(directory=data, credentials=path)
        credentials = {
            "app_password": secrets.token_urlsafe(24),
            "superuser_password": secrets.token_urlsafe(24),
        }
        write_state(path, credentials)
    return credentials


def _init(
    place: Place,
    binaries: Binaries,
    credentials: dict[str, object],
    *,
    fast: bool,
    may_create_databases: bool,
) -> None:
    """Make the data directory complete under another name, then rename it: no half is ever used."""
    for half_done in place.directory.glob("init-*"):
        # Whoever was told to stop in the middle may have left a server at work there for some moments more.
        processes.stop(processes.working_in(half_done / "data", "postgres"))
        shutil.rmtree(half_done)
    workshop = place.make(f"init-{secrets.token_hex(4)}")
    password_file = workshop / "password"
    write_private(password_file, f"{credentials['superuser_password']}\n")
    place.give(password_file)
    data = workshop / "data"
    # ICU is in no wheel, so sorting is by code point wherever the programs come from; the
    # built-in provider knows Unicode's letters and cases without asking the system's libc.
    builtin = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8") if binaries.major >= 17 else ()
    _run(
        place,
        (
            *(binaries.program("initdb"), "-D", str(data), "-U", SUPERUSER, f"--pwfile={password_file}"),
            *("--encoding=UTF8", "--no-locale", *builtin, "--auth=scram-sha-256", "--data-checksums"),
            *("--no-instructions", *(("--no-sync",) if fast else ())),
        ),
    )
    with (data / "postgresql.conf").open("a", encoding="ascii") as file:
        file.write("\ninclude_if_exists = 'zhen.conf'\n")
    rights = "CREATEDB" if may_create_databases else "NOCREATEDB"
    _run(
        place,
        (
            *(binaries.program("postgres"), "--single", "-D", str(data), "-c", "exit_on_error=on"),
            *(("-F",) if fast else ()),
            SUPERUSER,
        ),
        # A statement a line. The passwords are URL-safe base64: nothing in them needs quoting.
        f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER {rights} PASSWORD '{credentials['app_password']}'\n"
        f"CREATE DATABASE {DATABASE} OWNER {ROLE}\n"
        f"REVOKE CONNECT ON DATABASE {DATABASE} FROM PUBLIC\n",
    )
    data.rename(place.directory / "data")
    shutil.rmtree(workshop)


def _run(place: Place, command: tuple[str, ...], statements: str = "") -> None:
    """Run a command to its end. Whatever ends us before that ends it, with the processes that it started."""
    account = place.account
    try:
        with subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            cwd="/",
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=processes.leash(signal.SIGKILL),
        ) as process:
            try:
                output, errors = process.communicate(statements, timeout=120)
            except BaseException:
                if process.returncode is None:
                    processes.collect(process)
                raise
    except (OSError, subprocess.SubprocessError) as error:
        raise InitFailed(directory=place.directory, reason=error) from error
    if process.returncode != 0:
        said = [line for line in (errors or output).splitlines() if line.strip()]
        raise InitFailed(directory=place.directory, reason=" | ".join(said[-4:]))


def _socket_directory(place: Place, recorded: object) -> Path:
    """A directory only the server may write to, with a name the kernel accepts."""
    inside = place.directory / "run"
    if len(os.fsencode(inside)) <= _LONGEST_SOCKET_DIRECTORY:
        return place.make("run")
    if isinstance(recorded, str):
        known = Path(recorded)
        owner = place.account.uid if place.account else os.geteuid()
        with contextlib.suppress(FileNotFoundError):
            status = known.lstat()
            if known.is_dir() and not known.is_symlink() and status.st_uid == owner:
                return known
    made = Path(mkdtemp(prefix="zhen-", dir="/tmp"))
    place.give(made)
    return made


def _configure(
    home: Path,
    server: Postgres,
    place: Place,
    state: dict[str, object],
    *,
    fast: bool,
) -> Postgres:
    server = replace(server, port=ports.keep_or_choose(state.get("port")))
    write_state(
        home / "postgres.json",
        {**state, "port": server.port, "sockets": str(server.sockets), "app_url": server.app_url},
    )
    file = server.data / "zhen.conf"
    write_private(file, _configuration(server.port, server.sockets, server.binaries.major, fast=fast))
    place.give(file)
    return server


def _configuration(port: int, sockets: Path, major: int, *, fast: bool) -> str:
    quoted = str(sockets).replace("'", "''")
    lines = [
        "# Written at every start; change postgresql.conf after the include line instead.",
        f"listen_addresses = '{ports.LOOPBACK}'",
        f"port = {port}",
        f"unix_socket_directories = '\"{quoted}\"'",
        "max_connections = 100",
        # A town fits; a larger machine sets more in postgresql.conf.
        "shared_buffers = 128MB",
        "work_mem = 8MB",
        "maintenance_work_mem = 64MB",
        "huge_pages = off",
        "jit = off",
        "max_wal_size = 512MB",
        "random_page_cost = 1.1",
        "autovacuum_max_workers = 2",
        # Containers give /dev/shm 64 MB: a few parallel workers fit, many do not.
        "max_parallel_workers_per_gather = 1",
        "timezone = 'UTC'",
        "log_timezone = 'UTC'",
        "log_line_prefix = '%m [%p] %a '",
        "log_min_duration_statement = 1000",
        "log_checkpoints = off",
    ]
    if major >= 18:
        lines.append("io_method = worker")
        lines.append("io_workers = 2")
    if fast:
        lines += ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
        lines += ["autovacuum = off", "log_min_duration_statement = -1"]
    else:
        lines += ["fsync = on", "synchronous_commit = on", "full_page_writes = on"]
    return "\n".join(lines) + "\n"
