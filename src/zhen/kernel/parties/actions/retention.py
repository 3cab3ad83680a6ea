"""Active deletion: what has run out goes, in small steps, and leaves a proof without content.

There is no setting that stops this; only a legal hold does, for one person, with a reason (PIPL,
articles 19 and 47).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, models
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.privacy import After, Privacy, privacy_of
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.parties import retaining
from zhen.kernel.parties.models import DataRequest, Deletion, Person
from zhen.kernel.parties.records import digest_of
from zhen.kernel.parties.scope import fetch

RUN = "parties.retention.run"
ERASE = "parties.person.erase"
BATCH = 200
MOST_ROUNDS = 10
"""What goes in one round may have kept something else; a chain of ten kinds of records is not in sight."""


@dataclass
class Outcome:
    """How many rows went, and how many stay for statistics, by model."""

    deleted: Counter[str] = field(default_factory=Counter)
    anonymised: Counter[str] = field(default_factory=Counter)

    def total(self) -> int:
        return self.deleted.total() + self.anonymised.total()


def run_retention(actor: Actor, now: datetime, *, batch: int = BATCH) -> Outcome:
    """Delete or make anonymous everything that has run out on the day of `now`.

    Each step is a transaction of its own with at most `batch` rows of a model, with what goes along.
    Killed at any moment, the next run goes on where this one stopped.
    """
    outcome = Outcome()
    today = now.astimezone(clock.TOWN_ZONE).date()
    for _round in range(MOST_ROUNDS):
        before = outcome.total()
        for model in retaining.timed_models():
            last: Any = None
            while True:
                last = _step(actor, model, now, today, last, batch, outcome)
                if last is None:
                    break
        if outcome.total() == before:
            break
    return outcome


@action(RUN, silent=True)
def _step(
    actor: Actor, model: type[models.Model], now: datetime, today: date, last: Any, batch: int, outcome: Outcome
) -> Any:
    """One batch after the row `last`; gives the last row's key, or None where there was none left."""
    privacy = privacy_of(model)
    assert isinstance(privacy, Privacy)
    after = privacy.retention
    assert isinstance(after, After)
    due = retaining.run_out(model, after, privacy, today)
    if last is not None:
        due = due.filter(pk__gt=last)
    keys = list(due.order_by("pk").values_list("pk", flat=True)[:batch])
    if not keys:
        return None
    # Locked first, then looked at again: a hold or a new reference may have come in between.
    list(model._base_manager.filter(pk__in=keys).select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    rows = [
        row
        for row in retaining.run_out(model, after, privacy, today).filter(pk__in=keys).order_by("pk")
        if after.until(retaining.start_of(row, after)) <= today
    ]
    if rows:
        starts = [retaining.start_of(row, after) for row in rows]
        period = {"from": f"{min(starts):%Y-%m}", "to": f"{max(starts):%Y-%m}"}
        if after.anonymise is not None:
            outcome.anonymised.update(_anonymise(actor, rows, after, now, period))
        else:
            outcome.deleted.update(_delete(actor, rows, now, {"rule": after.field, "period": period}))
    return keys[-1]


def _anonymise(
    actor: Actor, rows: list[models.Model], after: After, now: datetime, period: dict[str, str]
) -> Counter[str]:
    assert after.anonymise is not None
    model = type(rows[0])
    proof = _Proof(now, anonymised=True)
    proof.add(rows)
    model._base_manager.filter(pk__in=[row.pk for row in rows]).update(**after.anonymise)
    proof.journal(actor, "parties.retention.anonymised", {"rule": after.field, "period": period})
    return proof.counts


def _delete(actor: Actor, rows: list[models.Model], now: datetime, data: dict[str, Any]) -> Counter[str]:
    proof = _Proof(now, anonymised=False)
    _delete_with_dependents(type(rows[0]), rows, proof)
    proof.journal(actor, "parties.retention.deleted", data)
    return proof.counts


def _delete_with_dependents(model: type[models.Model], rows: list[models.Model], proof: _Proof) -> None:
    keys = [row.pk for row in rows]
    proof.going.update((model, key) for key in keys)
    for other, name in retaining.dependents(model):
        found = other._base_manager.filter(**{f"{name}__in": keys}).select_for_update(of=("self",))
        along = [row for row in found if (other, row.pk) not in proof.going]
        if along:
            _delete_with_dependents(other, along, proof)
    for other, name in retaining.unlinked(model):
        other._base_manager.filter(**{f"{name}__in": keys}).update(**{name: None})
    proof.add(rows)
    # Plain SQL: what goes along is gone already, and the database refuses what would leave a gap.
    model._base_manager.filter(pk__in=keys)._raw_delete(connection.alias)


class _Proof:
    """What a batch leaves behind: digests, counts and one event."""

    def __init__(self, now: datetime, *, anonymised: bool) -> None:
        self.run: UUID = uuid4()
        self.now = now
        self.anonymised = anonymised
        self.counts: Counter[str] = Counter()
        self.going: set[tuple[type[models.Model], Any]] = set()
        self._digests: list[tuple[str, bytes]] = []

    def add(self, rows: list[models.Model]) -> None:
        for row in rows:
            self.counts[row._meta.label_lower] += 1
            self._digests.append((row._meta.label_lower, digest_of(row)))

    def journal(self, actor: Actor, kind: str, data: dict[str, Any]) -> None:
        Deletion.objects.bulk_create(
            Deletion(digest=digest, model=label, run=self.run, deleted_at=self.now, anonymised=self.anonymised)
            for label, digest in self._digests
        )
        # One hash over all digests binds them to the journal, whose seals show any later change.
        whole = hashlib.sha256(b"".join(sorted(digest for _label, digest in self._digests))).hexdigest()
        journal.record(
            kind,
            by=actor,
            subject=("parties.deletion", self.run),
            data={**data, "counts": dict(self.counts), "count": self.counts.total(), "digests": whole},
        )


@action(ERASE)
def erase_person(actor: Actor, key: object, *, request: object) -> Counter[str]:
    """Delete a person now, because he asked for it and the request was granted (PIPL, article 47).

    Refused while a legal hold lasts, or while another record is needed longer by law.
    """
    granted = fetch(actor, ERASE, DataRequest.objects.all(), request, lock=True)
    person = fetch(actor, ERASE, Person.objects.all(), key, lock=True)
    today = clock.today()
    Kind, Result = DataRequest.Kind, DataRequest.Outcome  # noqa: N806 two enumerations
    if granted.person_id != person.pk or granted.kind != Kind.DELETE or granted.outcome != Result.GRANTED:
        raise Refused(
            field=_("Request"),
            value=granted.get_kind_display(),
            reason=_("is no granted request of this person for deletion"),
            remedy=_("Decide the request first"),
        )
    if retaining.holds_on(today).filter(person=person).exists():
        raise Refused(
            field=_("Person"),
            value=person.name,
            reason=_("stands under a legal hold"),
            remedy=_("Tell the person, and wait until the hold ends"),
        )
    # The request itself outlives the person, without his name and words.
    after = DataRequest.privacy.retention
    assert isinstance(after, After)
    now = clock.now()
    asked = list(DataRequest.objects.filter(person=person).exclude(outcome=Result.OPEN))
    period = {"from": f"{today:%Y-%m}", "to": f"{today:%Y-%m}"}
    _anonymise(actor, list(asked), after, now, period)
    if not retaining.deletable(Person.objects.filter(pk=person.pk), today).exists():
        raise Refused(
            field=_("Person"),
            value=person.name,
            reason=_("is still needed by other records that the law keeps longer"),
            remedy=_("Open what is held about the person to see which, and until when"),
        )
    return _delete(actor, [person], now, {"rule": "request", "period": period})
