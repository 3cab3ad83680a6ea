"""Visits of the demo: what is answered on them, what they find, and that it is put right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from io import BytesIO
from random import Random
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from zhen.kernel.access.api import Actor
from zhen.kernel.files.api import File, store
from zhen.kernel.lib import clock
from zhen.kernel.lib.ids import timed_id
from zhen.kernel.places.api import PlaceVersion
from zhen.kernel.rounds.api import NO, YES, ItemKind, Position, Recheck, Record, Visit, in_use, record

BAD = 0.05
"""The share of answers that are a finding."""
NOBODY = 0.06
PUT_RIGHT = 0.6
"""The share of visits whose findings are put right within days."""
Go = Callable[[Visit], None]
"""Makes a visit as the clock stands."""


def go_all(visits: Sequence[Visit], go: Go, before: datetime) -> int:
    """Make the visits whose day has come, each on its day; gives how many."""
    done = 0
    for visit in visits:
        at = datetime.combine(visit.planned_on, time(9, 30), clock.TOWN_ZONE) + timedelta(minutes=7 * done % 400)
        if at < before:
            with clock.frozen(at):
                go(visit)
            done += 1
    return done


def go(builder: Actor, visit: Visit, chance: Random, town_now: datetime, right: float = PUT_RIGHT) -> None:
    version = in_use(visit.checklist)
    assert version is not None
    nobody = chance.random() < NOBODY
    answers: dict[str, object] = {}
    photos: dict[str, list[File]] = {}
    for item in version.items:
        if item.when is not None and not item.when.match.fits(answers.get(item.when.item)):
            continue
        if item.kind == ItemKind.YES_NO:
            answers[item.id] = NO if item.findings and chance.random() < BAD else YES
        elif item.kind == ItemKind.CHOICE:
            answers[item.id] = chance.choice(item.choices).value
        elif item.needed and item.kind in (ItemKind.NUMBER, ItemKind.READING):
            answers[item.id] = round((item.low or 0) + chance.random() * 5)
        if (item.kind == ItemKind.PHOTO and item.needed) or item.shown.fits(answers.get(item.id)):
            photos[item.id] = [] if nobody else [photo(builder, f"{visit.subject.name} {item.id} {visit.pk}")]
    now = clock.now()
    sent = Record(
        id=record_id(now, visit), visit=visit.pk, checklist=visit.checklist, version=version.number,
        outcome="nobody" if nobody else "seen", started_at=now - timedelta(minutes=version.minutes), ended_at=now,
        answers={} if nobody else answers, position=_near(visit, chance),
    )  # fmt: skip
    done = record(builder, sent, {} if nobody else photos)
    if done.findings_count and chance.random() < right:
        _put_right(builder, done, town_now)


def _put_right(builder: Actor, done: Visit, town_now: datetime) -> None:
    """Some findings are put right within days, and seen to be."""
    recheck = Visit.objects.filter(follows=done, kind=Visit.Kind.RECHECK).select_related("subject").first()
    assert recheck is not None
    at = clock.now() + timedelta(days=2)
    if at > town_now:
        return
    with clock.frozen(at):
        seen = {one.pk: Recheck(right=True, note="已整改到位") for one in recheck.to_recheck.all()}
        sent = Record(
            id=record_id(at, recheck), visit=recheck.pk, checklist=recheck.checklist, version=0, outcome="seen",
            started_at=at - timedelta(minutes=10), ended_at=at, rechecks=seen, no_position="室内无信号",
        )  # fmt: skip
        record(builder, sent, {})


def record_id(at: datetime, visit: Visit) -> UUID:
    return timed_id(int(at.timestamp() * 1000), visit.pk.int)


def _near(visit: Visit, chance: Random) -> Position | None:
    if visit.subject.lon is None or visit.subject.lat is None:
        return None
    off = chance.uniform(-1, 1) / 5_000
    return Position(lon=visit.subject.lon + off, lat=visit.subject.lat + off / 2, accuracy=15)


def point(at: PlaceVersion) -> tuple[float, float] | None:
    return (at.lon, at.lat) if at.lon is not None and at.lat is not None else None


def photo(builder: Actor, words: str) -> File:
    """A drawn picture that says what a photo would show; no two are the same."""
    shade = sum(words.encode()) % 120 + 100
    image = Image.new("RGB", (320, 240), (shade, 150, 240 - shade))
    ImageDraw.Draw(image).rectangle(
        (40 + shade % 60, 60, 280, 200), fill=(230, 220, 200), outline=(60, 60, 60), width=3
    )
    written = BytesIO()
    image.save(written, "JPEG", quality=70)
    return store(builder, SimpleUploadedFile("photo.jpg", written.getvalue(), "image/jpeg"))
