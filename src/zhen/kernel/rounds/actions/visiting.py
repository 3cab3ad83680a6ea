"""Recording a visit: once, whatever the network does; with its photos, findings, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, ActorKind, Denied, action, actionable
from zhen.kernel.files.api import File
from zhen.kernel.identity.api import User
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.rounds import rights
from zhen.kernel.rounds.actions.findings import look_again, open_findings
from zhen.kernel.rounds.models import ChecklistVersion, Subject, Visit, VisitFile
from zhen.kernel.rounds.queries.visits import own
from zhen.kernel.rounds.rules import answers as rules
from zhen.kernel.rounds.values import Position, Record

AHEAD = timedelta(minutes=5)
OLDEST = timedelta(days=60)
MOST_ATTEMPTS = 3
AGAIN_DAYS, AGAIN_UNTIL = 2, 7
MOST_PHOTOS = 60
PHOTO = "finding."

Photos = Mapping[str, Sequence[File]]
"""Files by the path of what they show; the empty path: the visit as a whole."""


@action(rights.VISIT, silent=True)
def record(actor: Actor, sent: Record, photos: Photos) -> Visit:
    """Take the record of a visit. The same record again is the same visit; a second record of a visit that is done is
    kept as a conflict. Raises Refused (Faulty with every fault of the answers), or Outdated where it was called off.
    """
    _once(sent.id)
    known = Visit.objects.filter(sent_id=sent.id).first()
    if known is not None:
        if known.recorded_by_id != actor.user_id:
            raise Refused(
                field=_("record"), value=sent.id, reason=_("somebody else has sent it"), remedy=_("Record it again")
            )
        return known
    now = clock.now()
    visit = _visit_of(actor, sent, now)
    _write(actor, visit, sent, photos, now)
    visit.save()
    _keep_photos(actor, visit, photos)
    if visit.kind == Visit.Kind.CONFLICT:
        _tell("rounds.visit_conflict", actor, visit)
        return visit
    _mark_subject(visit)
    if visit.kind == Visit.Kind.RECHECK:
        look_again(actor, visit, sent.rechecks)
    elif visit.outcome == Visit.Outcome.SEEN:
        visit.findings_count = open_findings(actor, visit, photos, frozenset(sent.mended))
        visit.save(update_fields=["findings_count"])
    if visit.outcome == Visit.Outcome.NOBODY:
        _come_again(visit, now)
    _tell("rounds.visited", actor, visit, outcome=visit.outcome, findings=visit.findings_count)
    return visit


@action(rights.PLAN)
def settle_conflict(actor: Actor, visit: Visit, *, findings: bool) -> Visit:
    """Somebody has looked at both records of a visit; with `findings`, those of the second one count too."""
    rows = Visit.objects.select_for_update(of=("self",)).filter(kind=Visit.Kind.CONFLICT)
    found = actionable(actor, rights.PLAN, rows).filter(pk=visit.pk).first()
    if found is None:
        raise Denied(rights.PLAN, actor)
    if found.settled_at is not None:
        raise _overtaken(found)
    found.settled_at = clock.now()
    if findings and found.outcome == Visit.Outcome.SEEN:
        found.findings_count = open_findings(actor, found, {}, frozenset())
    found.save(update_fields=["settled_at", "findings_count"])
    _tell("rounds.conflict_settled", actor, found, findings=found.findings_count)
    return found


@action(rights.VISIT)
def cosign(actor: Actor, visit: Visit) -> Visit:
    """The other of two inspectors signs the record, with his own account: nobody signs for both."""
    rows = own(actor, Visit.objects.select_for_update(of=("self",)).select_related("subject"))
    found = rows.filter(pk=visit.pk).first()
    if found is None:
        raise Denied(rights.VISIT, actor)
    if found.people != 2 or found.outcome != Visit.Outcome.SEEN or found.cosigned_at is not None:
        raise Outdated(
            field=_("visit"),
            value=str(found),
            reason=_("it needs no second signature, or has it already"),
            remedy=_("Look at it as it stands now"),
        )
    if found.recorded_by_id == actor.user_id:
        raise Refused(
            field=_("second inspector"),
            value=actor.name,
            reason=_("whoever recorded the visit does not sign for the other one too"),
            remedy=_("Ask the other inspector to sign with his own account"),
        )
    found.cosigned_by_id, found.cosigned_at = actor.user_id, clock.now()
    found.save(update_fields=["cosigned_by", "cosigned_at"])
    _tell("rounds.visit_cosigned", actor, found)
    return found


@action(rights.PLAN)
def give(actor: Actor, visits: Iterable[Visit], user: User, *, on: date | None = None) -> int:
    """Give planned visits to somebody, on another day if one is named. Gives how many."""
    rows = Visit.objects.select_for_update(of=("self",)).filter(pk__in=[visit.pk for visit in visits])
    held = list(actionable(actor, rights.PLAN, rows).filter(state=Visit.State.PLANNED))
    if not held:
        raise Outdated(
            field=_("visits"), value=0, reason=_("none of them is planned any more"), remedy=_("Choose others")
        )
    for visit in held:
        visit.inspector_id = user.pk
        visit.second_id = None if visit.second_id == user.pk else visit.second_id
        if on is not None:
            visit.planned_on, visit.due_on = on, max(on, visit.due_on)
    Visit.objects.bulk_update(held, ["inspector", "second", "planned_on", "due_on"], batch_size=1000)
    journal.record(
        "rounds.visits_given", by=actor, subject=user, unit=held[0].unit_id, data={"visits": len(held), "to": user.pk}
    )
    return len(held)


@action(rights.PLAN)
def call_off(actor: Actor, visit: Visit, reason: str) -> Visit:
    """A planned visit is not made. A re-check of an open finding always is."""
    rows = Visit.objects.select_for_update(of=("self",)).filter(state=Visit.State.PLANNED)
    found = actionable(actor, rights.PLAN, rows).filter(pk=visit.pk).first()
    if found is None:
        raise _overtaken(visit)
    if found.to_recheck.filter(over_at__isnull=True).exists():
        raise Refused(
            field=_("visit"),
            value=str(found),
            reason=_("a finding is still open, and somebody has to look again"),
            remedy=_("Give it to somebody else, or put it off"),
        )
    if not reason.strip():
        raise Refused(field=_("reason"), value="", reason=_("a visit is not left out without"), remedy=_("Say why"))
    found.state, found.note = Visit.State.CALLED_OFF, reason.strip()[:1000]
    found.save(update_fields=["state", "note"])
    _tell("rounds.visit_called_off", actor, found, reason=found.note[:300])
    return found


def _once(sent_id: UUID) -> None:
    """Until the transaction ends, nobody else takes a record with this id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sent_id.int >> 65])


