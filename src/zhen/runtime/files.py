"""Small files that must never be seen half-written, nor by others."""

import contextlib
import json
import os
import secrets
from pathlib import Path

from zhen.runtime.faults import Fault


class UnreadableState(Fault):
    """{path} is not valid ({reason}). Restore it from a backup; delete it only together with
    the data it belongs to."""


def write_private(path: Path, text: str, *, keep: bool = False) -> None:
    """Put a file only its owner may read at `path`, in one step.

    It replaces what is there; with `keep`, the first of several writers wins.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if keep:
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(temporary)
        else:
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_state(path: Path, state: dict[str, object]) -> None:
    write_private(path, json.dumps(state, indent=2, sort_keys=True) + "\n")


def read_state(path: Path) -> dict[str, object]:
    """The object stored in `path`; empty when there is none yet."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    try:
        state = json.loads(text)
    except ValueError as error:
        raise UnreadableState(path=path, reason=error) from error
    if not isinstance(state, dict):
        raise UnreadableState(path=path, reason="not an object")
    return state
