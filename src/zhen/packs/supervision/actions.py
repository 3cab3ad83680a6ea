"""Making tasks of measures, reporting on them, deciding on reports, and the daily slips."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable, restrict
from zhen.kernel.cases.api import Case, Link, NewCase, link, receive
from zhen.kernel.identity.api import User, posts_on
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.notify.api import tell
from zhen.kernel.plan.api import Measure
from zhen.packs.supervision import rights, rules
from zhen.packs.supervision.effects import MEASURE, tell_plan
from zhen.packs.supervision.models import Milestone, Report, Slip

TASK = "supervision.task"
MOST = 300
SYSTEM = Actor.system("supervision")


@action(rights.SET, silent=True)
def take_on(actor: Actor, measure_ids: Iterable[int], *, template: str = "") -> tuple[Case, ...]:
    """Make a task of each measure that has none yet: for its lead unit and those that cooperate, due when it is."""
    wanted = sorted(set(measure_ids))
    if len(wanted) > MOST:
        raise Refused(
            field=_("measures"),
            value=len(wanted),
            reason=_("that is too many at once"),
            remedy=_("Take a chapter first"),
        )
    known = set(
        Link.objects.filter(subject_type=MEASURE, kind=Link.Kind.CAUSED, subject_id__in=[str(id) for id in wanted])
        .exclude(case__state="withdrawn")
        .values_list("subject_id", flat=True)
    )
    measures = restrict(actor, "plan.view", Measure.objects.filter(pk__in=wanted)).select_related("document")
    together: dict[int, list[int]] = {}
    for measure_id, unit_id in Measure.objects.filter(
        pk__in=wanted, responsibilities__role="cooperating", responsibilities__unit__isnull=False
    ).values_list("pk", "responsibilities__unit"):
        together.setdefault(measure_id, []).append(unit_id)
    return tuple(
        _task(actor, measure, together.get(measure.pk, ()), template)
        for measure in measures.order_by("start")
        if str(measure.pk) not in known
    )


def _task(actor: Actor, measure: Measure, together: Sequence[int], template: str) -> Case:
    now = clock.now()
    today = now.astimezone(clock.TOWN_ZONE).date()
    days = max(1, (measure.due_on - today).days)
    case = receive(
        actor,
        TASK,
        NewCase(
            title=measure.text[:200],
            text=measure.text,
            unit_id=measure.lead_unit_id,
            source="plan",
            source_ref=f"{MEASURE}:{measure.pk}:{now.timestamp():.0f}",
            limits={"whole": (min(days, 3660), "calendar_days")},
            given={"document": measure.document.title, "starts_on": measure.starts_on.isoformat()},
        ),
    )
    shared = sorted(set(together) - {measure.lead_unit_id or 0})
    if shared:
        Case.objects.filter(pk=case.pk).update(shared_units=shared)
    link(actor, case.pk, Link.Kind.CAUSED, subject=(MEASURE, str(measure.pk)))
    if template:
        with translation.override(settings.LANGUAGE_CODE):
            Milestone.objects.bulk_create(
                Milestone(case=case, name=str(name), due_on=due_on)
                for name, due_on in rules.milestones(template, max(measure.starts_on, today), measure.due_on)
            )
    case.refresh_from_db()
    return case


@action(rights.REPORT)
def report(actor: Actor, case_id: int, *, state: str, text: str, evidence: str = "") -> Report:
    """Say where a task stands. It counts once somebody else has approved it."""
    case = _open_task(actor, rights.REPORT, case_id)
    text, evidence = text.strip(), evidence.strip()
    if not text:
        raise Refused(field=_("report"), value="", reason=_("it is empty"), remedy=_("Say what was done"))
    if state == Measure.State.DONE and not evidence:
        raise Refused(
            field=_("evidence"),
            value="",
            reason=_("who says “done” shows it"),
            remedy=_("Name the document, the record or the place where it can be seen"),
        )
    if case.state == "given":
        raise Refused(
            field=_("task"), value=case.number, reason=_("it is not acknowledged yet"), remedy=_("Acknowledge it first")
        )
    if Report.objects.filter(case=case, decision=Report.Decision.WAITING).exists():
        raise Refused(
            field=_("report"),
            value=case.number,
            reason=_("an earlier one still waits for approval"),
            remedy=_("Have it decided on first"),
        )
    made = Report.objects.create(
        case=case, state=state, text=text, evidence=evidence, by_id=actor.user_id, by_name=actor.name, at=clock.now()
    )
    _record("supervision.reported", actor, case, state=state)
    return made


@action(rights.APPROVE)
def decide(actor: Actor, report_id: int, *, approve: bool, reason: str = "") -> Report:
    """Approve or refuse a report. An approved one is carried into the plan; a refused one says why."""
    rows = actionable(actor, rights.APPROVE, Report.objects.select_for_update(of=("self",)).select_related("case"))
    found = rows.get(pk=report_id)
    if found.decision != Report.Decision.WAITING:
        raise Refused(
            field=_("report"),
            value=found.case.number,
            reason=_("it is decided on"),
            remedy=_("Look at it as it stands"),
        )
    if found.by_id is not None and found.by_id == actor.user_id:
        raise Refused(
            field=_("report"), value=found.case.number, reason=_("you wrote it yourself"), remedy=_("Ask somebody else")
        )
    if not approve and not reason.strip():
        raise Refused(field=_("reason"), value="", reason=_("a refusal needs it"), remedy=_("Say why"))
    found.decision = Report.Decision.APPROVED if approve else Report.Decision.REFUSED
    found.reason = reason.strip()[:300]
    found.decided_by_id, found.decided_by_name, found.decided_at = actor.user_id, actor.name, clock.now()
    found.save()
    if approve and found.state != Measure.State.DONE:
        tell_plan(found.case, found.state, found.text[:1000])
    _record("supervision.approved" if approve else "supervision.refused", actor, found.case, reason=found.reason)
    return found


@action(rights.REPORT)
def reach(actor: Actor, milestone_id: int, *, proof: str, on: date | None = None) -> Milestone:
    """A milestone is reached; `proof` says where it can be seen."""
    rows = Milestone.objects.select_for_update(of=("self",)).select_related("case")
    found = actionable(actor, rights.REPORT, rows).get(pk=milestone_id)
    today = clock.today()
    if not proof.strip():
        raise Refused(
            field=_("proof"), value="", reason=_("it is empty"), remedy=_("Name where it can be seen that it is done")
        )
    if (on or today) > today:
        raise Refused(field=_("done on"), value=on, reason=_("it lies ahead"), remedy=_("Give the day it was reached"))
    found.done_on, found.proof = on or today, proof.strip()[:300]
    found.save()
    _record("supervision.reached", actor, found.case, milestone=found.name)
    return found


@action(rights.REMIND)
def remind(actor: Actor, case_id: int, words: str) -> None:
    """Remind the people of the task's unit (催办)."""
    case = _open_task(actor, rights.REMIND, case_id)
    if not words.strip():
        raise Refused(field=_("words"), value="", reason=_("they are missing"), remedy=_("Say what is wanted by when"))
    _tell(case, "supervision.reminded", words.strip()[:500], f"remind:{case.pk}:{clock.now().timestamp():.0f}")
    _record("supervision.reminded", actor, case, words=words.strip()[:500])


