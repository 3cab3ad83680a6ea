"""Where the database server's files lie, and as whom the server runs.

PostgreSQL refuses to run as root. Started by root, it therefore runs as an unprivileged account,
and that account must be able to reach its binaries and its data. Neither is certain: the
checkout, the virtual environment and the data home often lie under /root, which is closed to
everyone else. Opening other people's directories is not ours to do, so when the account cannot
enter the data home, the server's files move to a directory of their own in a system place, and
the data home keeps a record of where.
"""

import os
import pwd
import secrets
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from zhen.runtime.faults import Fault
from zhen.runtime.files import write_private

Say = Callable[[str], None]

SYSTEM_PLACES = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108  the directory made there is exclusive


class NoServerAccount(Fault):
    """PostgreSQL does not run as root, and this machine has neither an account `postgres` nor
    `nobody`. Add one (`useradd --system postgres`), start as an ordinary user, or set
    DATABASE_URL."""


class AccountUnusable(Fault):
    """Root may not act as the account `{account}` here ({reason}), and PostgreSQL does not run
    as root. Start as an ordinary user, or set DATABASE_URL."""


class NoServerPlace(Fault):
    """The account `{account}` cannot enter {home}, and no system place could be used
    ({reason}). Set ZHEN_HOME to a directory every account may enter, such as /srv/zhen."""


class ServerPlaceGone(Fault):
    """The database of {home} was in {place}, which is gone. Restore it, or delete {home} to
    start anew."""


class ServerPlaceUnsafe(Fault):
    """The database directory {place} is not a directory that only root can change. Check who
    changed it, then run `chown root {place} && chmod 755 {place}`."""


class ServerPlaceTaken(Fault):
    """The database directory {place} belongs to {other}, not to {home}; a copied data home
    cannot share it. Start with an empty ZHEN_HOME and restore a backup into it."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """An operating system account."""

    name: str
    uid: int
    gid: int

    def may_enter(self, directory: Path) -> bool:
        """Ask the kernel, which alone knows of modes, access lists and mounts."""
        command = ("/bin/sh", "-c", 'cd -- "$1"', "sh", str(directory))
        try:
            done = subprocess.run(  # noqa: S603
                command,
                user=self.uid,
                group=self.gid,
                extra_groups=[],
                cwd="/",
                capture_output=True,
                timeout=10,
                check=False,
            )
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            raise AccountUnusable(account=self.name, reason=error) from error
        return done.returncode == 0


@dataclass(frozen=True, kw_only=True)
class Place:
    """A directory for the server's files; `account` is None when the server runs as ourselves."""

    directory: Path
    account: Account | None

    def make(self, name: str) -> Path:
        """A sub-directory that belongs to the server alone."""
        path = self.directory / name
        path.mkdir(mode=0o700, exist_ok=True)
        self.give(path)
        return path

    def give(self, path: Path) -> None:
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)


def server_account() -> Account | None:
    """The account the server runs as; None means: as whoever starts it."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise NoServerAccount


def server_place(home: Path, say: Say = print) -> Place:
    """Find or make the server's directory for a data home that exists."""
    account = server_account()
    inside = home / "server"
    if account is None:
        inside.mkdir(mode=0o700, exist_ok=True)
        return Place(directory=inside, account=None)
    record = home / "server-place"
    if record.exists():
        return Place(directory=_recorded(record, home), account=account)
    if account.may_enter(home):
        inside.mkdir(mode=0o755, exist_ok=True)
        inside.chmod(0o755)
        return Place(directory=inside, account=account)
    directory = _outside(home, account)
    write_private(record, f"{directory}\n")
    say(
        f"PostgreSQL runs as `{account.name}`, who cannot enter {home}: "
        f"the database is kept in {directory} (recorded in {record})."
    )
    for old in _forgotten(home, directory):
        say(f"An older database of this data home is still in {old}; delete it when it is not needed.")
    return Place(directory=directory, account=account)


def _outside(home: Path, account: Account) -> Path:
    """A new directory in a system place. The name is random and must not exist: nobody can have
    prepared it for us."""
    reasons = []
    for parent in SYSTEM_PLACES:
        directory = parent / f"zhen-{secrets.token_hex(4)}"
        try:
            directory.mkdir(mode=0o755)
            directory.chmod(0o755)
            write_private(directory / "home", f"{home}\n")
        except OSError as error:
            reasons.append(str(error))
            continue
        if account.may_enter(directory):
            return directory
        (directory / "home").unlink()
        directory.rmdir()
        reasons.append(f"{parent} is closed too")
    raise NoServerPlace(account=account.name, home=home, reason="; ".join(reasons))


def _recorded(record: Path, home: Path) -> Path:
    directory = Path(record.read_text(encoding="utf-8").strip())
    try:
        status = directory.lstat()
    except FileNotFoundError:
        raise ServerPlaceGone(home=home, place=directory) from None
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != 0 or status.st_mode & 0o022:
        raise ServerPlaceUnsafe(place=directory)
    owner = Path((directory / "home").read_text(encoding="utf-8").strip())
    if owner != home:
        if (owner / "server-place").exists():
            raise ServerPlaceTaken(place=directory, other=owner, home=home)
        write_private(directory / "home", f"{home}\n")  # the data home was moved
    return directory


def _forgotten(home: Path, current: Path) -> list[Path]:
    """Databases of data homes at the same path that were deleted without them."""
    found = []
    for parent in SYSTEM_PLACES:
        for marker in parent.glob("zhen-*/home"):
            try:
                if marker.parent != current and Path(marker.read_text(encoding="utf-8").strip()) == home:
                    found.append(marker.parent)
            except OSError:
                continue  # not ours to read, so not ours
    return found
