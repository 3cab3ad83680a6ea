"""What a signed-off task says about the measure it was made of."""

from __future__ import annotations

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case, Link, Move
from zhen.kernel.plan.api import Measure, report_measure

MEASURE = "plan.measure"
SYSTEM = Actor.system("supervision")


def measure_of(case: Case) -> Measure | None:
    link = Link.objects.filter(case=case, kind=Link.Kind.CAUSED, subject_type=MEASURE).first()
    return Measure.objects.filter(pk=link.subject_id).first() if link else None


def tell_plan(case: Case, state: str, note: str) -> None:
    """Report on the task's measure. What somebody approved or signed counts; nobody types a state into the plan."""
    measure = measure_of(case)
    if measure is not None and (measure.state, measure.state_note) != (state, note):
        report_measure(SYSTEM, measure.pk, measure.revision, state=state, note=note)


def carry_over(_actor: Actor, case: Case, given: Move) -> None:
    if case.outcome == "completed":
        tell_plan(case, Measure.State.DONE, case.result)
    else:
        tell_plan(case, Measure.State.AT_RISK, given.reason or case.result)