@action(rights.REPORT)
def answer(actor: Actor, slip_id: int, words: str) -> Slip:
    """Answer a slip: what stands in the way, and by when it will be done."""
    rows = Slip.objects.select_for_update(of=("self",)).select_related("case")
    slip = actionable(actor, rights.REPORT, rows).get(pk=slip_id)
    if slip.answered_at is not None or not words.strip():
        raise Refused(
            field=_("answer"),
            value=words,
            reason=_("it is empty, or the slip is answered already"),
            remedy=_("Say what stands in the way, and by when it will be done"),
        )
    slip.answer, slip.answered_at, slip.answered_by_name = words.strip()[:500], clock.now(), actor.name
    slip.answered_by_id = actor.user_id
    slip.save()
    _record("supervision.answered", actor, slip.case, slip=slip.tone)
    return slip


@action(rights.SET, silent=True)
def issue_slips(actor: Actor, today: date) -> int:
    """Issue every slip that is due today and was not issued yet. Run again, it issues nothing."""
    tasks = list(Case.objects.filter(type=TASK, open=True).prefetch_related("milestones", "clocks"))
    known = set(Slip.objects.filter(case__in=tasks).values_list("case_id", "tone", "about", "due_on"))
    due = [slip for task in tasks for slip in _slips_of(task, today)]
    new = [slip for slip in due if (slip.case_id, slip.tone, slip.about, slip.due_on) not in known]
    Slip.objects.bulk_create(new)
    for slip in new:
        _record("supervision.slip", actor, slip.case, slip=slip.tone, about=slip.about, due=slip.due_on.isoformat())
        _tell(slip.case, f"supervision.{slip.tone}", slip.about, f"slip:{slip.pk}", due=slip.due_on)
    return len(new)


def _slips_of(case: Case, today: date) -> list[Slip]:
    start = case.received_at.astimezone(clock.TOWN_ZONE).date()
    ends = [row.due_at for row in case.clocks.all() if row.deadline == "whole" and row.running and row.due_at]
    points = [rules.Point(_task_name(), end.astimezone(clock.TOWN_ZONE).date(), True) for end in ends]
    points += [rules.Point(row.name, row.due_on) for row in case.milestones.all() if row.done_on is None]
    found = []
    for point in points:
        tone = rules.tone(point, start, today)
        if tone is not None:
            found.append(Slip(case=case, tone=tone, about=point.about, due_on=point.due_on, issued_on=today))
    return found


def _task_name() -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return str(_("the whole task"))


def _tell(case: Case, template: str, words: str, key: str, due: date | None = None) -> None:
    """Tell the heads and clerks of the unit that leads."""
    posts = posts_on(clock.today()).filter(unit_id=case.unit_id or 0, role__in=("unit_head", "unit_clerk"))
    people = User.objects.filter(pk__in=posts.values("user_id"))
    tell(
        template,
        people,
        values={
            "number": case.number,
            "task": case.title,
            "about": words,
            "due": due.isoformat() if due else "",
            "url": f"/desk/supervision/tasks/{case.number}/",
        },
        about=case,
        url=f"/desk/supervision/tasks/{case.number}/",
        key=key,
    )


def _open_task(actor: Actor, permission: str, case_id: int) -> Case:
    case = actionable(actor, permission, Case.objects.select_for_update(of=("self",)).filter(type=TASK)).get(pk=case_id)
    if not case.open:
        raise Refused(field=_("task"), value=case.number, reason=_("it is closed"), remedy=_("Nothing is to be done"))
    return case


def _record(kind: str, actor: Actor, case: Case, /, **data: object) -> None:
    journal.record(kind, by=actor, subject=case, unit=case.unit_id, data={"number": case.number, **data})
