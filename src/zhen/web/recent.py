"""What just came in: the newest events that a reader may hear of, for the desk."""

from __future__ import annotations

from datetime import datetime, timedelta

from zhen.kernel.access.api import Actor
from zhen.kernel.journal.api import Event, entry
from zhen.kernel.pages.api import PAGES, Happening
from zhen.web import live

DAYS = 30
MOST = 12
LOOKED_AT = 200


def topics(actor: Actor) -> dict[str, frozenset[str]]:
    """The kinds of events that some page open to the actor shows, each with the permissions that he holds for it."""
    kinds = {topic for page in PAGES for topic in getattr(page, "live", ())} | set(live.HAND_MADE)
    held = {kind: frozenset(name for name in live.permissions_for(kind) if actor.may(name)) for kind in kinds}
    few = sorted((kind for kind, names in held.items() if names), key=lambda kind: (kind not in live.HAND_MADE, kind))
    return {kind: held[kind] for kind in few[: live.MOST_TOPICS]}


def happenings(actor: Actor, now: datetime) -> list[Happening]:
    """The newest events within the actor's reach, newest first. One query."""
    heard = live.Topics(actor=actor, permissions=topics(actor))
    since = now - timedelta(days=DAYS)
    rows = Event.objects.filter(kind__in=list(heard.permissions), at__gte=since).order_by("-at", "-pk")
    within = [event for event in rows[:LOOKED_AT] if heard.reach(live.Happened.of(event))]
    told = (entry(event) for event in within[:MOST])
    return [Happening(at=line.at, who=line.actor, text=line.text) for line in told]
