"""Requests as the standard lists them. Without a key only what is public: class, rough place and progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from zhen.gateways.open311 import services
from zhen.gateways.open311.troubles import Trouble
from zhen.kernel.access.api import Actor, ActorKind
from zhen.kernel.cases.api import CASE_TYPES, Case, CaseAttachment, pictures_of, readable
from zhen.kernel.lib import clock
from zhen.kernel.lib.geometry import api as geometry

WINDOW = timedelta(days=90)
PAGE, MOST, DEEPEST = 100, 1000, 10_000
MOST_IDS = 200


def visible_to(actor: Actor) -> QuerySet[Case]:
    """What is public, and what a key opens beyond that."""
    types = [type_.id for type_ in services.public_types()]
    public = Case.objects.filter(visible=True, type__in=types)
    if actor.kind is not ActorKind.ANONYMOUS:
        public = public | readable(actor, types)
    return public.select_related("category", "unit")


Absolute = Callable[[str], str]
"""Makes an address of this server a whole one."""


def found(actor: Actor, asked: QueryDict, now: datetime, absolute: Absolute) -> list[dict[str, Any]]:
    """The requests that were asked for, newest first: at most a page of them."""
    for name in asked:
        if "\x00" in asked[name]:
            raise Trouble(400, _("%(name)s holds a null character. Remove it.") % {"name": name[:40]})
    rows = visible_to(actor)
    ids = _words(asked, "service_request_id")
    if ids:
        if len(ids) > MOST_IDS:
            raise Trouble(400, _("service_request_id: give at most %(most)s at once.") % {"most": MOST_IDS})
        return described(actor, rows.filter(number__in=ids).order_by("-received_at", "-id"), absolute)
    start, end = _moment(asked, "start_date"), _moment(asked, "end_date")
    if start and end and end < start:
        raise Trouble(400, _("end_date lies before start_date. Exchange the two."))
    end_or_now = end or now
    rows = rows.filter(received_at__gte=start or end_or_now - WINDOW, received_at__lte=end_or_now)
    updated_after, updated_before = _moment(asked, "updated_after"), _moment(asked, "updated_before")
    if updated_after:
        rows = rows.filter(changed_at__gte=updated_after)
    if updated_before:
        rows = rows.filter(changed_at__lte=updated_before)
    box = _box(asked)
    rows = rows.filter(_statuses(asked), _classes(asked), _around(box))
    first, size = _page(asked)
    made = described(actor, rows.order_by("-received_at", "-id")[first : first + size], absolute)
    return [one for one in made if box is None or _within(box, one)]


def one(actor: Actor, number: str, absolute: Absolute) -> list[dict[str, Any]]:
    rows = visible_to(actor).filter(number=number)
    made = described(actor, rows, absolute)
    if not made:
        raise Trouble(404, _("service_request_id “%(id)s” was not found.") % {"id": number[:40]})
    return made


def described(actor: Actor, rows: Iterable[Case], absolute: Absolute) -> list[dict[str, Any]]:
    cases = list(rows)
    own: set[int] = set()
    if actor.kind is not ActorKind.ANONYMOUS and cases:
        types = [type_.id for type_ in services.public_types()]
        own = set(readable(actor, types).filter(pk__in=[case.pk for case in cases]).values_list("pk", flat=True))
    codes = {category.pk: code for code, _type, category in services.offered()}
    pictures = pictures_of([case.pk for case in cases], own)
    return [
        _request(
            case,
            code=codes.get(case.category_id or 0, ""),
            own=case.pk in own,
            media=absolute(media_url(pictures[case.pk])) if case.pk in pictures else "",
        )
        for case in cases
    ]


def media_url(picture: CaseAttachment) -> str:
    """Where a picture is: opened by anybody if it is published, else with a key that reads its case."""
    return reverse("open311_media", kwargs={"key": picture.pk})


def _request(case: Case, *, code: str, own: bool, media: str) -> dict[str, Any]:
    state = CASE_TYPES[case.type].state(case.state)
    outcome = CASE_TYPES[case.type].outcome(case.outcome)
    lat, lon = case.lat, case.lon
    if not own and case.h3_9 is not None:
        lon, lat = geometry.centre(case.h3_9)
    return {
        "service_request_id": case.number,
        "status": "open" if case.open else "closed",
        "status_notes": str((outcome.name if outcome else "") or state.public or state.name),
        "service_name": services.name_of(case.category) if case.category else "",
        "service_code": code,
        "description": (case.text or case.title) if own else "",
        "agency_responsible": str(case.unit or ""),
        "service_notice": "",
        "requested_datetime": _written(case.received_at),
        "updated_datetime": _written(case.changed_at),
        "expected_datetime": _written(case.due_at),
        "address": case.address if own else "",
        "address_id": "",
        "zipcode": "",
        "lat": None if lat is None else round(lat, 6),
        "long": None if lon is None else round(lon, 6),
        "media_url": media,
    }


def _written(at: datetime | None) -> str | None:
    return at.astimezone(clock.TOWN_ZONE).isoformat(timespec="seconds") if at else None


def _words(asked: QueryDict, name: str) -> list[str]:
    return [word for word in (part.strip() for part in asked.get(name, "").split(",")) if word]


def _moment(asked: QueryDict, name: str) -> datetime | None:
    text = asked.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        at = parse_datetime(text if "T" in text else f"{text}T00:00:00")
    except ValueError:
        at = None
    if at is None:
        raise Trouble(
            400, _("%(name)s “%(value)s”: write 2026-11-24T08:00:00+08:00.") % {"name": name, "value": text[:40]}
        )
    return at if at.tzinfo else at.replace(tzinfo=clock.TOWN_ZONE)


def _statuses(asked: QueryDict) -> Q:
    words = _words(asked, "status")
    if wrong := set(words) - {"open", "closed"}:
        raise Trouble(400, _("status “%(value)s”: use open or closed.") % {"value": min(wrong)[:40]})
    return Q(open=words[0] == "open") if len(set(words)) == 1 else Q()


def _classes(asked: QueryDict) -> Q:
    codes = _words(asked, "service_code")
    return Q(category__in=[services.service(code)[1].pk for code in codes]) if codes else Q()


Box = tuple[float, float, float, float]
CELL = 0.004
"""More degrees than an H3 cell of resolution 9 reaches from its centre at the town's latitude."""


