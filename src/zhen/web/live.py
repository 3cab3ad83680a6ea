"""Live updates: journal events as server-sent events, ids and kinds only.

A page that shows targets hears that something happened to targets; what happened it asks for like any
other page, with its reader's rights. NATS brings the events; where it is away, the journal is asked
every few seconds. A browser that comes back says where it was and gets what it missed from the journal.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import nats
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from zhen.kernel.access.api import Actor, ActorKind, Denied, Grant, Reach
from zhen.kernel.cases.api import CASE_TYPES
from zhen.kernel.journal.api import EVENT_KINDS, Event
from zhen.kernel.pages.api import PAGES
from zhen.web.errors import Unprocessable
from zhen.web.requests import Request

MOST_TOPICS = 20
MOST_STREAMS = 200
MOST_WAITING = 100
MOST_MISSED = 100
HEARTBEAT = 20.0
LIFETIME = 15 * 60
"""After this many seconds a stream ends; the browser comes back at once, and its rights are looked at anew."""
FURTHEST_BACK = timedelta(hours=1)

HAND_MADE = {
    "plan.measure.reported": "plan.view",
    "plan.targets.measured": "plan.view",
    "plan.finding.confirmed": "plan.view",
}
"""Topics of pages that are not declared, and the permission of these pages."""


@dataclass(frozen=True, kw_only=True)
class Happened:
    """An event as the browser hears of it."""

    id: int
    kind: str
    area: int | None
    unit: int | None

    @classmethod
    def of(cls, event: Event) -> Happened:
        return cls(id=event.pk, kind=event.kind, area=event.area_id, unit=event.unit_id)

    def line(self) -> str:
        return f"id: {self.id}\nevent: journal\ndata: {json.dumps({'id': self.id, 'kind': self.kind})}\n\n"


@dataclass(eq=False)
class Hub:
    """One NATS connection for all streams of an event loop."""

    queues: set[asyncio.Queue[Happened]] = field(default_factory=set)
    client: Client | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def connected(self) -> bool:
        return self.client is not None and self.client.is_connected

    async def join(self) -> asyncio.Queue[Happened]:
        queue: asyncio.Queue[Happened] = asyncio.Queue(MOST_WAITING)
        self.queues.add(queue)
        async with self.lock:
            # closed for good by an error that the server stated; without NATS the journal itself is asked, see `_next`
            if (self.client is None or self.client.is_closed) and settings.NATS_URL:
                with suppress(NatsError, OSError, TimeoutError):
                    self.client = await nats.connect(
                        settings.NATS_URL.split(","), connect_timeout=2, max_reconnect_attempts=-1, error_cb=_quiet
                    )
                    await self.client.subscribe("zhen.journal.>", cb=self.hear)
        return queue

    async def leave(self, queue: asyncio.Queue[Happened]) -> None:
        """The last one to leave switches off the light."""
        self.queues.discard(queue)
        async with self.lock:
            if not self.queues and self.client is not None:
                client, self.client = self.client, None
                await client.close()

    async def hear(self, message: Msg) -> None:
        told = json.loads(message.data)
        happened = Happened(id=told["id"], kind=told["kind"], area=told["area"], unit=told["unit"])
        for queue in self.queues:
            with suppress(asyncio.QueueFull):  # a page that is so far behind reloads anyway
                queue.put_nowait(happened)


async def _quiet(fault: Exception) -> None:
    """NATS tries again by itself; meanwhile the journal is asked."""


_hubs: dict[int, tuple[asyncio.AbstractEventLoop, Hub]] = {}


def hub() -> Hub:
    """The hub of the running event loop; hubs of loops that are closed are dropped."""
    loop = asyncio.get_running_loop()
    for key, (known, _hub) in list(_hubs.items()):
        if known.is_closed():
            del _hubs[key]
    return _hubs.setdefault(id(loop), (loop, Hub()))[1]


async def stream(request: Request) -> HttpResponseBase:
    """`/live/?topics=KIND,KIND&since=TIME`, resumed by the header Last-Event-ID or by `after`."""
    if request.actor.kind is ActorKind.ANONYMOUS:
        return HttpResponse(status=401)
    topics = allowed_topics(request.actor, request.GET.get("topics", ""))
    if len(hub().queues) >= MOST_STREAMS:
        return HttpResponse(status=503, headers={"Retry-After": "30"})
    last = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    start = Start(
        after=int(last) if last.isascii() and last.isdigit() and len(last) < 19 else None,
        since=_since(request.GET.get("since", ""), request.now),
    )
    response = StreamingHttpResponse(events(topics, start), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


@dataclass(frozen=True, kw_only=True)
class Start:
    """Where a stream begins: after an event that the browser has seen, or at the time its page was drawn."""

    after: int | None
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Topics:
    """Kinds of events, each with the part of the town in which the actor hears of it."""

    actor: Actor
    permissions: dict[str, frozenset[str]]

    def reach(self, happened: Happened) -> bool:
        names = self.permissions.get(happened.kind, frozenset())
        return any(_reaches(grant, happened) for name in names for grant in self.actor.grants_for(name))


def _reaches(grant: Grant, happened: Happened) -> bool:
    match grant.reach:
        case Reach.AREA:
            return happened.area is None or happened.area in (grant.areas or ())
        case Reach.UNIT:
            return happened.unit is None or happened.unit in (grant.units or ())
        case _:
            return True


def allowed_topics(actor: Actor, text: str) -> Topics:
    """The topics of the address, if some page that the actor may open shows each of them."""
    wanted = [topic for topic in text.split(",") if topic]
    if not 1 <= len(wanted) <= MOST_TOPICS:
        raise Unprocessable(_("“topics” needs 1 to {most} kinds of events.").format(most=MOST_TOPICS))
    allowed: dict[str, frozenset[str]] = {}
    for topic in wanted:
        if topic not in EVENT_KINDS:
            raise Unprocessable(_("“topics” names the unknown kind of event “{kind}”.").format(kind=topic[:60]))
        needed = permissions_for(topic)
        allowed[topic] = frozenset(name for name in needed if actor.may(name))
        if not allowed[topic]:
            raise Denied(next(iter(needed), topic), actor)
    return Topics(actor=actor, permissions=allowed)


def permissions_for(topic: str) -> frozenset[str]:
    """The permissions of the pages that show a kind of event; one of them is enough to hear of it."""
    found = {page.permission for page in PAGES if page.permission and topic in getattr(page, "live", ())}
    if topic in HAND_MADE:
        found.add(HAND_MADE[topic])
    if topic.startswith("cases."):  # the desk for cases shows what happens to cases of every kind
        found |= {type_.powers.view for type_ in CASE_TYPES}
    return frozenset(found)


async def events(topics: Topics, start: Start) -> AsyncIterator[str]:
    """What was missed, then what happens, with a sign of life in between."""
    here = hub()
    queue = await here.join()
    try:
        yield "retry: 3000\n\n"
        seen: int | None = start.after
        for happened in await missed(topics.permissions, start.after, start.since):
            seen = max(seen or 0, happened.id)
            if topics.reach(happened):
                yield happened.line()
        end = asyncio.get_running_loop().time() + LIFETIME
        while asyncio.get_running_loop().time() < end:
            for happened in await _next(here, queue, topics, seen, start.since):
                seen = max(seen or 0, happened.id)
                if happened.kind in topics.permissions and topics.reach(happened):
                    yield happened.line()
            yield ": alive\n\n"
    finally:
        await here.leave(queue)


async def _next(
    here: Hub, queue: asyncio.Queue[Happened], topics: Topics, seen: int | None, since: datetime
) -> list[Happened]:
    """What the hub hears within a heartbeat; without NATS, what the journal holds after it."""
    try:
        async with asyncio.timeout(HEARTBEAT if here.connected else HEARTBEAT / 4):
            heard = [await queue.get()]
    except TimeoutError:
        return [] if here.connected else await missed(topics.permissions, seen, since)
    while not queue.empty():
        heard.append(queue.get_nowait())
    return heard


@sync_to_async
def missed(kinds: Iterable[str], after: int | None, since: datetime) -> list[Happened]:
    """Events of the kinds after one that was seen, or since a time. The connection is given back at once."""
    rows = Event.objects.filter(kind__in=list(kinds), at__gte=since)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    found = [Happened.of(event) for event in rows.order_by("pk")[:MOST_MISSED]]
    close_old_connections()
    return found


def _since(text: str, now: datetime) -> datetime:
    """The time of the address, at most an hour back."""
    try:
        given = parse_datetime(text)
    except ValueError:
        given = None
    return max(given, now - FURTHEST_BACK) if given is not None and given.tzinfo is not None else now
