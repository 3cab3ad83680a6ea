"""What is read once while one page is made: editions of tables, sums that two parts of a page need.

    @once
    def edition() -> int: ...

    with reading():      # the web does so around every request
        edition()        # asks the database
        edition()        # does not

Outside `reading` every call asks anew, and so does an action within it: whoever writes must see what he has written,
and what was read before is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar, cast

T = TypeVar("T")
_held: ContextVar[dict[Hashable, Any] | None] = ContextVar("zhen_once", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """Within it, each `once` is asked at most once."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Within it, every `once` asks anew; what was read before is forgotten. Around every action."""
    held = _held.get()
    token = _held.set(None)
    try:
        yield
    finally:
        _held.reset(token)
        if held is not None:
            held.clear()


def is_reading() -> bool:
    return _held.get() is not None


def once(function: Callable[[], T]) -> Callable[[], T]:
    """A function without arguments whose answer holds for one reading."""

    @wraps(function)
    def asked() -> T:
        held = _held.get()
        if held is None:
            return function()
        if function not in held:
            held[function] = function()
        return cast(T, held[function])

    return asked
