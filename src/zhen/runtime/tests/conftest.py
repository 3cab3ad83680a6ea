"""Data homes for tests: short enough for a socket, and open to the account of root's server."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@contextlib.contextmanager
def new_home() -> Iterator[Path]:
    parent = Path(tempfile.mkdtemp(prefix="zhen-"))
    parent.chmod(0o755)
    yield parent / "home"
    shutil.rmtree(parent)


@pytest.fixture
def home() -> Iterator[Path]:
    """A data home that does not exist yet. Its parent goes away with everything in it."""
    with new_home() as path:
        yield path


@pytest.fixture(scope="module")
def shared_home() -> Iterator[Path]:
    """A data home for a module's tests: whoever breaks something in it mends it."""
    with new_home() as path:
        yield path