def _box(asked: QueryDict) -> Box | None:
    text = asked.get("bbox", "").strip()
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise ValueError(text)
    except ValueError:
        raise Trouble(
            400, _("bbox “%(value)s”: write west,south,east,north in degrees.") % {"value": text[:80]}
        ) from None
    return west, south, east, north


def _around(box: Box | None) -> Q:
    """All that may lie in the box once places are told roughly: `_within` decides by what the answer shows.

    So nobody finds an exact place by asking for ever smaller boxes.
    """
    if box is None:
        return Q()
    west, south, east, north = box
    return Q(lon__gte=west - CELL, lon__lte=east + CELL, lat__gte=south - CELL, lat__lte=north + CELL)


def _within(box: Box, request: dict[str, Any]) -> bool:
    west, south, east, north = box
    return bool(west <= request["long"] <= east and south <= request["lat"] <= north)


def _page(asked: QueryDict) -> tuple[int, int]:
    numbers = {"page": 1, "page_size": PAGE}
    for name in numbers:
        text = asked.get(name, "").strip()
        if text:
            if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 6 and int(text) >= 1):
                raise Trouble(
                    400, _("%(name)s “%(value)s”: give a whole number from 1.") % {"name": name, "value": text[:40]}
                )
            numbers[name] = int(text)
    size = min(numbers["page_size"], MOST)
    first = (numbers["page"] - 1) * size
    if first + size > DEEPEST:
        raise Trouble(
            400,
            _("page: only the first %(most)s requests of a period can be paged. Narrow the dates.") % {"most": DEEPEST},
        )
    return first, size
