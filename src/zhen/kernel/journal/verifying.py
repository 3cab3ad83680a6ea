"""Checking the log against its seals, and naming what does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction

from zhen.kernel.journal.canonical import ALGORITHMS, START, Place, count_after, in_json, rows_between, rows_with
from zhen.kernel.journal.models import Event, Seal
from zhen.kernel.journal.sealing import HASH_BYTES, end_of, hash_of, statement, unpack
from zhen.kernel.lib import merkle
from zhen.kernel.lib.problems import Problem

Anchors = Mapping[int, str]
"""Seal hashes that were taken outside: number → hexadecimal hash."""


@dataclass(kw_only=True)
class Report:
    """What a check has seen so far; whole once `problems` is exhausted."""

    seals: int = 0
    events: int = 0
    unsealed: int = 0
    end: Place = START


class NoProof(Exception):
    """There is no proof for an event; the message says why."""


def verify(
    report: Report, *, first: int = 1, last: int | None = None, anchors: Anchors | None = None
) -> Iterator[Problem]:
    """Check the seals from number `first` to `last` and every row they cover. Yields what is wrong."""
    with transaction.atomic():
        before = Seal.objects.filter(number=first - 1).first()
        if first > 1 and before is None:
            yield _gap(first - 1)
        seals = Seal.objects.filter(number__gte=first).order_by("number")
        if last is not None:
            seals = seals.filter(number__lte=last)
        seen: dict[int, str] = {}
        for seal in seals.iterator(chunk_size=20):
            yield from _chain(seal, before, first)
            yield from _rows(seal, end_of(before))
            seen[seal.number] = bytes(seal.hash).hex()
            report.seals, report.events, report.end = report.seals + 1, report.events + seal.count, end_of(seal)
            before = seal
        yield from _anchors(seen, anchors or {}, first, last)
        report.unsealed = count_after(report.end)


def _chain(seal: Seal, before: Seal | None, first: int) -> Iterator[Problem]:
    where = f"seal {seal.number}"
    expected = before.number + 1 if before else first
    for missing in islice(range(expected, seal.number), 10):
        yield _gap(missing)
    if seal.algorithm not in ALGORITHMS:
        yield _broken(where, f"names the unknown algorithm {seal.algorithm}")
        return
    if bytes(seal.hash) != hash_of(seal):
        yield _broken(where, "does not match its own hash")
    previous = bytes(before.hash) if before else bytes(HASH_BYTES)
    if seal.number == expected and (before or seal.number == 1) and bytes(seal.previous) != previous:
        yield _broken(where, f"does not continue seal {seal.number - 1}")
    leaves = unpack(bytes(seal.leaves))
    whole = len(leaves) == seal.count and len(bytes(seal.leaves)) == sum(8 + HASH_BYTES for _ in leaves)
    if not whole or merkle.root([hash for _, hash in leaves], ALGORITHMS[seal.algorithm]) != bytes(seal.root):
        yield _broken(where, "has leaves that do not give its root")


def _rows(seal: Seal, after: Place) -> Iterator[Problem]:
    """Compare the rows in the seal's stretch with the leaves that it remembers."""
    h = ALGORITHMS.get(seal.algorithm)
    if h is None:
        return
    found = {row.id: merkle.leaf(row.canonical, h) for row in rows_between(after, end_of(seal))}
    sealed = dict(unpack(bytes(seal.leaves)))
    elsewhere = {row.id for row in rows_with([id for id in sealed if id not in found])}
    for id, hash in sealed.items():
        if id in elsewhere or (id in found and found[id] != hash):
            yield Problem(
                where=f"event {id}",
                what=f"was changed after seal {seal.number} of {seal.sealed_at:%Y-%m-%d %H:%M} UTC",
                remedy="Compare it with a backup",
            )
        elif id not in found:
            yield Problem(
                where=f"event {id}",
                what=f"is missing; seal {seal.number} of {seal.sealed_at:%Y-%m-%d %H:%M} UTC holds it",
                remedy="Find it in a backup",
            )
    for id in found:
        if id not in sealed:
            yield Problem(
                where=f"event {id}",
                what=f"was inserted into the stretch of seal {seal.number} after it was sealed",
                remedy="Find out who could write to the database",
            )


def _anchors(seen: Mapping[int, str], anchors: Anchors, first: int, last: int | None) -> Iterator[Problem]:
    for number, hash in sorted(anchors.items()):
        if number < first or (last is not None and number > last):
            continue
        if number not in seen:
            yield _gap(number)
        elif seen[number] != hash:
            yield _broken(f"seal {number}", "is not the one that was anchored outside")


def _gap(number: int) -> Problem:
    return Problem(where=f"seal {number}", what="is missing", remedy="Find it in a backup")


def _broken(where: str, what: str) -> Problem:
    return Problem(where=where, what=what, remedy="Compare the table journal_seal with a backup")


# proofs of single events


def prove(event_id: int) -> dict[str, Any]:
    """A proof that an event is in the log as it stands: checked without the database by `check_proof`."""
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        raise NoProof(f"there is no event {event_id}")
    place = Place(transaction=event.transaction, event=event.id)
    seal = Seal.objects.filter(last_transaction__gte=event.transaction).order_by("number")
    covering = next((one for one in seal.iterator(chunk_size=2) if end_of(one) >= place), None)
    if covering is None:
        raise NoProof(f"event {event_id} is not sealed yet; seals are made every minute")
    h = ALGORITHMS[covering.algorithm]
    leaves = unpack(bytes(covering.leaves))
    index = next((i for i, (id, _) in enumerate(leaves) if id == event_id), None)
    (row,) = rows_with([event_id])
    if index is None or leaves[index][1] != merkle.leaf(row.canonical, h):
        raise NoProof(f"event {event_id} is not as it was sealed; run `zhen audit verify`")
    return {
        "format": "zhen-proof-1",
        "event": row.canonical.decode(),
        "index": index,
        "path": [step.hex() for step in merkle.path([hash for _, hash in leaves], index, h)],
        "seal": {**statement(covering), "hash": bytes(covering.hash).hex()},
    }


def check_proof(proof: Mapping[str, Any], anchors: Anchors | None = None) -> str:
    """What is wrong with a proof; empty if it holds. Raises KeyError and ValueError for what is no proof."""
    if proof["format"] != "zhen-proof-1":
        raise ValueError(f"unknown format {proof['format']}")
    seal = dict(proof["seal"])
    claimed = seal.pop("hash")
    h = ALGORITHMS[seal["algorithm"]]
    found = merkle.root_from(
        merkle.leaf(proof["event"].encode(), h),
        int(proof["index"]),
        int(seal["count"]),
        [bytes.fromhex(step) for step in proof["path"]],
        h,
    )
    if found is None or found.hex() != seal["root"]:
        return "the event does not lead to the root of the seal"
    if h(b"\x02" + in_json(seal)).hex() != claimed:
        return "the seal does not match its own hash"
    number = int(seal["number"])
    if anchors is not None and anchors.get(number) != claimed:
        return f"seal {number} is not among the anchors" if number not in anchors else f"seal {number} is another one"
    return ""
