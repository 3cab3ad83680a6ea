"""Jobs of the worker."""

from __future__ import annotations

from zhen.gateways.gb26875 import recording
from zhen.kernel.lib import clock


def tidy_up() -> None:
    recording.tidy(clock.now())