def _visit_of(actor: Actor, sent: Record, now: datetime) -> Visit:
    """The row that the record goes into: the planned visit, a new one, or one beside a visit that is done."""
    if sent.visit is None:
        return _met(actor, sent, now)
    rows = Visit.objects.select_for_update(of=("self",)).select_related("subject", "round__campaign")
    visit = (own(actor, rows) | actionable(actor, rights.PLAN, rows)).filter(pk=sent.visit).first()
    if visit is None:
        raise Refused(
            field=_("visit"),
            value=sent.visit,
            reason=_("it is not yours, or no longer there"),
            remedy=_("Ask who plans the round; what you recorded stays on your phone"),
        )
    if visit.state == Visit.State.CALLED_OFF:
        raise _overtaken(visit)
    if visit.state == Visit.State.PLANNED:
        return visit
    if visit.round is not None and visit.round.campaign.counted_at is not None:
        raise _overtaken(visit)
    return Visit(
        kind=Visit.Kind.CONFLICT, follows=visit, subject=visit.subject, checklist=visit.checklist, people=visit.people,
        second_id=_other(actor, visit),
        area_id=visit.area_id, unit_id=visit.unit_id, inspector_id=actor.user_id, planned_on=visit.planned_on,
        due_on=visit.due_on,
    )  # fmt: skip


def _other(actor: Actor, visit: Visit) -> int | None:
    """Of two inspectors the one who is not recording."""
    return next((one for one in (visit.inspector_id, visit.second_id) if one not in (None, actor.user_id)), None)


def _met(actor: Actor, sent: Record, now: datetime) -> Visit:
    source, _colon, ref = sent.subject.partition(":")
    subject = Subject.objects.filter(source=source, ref=ref).first() if "\x00" not in sent.subject else None
    if subject is None:
        raise Refused(
            field=_("subject"), value=sent.subject, reason=_("it is in no register"), remedy=_("Report it as a case")
        )
    today = now.astimezone(clock.TOWN_ZONE).date()
    return Visit(
        kind=Visit.Kind.ON_THE_WAY, subject=subject, checklist=sent.checklist, area_id=subject.area_id,
        unit_id=_unit_of(actor), inspector_id=actor.user_id, planned_on=today, due_on=today,
    )  # fmt: skip


