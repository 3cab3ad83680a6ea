"""What is done on a case between its steps: assign, edit, comment, link, divide, and its clocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.cases import clocks, hooks, units
from zhen.kernel.cases.actions.common import locked, tell, touch
from zhen.kernel.cases.actions.receiving import receive
from zhen.kernel.cases.models import Case, Comment, Link
from zhen.kernel.cases.rulebook import rulebook
from zhen.kernel.cases.values import NewCase
from zhen.kernel.forms.api import validate
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused

EDITABLE = frozenset({"title", "text", "address", "urgent", "given", "visible", "category_id", "result"})


@action(None, asks="assign")
def assign(
    actor: Actor, case_id: int, revision: int, *, person_id: int | None = None, unit_id: int | None = None,
    shared_units: tuple[int, ...] | None = None, reason: str = "",
) -> Case:  # fmt: skip
    """Give a case to a person, to another unit, or to further units. A change of unit asks for a reason."""
    case, _type = locked(actor, "assign", case_id, revision)
    now = clock.now()
    moved = unit_id is not None and unit_id != case.unit_id
    if moved and case.unit_id is not None and not reason.strip():
        raise Refused(field=_("reason"), value="", reason=_("a transfer needs it"), remedy=_("Say why"))
    before = case.unit_id
    if moved:
        case.unit_id, case.person_id = unit_id, None
    if person_id is not None:
        case.person_id = person_id
    if shared_units is not None:
        case.shared_units = sorted(set(shared_units) - {case.unit_id or 0})
    touch(case, now, "unit", "person", "shared_units")
    if moved:
        units.record(case, how="assigned", reason=reason, now=now)
    tell("cases.assigned", actor, case, person=case.person_id, from_unit=before if moved else None, reason=reason)
    return case


@action(None, asks="edit")
def edit(actor: Actor, case_id: int, revision: int, changes: Mapping[str, Any]) -> Case:
    """Change what is written in a case. The journal keeps what stood there before."""
    case, type_ = locked(actor, "edit", case_id, revision)
    unknown = set(changes) - EDITABLE
    if unknown:
        raise TypeError(f"edit cannot change {', '.join(sorted(unknown))}")
    changes = dict(changes)
    if "given" in changes and type_.form:
        changes["given"] = validate(type_.form, changes["given"])
    before = {name: getattr(case, name) for name, value in changes.items() if getattr(case, name) != value}
    if not before:
        raise Refused(field=_("case"), value=case.number, reason=_("nothing was changed"), remedy=_("Change something"))
    for name in before:
        setattr(case, name, changes[name])
    if "given" in before:
        case.form_version = type_.form_version
    touch(case, clock.now(), *before, *(("form_version",) if "given" in before else ()))
    hooks.edited(actor, case, type_)
    tell("cases.edited", actor, case, fields=sorted(before), was=before)
    return case


@action(None, asks="comment")
def comment(actor: Actor, case_id: int, text: str, *, kind: str = Comment.Kind.NOTE, public: bool = False) -> Comment:
    """Say something on a case. A contact with the reporter stamps the first contact. No revision: words add up."""
    case, type_ = locked(actor, "comment", case_id, None)
    decided: list[dict[str, object]] = []
    text = text.strip()
    if not text or len(text) > 5000:
        raise Refused(
            field=_("comment"),
            value=text,
            reason=_("it is empty or longer than 5,000 characters"),
            remedy=_("Write it again"),
        )
    now = clock.now()
    said = Comment.objects.create(
        case=case, kind=kind, text=text, public=public, by_id=actor.user_id, by_name=actor.name, at=now
    )
    if kind == Comment.Kind.CONTACT and case.contacted_at is None:
        case.contacted_at = now
        rows = clocks.running(case)
        known = clocks.late(rows)
        clocks.save(clocks.stop(rows, (clocks.CONTACT,), now))
        clocks.settle(case, rows)
        decided = clocks.decided(case, type_, rows, known)
        touch(case, now, "contacted_at", "due_at", "due_provisional", "overdue_at")
    tell("cases.commented", actor, case, comment=said.pk, kind=str(kind), public=public, decided=decided)
    return said


@action(None, asks="link")
def link(
    actor: Actor,
    case_id: int,
    kind: str,
    *,
    target_id: int | None = None,
    subject: tuple[str, str] | None = None,
    note: str = "",
) -> Link:
    """Link a case to another case, or to something else. A repeat stays, and its original counts one follower more."""
    case, type_ = locked(actor, "link", case_id, None)
    if target_id is not None:
        target = actionable(actor, type_.powers.link, Case.objects.select_for_update(of=("self",))).get(pk=target_id)
        if kind == Link.Kind.REPEAT:
            _check_original(case, target)
            target.followers += 1 + case.followers
            target.save(update_fields=["followers"])
    made = Link.objects.create(
        case=case,
        kind=kind,
        target_id=target_id,
        subject_type=subject[0] if subject else "",
        subject_id=subject[1] if subject else "",
        note=note[:300],
        at=clock.now(),
    )
    touch(case, clock.now())
    tell("cases.linked", actor, case, kind=str(kind), target=target_id, subject=list(subject) if subject else None)
    return made


def _check_original(case: Case, target: Case) -> None:
    if target.pk == case.pk or Link.objects.filter(case=target, kind=Link.Kind.REPEAT).exists():
        raise Refused(
            field=_("original"),
            value=target.number,
            reason=_("it is a repeat itself"),
            remedy=_("Choose the report that both repeat"),
        )


@action(None, asks="link")
def divide(actor: Actor, case_id: int, revision: int, part: NewCase, part_type: str = "") -> Case:
    """Open a sub-case. The parent cannot close before it, where its type says so."""
    case, type_ = locked(actor, "link", case_id, revision)
    made = receive(actor, part_type or type_.id, _as_part(part, case))
    touch(case, clock.now())
    tell("cases.divided", actor, case, part=made.number)
    return made


def _as_part(part: NewCase, parent: Case) -> NewCase:
    from dataclasses import replace

    point = part.point
    if point is None and parent.lon is not None and parent.lat is not None:
        point = (parent.lon, parent.lat)
    return replace(
        part,
        parent_id=parent.pk,
        area_id=part.area_id or parent.area_id,
        place_id=part.place_id or parent.place_id,
        address=part.address or parent.address,
        point=point,
    )


@action(None, asks="pause")
def pause(actor: Actor, case_id: int, revision: int, reason: str) -> Case:
    """Hold a case's clocks still, for a reason that counts (rain, a third party heard)."""
    return _hold(actor, case_id, revision, reason, on=True)


@action(None, asks="pause")
def resume(actor: Actor, case_id: int, revision: int, reason: str = "") -> Case:
    return _hold(actor, case_id, revision, reason, on=False)


def _hold(actor: Actor, case_id: int, revision: int, reason: str, *, on: bool) -> Case:
    case, _type = locked(actor, "pause", case_id, revision)
    if on and not reason.strip():
        raise Refused(field=_("reason"), value="", reason=_("a pause needs it"), remedy=_("Say why"))
    now, book = clock.now(), rulebook()
    rows = clocks.running(case)
    changed = clocks.pause(rows, book, now) if on else clocks.resume(rows, book, now)
    if not changed:
        raise Refused(
            field=_("clocks"),
            value=case.number,
            reason=_("none of them runs") if on else _("none of them stands still"),
            remedy=_("Nothing is to be done"),
        )
    clocks.save(changed)
    clocks.settle(case, rows)
    touch(case, now, "due_at", "due_provisional", "overdue_at")
    tell(
        "cases.paused" if on else "cases.resumed",
        actor,
        case,
        reason=reason,
        due=case.due_at and case.due_at.isoformat(),
    )
    return case
