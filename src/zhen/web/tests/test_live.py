"""Live updates over ASGI, with the real NATS and the real journal."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import nats
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections, transaction
from django.test import AsyncClient, override_settings

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.models import Unit
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.runtime import ports
from zhen.web import live

KIND = "plan.measure.reported"
pytestmark = pytest.mark.django_db(transaction=True)


def record(unit: int | None = None) -> int:
    with transaction.atomic():
        event = journal.record(KIND, by=Actor.system("test"), subject=("plan.measure", 1), unit=unit, data={})
    return int(event.pk)


async def signed_in(role: str = "plan_officer") -> tuple[AsyncClient, Unit]:
    def make() -> tuple[AsyncClient, Unit]:
        user, unit = a_user("dora", "多拉"), a_unit("office")
        if role:
            a_post(user, role, unit)
        client = AsyncClient()
        client.force_login(user)
        return client, unit

    return await sync_to_async(make)()


async def first(stream: AsyncIterator[bytes], wanted: Callable[[str], bool]) -> str:
    async with asyncio.timeout(20):
        async for part in stream:
            if wanted(part.decode()):
                return part.decode()
    raise AssertionError("the stream ended")


def run(coroutine: Any) -> Any:
    """Tell a story on a loop of its own, and give back the database connection of its thread."""

    async def tell() -> Any:
        try:
            return await coroutine
        finally:
            await sync_to_async(connections.close_all)()

    return asyncio.run(tell())


def test_an_event_reaches_the_page_through_nats() -> None:
    async def story() -> str:
        client, _unit = await signed_in()
        response: Any = await client.get("/live/", {"topics": KIND})
        assert response["Content-Type"] == "text/event-stream"
        stream = response.streaming_content
        await first(stream, lambda part: part.startswith("retry"))
        sender = await nats.connect(str(settings.NATS_URL))
        told = {"id": 7, "kind": KIND, "subject": ["plan.measure", "1"], "area": None, "unit": None}

        async def send() -> None:
            for _try in range(20):
                await sender.publish(f"zhen.journal.{KIND}", json.dumps(told).encode())
                await asyncio.sleep(0.2)

        sending = asyncio.create_task(send())
        heard = await first(stream, lambda part: "event: journal" in part)
        sending.cancel()
        await sender.close()
        await stream.aclose()
        return heard

    heard = run(story())

    assert heard.startswith("id: 7\n")
    assert json.loads(heard.split("data: ")[1]) == {"id": 7, "kind": KIND}


def test_a_connection_that_ended_for_good_is_made_anew_at_one_of_several_servers(
    nats_url: str,
) -> None:
    async def story() -> list[bool]:
        hub, found = live.Hub(), []
        queues = [await hub.join()]
        found.append(hub.connected)
        assert hub.client is not None
        await hub.client.close()
        found.append(hub.connected)
        queues.append(await hub.join())
        found.append(hub.connected)
        for queue in queues:
            await hub.leave(queue)
        return found

    with override_settings(NATS_URL=f"nats://127.0.0.1:{ports.free_port()},{nats_url}"):
        assert run(story()) == [True, False, True]


def test_a_browser_that_comes_back_gets_what_it_missed() -> None:
    async def story() -> tuple[int, str]:
        client, _unit = await signed_in()
        seen, missed = await sync_to_async(record)(), await sync_to_async(record)()
        since = (clock.now() - timedelta(minutes=5)).isoformat()
        response: Any = await client.get(
            "/live/", {"topics": KIND, "since": since}, headers={"Last-Event-ID": str(seen)}
        )
        stream = response.streaming_content
        heard = await first(stream, lambda part: "event: journal" in part)
        await stream.aclose()
        return missed, heard

    missed, heard = run(story())

    assert heard.startswith(f"id: {missed}\n")


def test_a_reader_of_one_unit_hears_nothing_of_another() -> None:
    async def story() -> tuple[bool, bool]:
        client, unit = await signed_in("unit_head")
        assert client is not None
        elsewhere = await sync_to_async(a_unit)("elsewhere")
        user = await sync_to_async(lambda: a_user_actor())()
        topics = live.allowed_topics(user, KIND)
        return (
            topics.reach(live.Happened(id=1, kind=KIND, area=None, unit=unit.pk)),
            topics.reach(live.Happened(id=2, kind=KIND, area=None, unit=elsewhere.pk)),
        )

    def a_user_actor() -> Actor:
        from zhen.kernel.identity.api import User, actor_for

        return actor_for(User.objects.get(username="dora"), day=clock.today())

    own, other = run(story())

    assert own
    assert not other


@pytest.mark.parametrize(
    ("role", "topics", "status"),
    [("", KIND, 403), ("plan_officer", "no.such.kind", 422), ("plan_officer", "", 422)],
)
def test_what_may_not_be_heard_is_refused(role: str, topics: str, status: int) -> None:
    async def story() -> int:
        client, _unit = await signed_in(role)
        return int((await client.get("/live/", {"topics": topics})).status_code)

    assert run(story()) == status


def test_the_public_hears_nothing() -> None:
    async def story() -> int:
        return int((await AsyncClient().get("/live/", {"topics": KIND})).status_code)

    assert run(story()) == 401


def test_the_number_of_streams_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_STREAMS", 0)

    async def story() -> int:
        client, _unit = await signed_in()
        return int((await client.get("/live/", {"topics": KIND})).status_code)

    assert run(story()) == 503