def _unit_of(actor: Actor) -> int | None:
    units = (grant.units for grant in actor.grants_for(rights.VISIT) if grant.units)
    return next((min(one) for one in units), None)


def _write(actor: Actor, visit: Visit, sent: Record, photos: Photos, now: datetime) -> None:
    """Everything of the record that stands in the visit itself."""
    if sent.outcome not in Visit.Outcome.values:
        raise Refused(
            field=_("outcome"), value=sent.outcome, reason=_("there is none of this name"), remedy=_("Choose one")
        )
    _times(visit, sent, now)
    visit.state, visit.outcome, visit.sent_id = Visit.State.DONE, sent.outcome, sent.id
    visit.recorded_at, visit.recorded_by_id, visit.note = now, actor.user_id, sent.note.strip()[:1000]
    visit.forget_from = visit.done_at.astimezone(clock.TOWN_ZONE).date() if visit.done_at else None
    if sent.second is not None and sent.second != visit.inspector_id:
        if not User.objects.filter(pk=sent.second, is_active=True).exists():
            raise Refused(
                field=_("second inspector"), value=sent.second, reason=_("there is none"), remedy=_("Choose one")
            )
        visit.second_id = sent.second
    if visit.outcome == Visit.Outcome.SEEN:
        _two_where_two_must_be(visit, sent)
    if photos and visit.round is not None and visit.round.campaign.counts_only:
        raise Refused(
            field=_("photos"), value="", reason=_("an enumeration keeps none"), remedy=_("Send it without photos")
        )
    if sum(len(files) for files in photos.values()) > MOST_PHOTOS:
        most = {"most": MOST_PHOTOS}
        raise Refused(
            field=_("photos"), value="", reason=_("a visit has at most %(most)s") % most, remedy=_("Leave some out")
        )
    _position(visit, sent.position, sent.no_position)
    if visit.outcome != Visit.Outcome.SEEN:
        _unseen(visit)
    elif visit.kind != Visit.Kind.RECHECK:
        _answers(visit, sent, photos)


def _two_where_two_must_be(visit: Visit, sent: Record) -> None:
    """The checklist may have come to demand two after the visit was planned."""
    demanded = ChecklistVersion.objects.filter(code=sent.checklist, number=sent.version, people=2).exists()
    visit.people = 2 if demanded else visit.people
    if visit.people == 2 and visit.second_id is None:
        raise Refused(
            field=_("second inspector"),
            value="",
            reason=_("two inspectors make this visit"),
            remedy=_("Name who was with you"),
        )


def _answers(visit: Visit, sent: Record, photos: Photos) -> None:
    version = ChecklistVersion.objects.filter(
        code=sent.checklist, number=sent.version, published_at__isnull=False
    ).first()
    if version is None or sent.checklist != visit.checklist:
        raise Refused(
            field=_("checklist"),
            value=f"{sent.checklist} {sent.version}",
            reason=_("this visit asks another one, or no such version was ever in use"),
            remedy=_("Load the visit again"),
        )
    paths = {path for path, files in photos.items() if files and path}
    visit.version = version
    visit.answers = rules.check(version.items, sent.answers, paths)
    found = rules.score(version.items, visit.answers)
    visit.points, visit.points_most = (found.earned, found.most) if found.most else (None, None)


def _unseen(visit: Visit) -> None:
    if visit.outcome == Visit.Outcome.REFUSED and not visit.note:
        raise Refused(
            field=_("note"), value="", reason=_("a refusal needs it"), remedy=_("Write who refused, and what was said")
        )


