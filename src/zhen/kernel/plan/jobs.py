"""What the worker does for the plan."""

from __future__ import annotations

from zhen.kernel.access.api import Actor
from zhen.kernel.plan.actions.targets import measure_targets


def measure_all() -> None:
    """Measure every bound target that has no measurement of today: a second run finds nothing to do."""
    measure_targets(Actor.system("plan.measure"), missing_only=True)
