"""Pure rules of the desk: which step of escalation comes when, and what a cause says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhen.kernel.telemetry.alarms.values import NOT_COUNTED, PASSED, REAL
from zhen.kernel.telemetry.declarations import CAUSES, PROFILES, Severity
from zhen.kernel.telemetry.models import EscalationStep

LONGEST_SUPPRESSION = timedelta(days=7)
"""Alarms that are silent for longer are forgotten; a longer maintenance is entered week by week."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """Who is told when an alarm has waited so long. `id` names the step, so that each person hears of it once."""

    id: str
    severity: int
    after_seconds: int
    whom: EscalationStep.Whom
    person_id: int | None = None

    @classmethod
    def of(cls, row: EscalationStep) -> Step:
        return cls(
            id=str(row.pk),
            severity=row.severity,
            after_seconds=row.after_seconds,
            whom=EscalationStep.Whom(row.whom),
            person_id=row.person_id,
        )


SHIPPED = (
    Step(id="roster", severity=Severity.MINOR, after_seconds=0, whom=EscalationStep.Whom.ROSTER),
    Step(id="leader", severity=Severity.MINOR, after_seconds=180, whom=EscalationStep.Whom.LEADER),
    Step(id="centre", severity=Severity.MAJOR, after_seconds=480, whom=EscalationStep.Whom.CENTRE),
)
"""The steps of a town that has entered none."""


def steps_of(rows: Iterable[EscalationStep], unit_id: int) -> tuple[Step, ...]:
    """A unit's own steps, else the town's, else the shipped ones."""
    rows = list(rows)
    for owner in (unit_id, None):
        own = tuple(Step.of(row) for row in rows if row.unit_id == owner)
        if own:
            return own
    return SHIPPED


def due_steps(steps: Iterable[Step], *, severity: int, since: datetime, now: datetime) -> list[Step]:
    """The steps that are due by now, in their order; an alarm that has grown worse takes those of its new severity."""
    due = (step for step in steps if step.severity <= severity and since + _after(step) <= now)
    return sorted(due, key=lambda step: step.after_seconds)


def next_step(steps: Iterable[Step], *, severity: int, since: datetime, now: datetime) -> datetime | None:
    """When the next step is due after now; None where all were taken."""
    times = (since + _after(step) for step in steps if step.severity <= severity)
    return min((at for at in times if at > now), default=None)


def _after(step: Step) -> timedelta:
    return timedelta(seconds=step.after_seconds)


def causes_of(profile: str) -> tuple[str, ...]:
    """The causes that a person can close an alarm of a profile with; all where its pack is gone."""
    declared = PROFILES.get(profile)
    return declared.causes if declared else tuple(cause for cause in CAUSES if cause != PASSED)


def is_false(cause: str) -> bool:
    """Whether an alarm closed with a cause was a false one."""
    return cause not in REAL and cause not in NOT_COUNTED