def _times(visit: Visit, sent: Record, now: datetime) -> None:
    """When it was, by our clock: a phone that is an hour ahead tells so by the time at which it sends."""
    times = (sent.started_at, sent.ended_at, *([sent.sent_at] if sent.sent_at else []))
    if any(at.tzinfo is None for at in times):
        raise Refused(field=_("time"), value=sent.ended_at, reason=_("it has no zone"), remedy=_("Send it with one"))
    off = sent.sent_at - now if sent.sent_at is not None else timedelta()
    off = off if abs(off) > AHEAD else timedelta()
    started, ended = sent.started_at - off, sent.ended_at - off
    if not (now - OLDEST <= started <= ended <= now + AHEAD):
        raise Refused(
            field=_("time"),
            value=f"{sent.started_at:%Y-%m-%d %H:%M} – {sent.ended_at:%H:%M}",
            reason=_("it is not within the last %(days)s days") % {"days": OLDEST.days},
            remedy=_("Set the phone's clock, and record the visit again"),
        )
    visit.started_at, visit.done_at, visit.clock_off = started, ended, int(off.total_seconds())


def _position(visit: Visit, at: Position | None, why_not: str) -> None:
    visit.no_position = "" if at else why_not.strip()[:100]
    if at is None:
        return
    if not (-180 <= at.lon <= 180 and -90 <= at.lat <= 90):
        raise Refused(
            field=_("position"),
            value=f"{at.lon}, {at.lat}",
            reason=_("it is nowhere on the earth"),
            remedy=_("Give longitude and latitude in degrees"),
        )
    visit.lon, visit.lat, visit.accuracy_m = at.lon, at.lat, at.accuracy
    subject = visit.subject
    if subject.lon is not None and subject.lat is not None:
        visit.distance_m = round(geometry.distance(at.lon, at.lat, subject.lon, subject.lat), 1)


def _keep_photos(actor: Actor, visit: Visit, photos: Photos) -> None:
    assert visit.forget_from is not None
    rows = []
    for path, files in photos.items():
        for file in files:
            if actor.kind is not ActorKind.SYSTEM and file.uploaded_by != actor.user_id:
                raise Refused(
                    field=_("photos"), value=file.name, reason=_("somebody else has sent it"), remedy=_("Send it again")
                )
            rows.append(VisitFile(visit=visit, path=path, file=file, forget_from=visit.forget_from))
    if VisitFile.objects.filter(file__in=[row.file for row in rows]).exists():
        raise Refused(
            field=_("photos"), value="", reason=_("one shows another visit already"), remedy=_("Send it again")
        )
    VisitFile.objects.bulk_create(rows)


def _mark_subject(visit: Visit) -> None:
    day = visit.forget_from
    if visit.outcome == Visit.Outcome.SEEN:
        Subject.objects.filter(pk=visit.subject_id).exclude(seen_on__gt=day).update(seen_on=day, gone_on=None)
    elif visit.outcome == Visit.Outcome.GONE:
        Subject.objects.filter(pk=visit.subject_id).update(gone_on=day)


def _come_again(visit: Visit, now: datetime) -> None:
    """Nobody was there: the same inspector comes again in two days, three times in all; then it stays at that."""
    attempts, before = 1, visit.follows
    while before is not None and before.outcome == Visit.Outcome.NOBODY:
        attempts, before = attempts + 1, before.follows
    if attempts >= MOST_ATTEMPTS and visit.kind != Visit.Kind.RECHECK:
        return
    today = now.astimezone(clock.TOWN_ZONE).date()
    kind = Visit.Kind.RECHECK if visit.kind == Visit.Kind.RECHECK else Visit.Kind.AGAIN
    following = Visit.objects.create(
        kind=kind, round_id=visit.round_id, subject_id=visit.subject_id, checklist=visit.checklist,
        area_id=visit.area_id, unit_id=visit.unit_id, inspector_id=visit.inspector_id, second_id=visit.second_id,
        people=visit.people, follows=visit, planned_on=today + timedelta(days=AGAIN_DAYS),
        due_on=today + timedelta(days=AGAIN_UNTIL),
    )  # fmt: skip
    visit.to_recheck.filter(over_at__isnull=True).update(recheck=following)


def _overtaken(visit: Visit) -> Outdated:
    return Outdated(
        field=_("visit"),
        value=str(visit),
        reason=_("it was called off or settled meanwhile"),
        remedy=_("Look at it as it stands now; what you recorded stays with you"),
    )


def _tell(kind: str, actor: Actor, visit: Visit, **data: object) -> None:
    facts = {"subject": visit.subject.name, "kind": str(visit.kind), "checklist": visit.checklist, **data}
    journal.record(kind, by=actor, subject=visit, area=visit.area_id, unit=visit.unit_id, data=facts)
