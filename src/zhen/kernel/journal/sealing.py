"""Sealing the log: a Merkle root over each stretch of it, chained to the one before.

Whoever changes a sealed row behind the application's back must also forge its seal and every later
one; heads that were taken outside (`zhen audit head`) show that too.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from zhen.kernel.journal.canonical import ALGORITHMS, START, Place, in_json, rows_between
from zhen.kernel.journal.consuming import horizon
from zhen.kernel.journal.models import Seal
from zhen.kernel.lib import clock, merkle

BATCH = 10_000
_LOCK = 0x7365616C  # "seal"
_ID_BYTES = 8
HASH_BYTES = 32
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def seal_all() -> None:
    """Seal everything that can be read now. The job `journal.seal`."""
    while seal_next():
        pass


def seal_next(*, limit: int = BATCH) -> Seal | None:
    """Seal the next stretch of at most `limit` events; `None` when all is sealed."""
    now = clock.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = Seal.objects.defer("leaves").last()
        rows = list(rows_between(end_of(last), Place(transaction=horizon() - 1, event=2**63 - 1), limit=limit))
        if not rows:
            return None
        algorithm = {"aes": "sha256", "sm": "sm3"}[settings.ZHEN_CIPHERS]
        h = ALGORITHMS[algorithm]
        leaves = [(row.id, merkle.leaf(row.canonical, h)) for row in rows]
        seal = Seal(
            number=last.number + 1 if last else 1,
            sealed_at=now,
            algorithm=algorithm,
            count=len(rows),
            last_transaction=rows[-1].transaction,
            last_event=rows[-1].id,
            root=merkle.root([hash for _, hash in leaves], h),
            previous=bytes(last.hash) if last else bytes(HASH_BYTES),
            leaves=pack(leaves),
        )
        seal.hash = hash_of(seal)
        seal.save(force_insert=True)
        return seal


def end_of(seal: Seal | None) -> Place:
    return Place(transaction=seal.last_transaction, event=seal.last_event) if seal else START


def hash_of(seal: Seal) -> bytes:
    """The seal's own hash: over all it says, in the domain 0x02, apart from leaves and nodes."""
    return ALGORITHMS[seal.algorithm](b"\x02" + in_json(statement(seal)))


def statement(seal: Seal) -> dict[str, object]:
    """What a seal says, as it is hashed and handed out."""
    return {
        "number": seal.number,
        "sealed_at": microseconds(seal.sealed_at),
        "algorithm": seal.algorithm,
        "count": seal.count,
        "last_transaction": seal.last_transaction,
        "last_event": seal.last_event,
        "root": bytes(seal.root).hex(),
        "previous": bytes(seal.previous).hex(),
    }


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970, as integers: floating point cannot hold them."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def pack(leaves: list[tuple[int, bytes]]) -> bytes:
    return b"".join(id.to_bytes(_ID_BYTES, "big") + hash for id, hash in leaves)


def unpack(leaves: bytes) -> list[tuple[int, bytes]]:
    """(event, leaf hash) in the order of the tree. A remainder that is no whole leaf is left out."""
    step = _ID_BYTES + HASH_BYTES
    starts = range(0, len(leaves) - step + 1, step)
    return [(int.from_bytes(leaves[i : i + _ID_BYTES], "big"), leaves[i + _ID_BYTES : i + step]) for i in starts]
