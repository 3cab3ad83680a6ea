"""Log files of a bounded size.

Children write to their file directly, so that none ever waits for the supervisor to read a pipe.
A file that grew too long is copied aside and emptied under its writer, who appends and therefore
goes on at the new end; a line written between the two steps is lost.
"""

import shutil
from pathlib import Path

LIMIT = 10_000_000
KEPT = 3


def rotate(log: Path, *, limit: int = LIMIT, kept: int = KEPT) -> bool:
    """Set the log aside when it is longer than `limit` bytes; true when that was done."""
    try:
        if log.stat().st_size <= limit:
            return False
    except FileNotFoundError:
        return False
    for number in range(kept, 1, -1):
        older, newer = _numbered(log, number), _numbered(log, number - 1)
        if newer.exists():
            newer.replace(older)
    shutil.copy(log, _numbered(log, 1))
    with log.open("r+b") as file:
        file.truncate()
    return True


def _numbered(log: Path, number: int) -> Path:
    return log.with_name(f"{log.name}.{number}")
