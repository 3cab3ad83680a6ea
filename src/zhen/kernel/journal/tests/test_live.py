"""Live screens hear that something happened, and nothing about whom."""

from __future__ import annotations

import asyncio
import json

import nats
import pytest
from django.conf import LazySettings

from zhen.kernel.journal.api import TryAgain
from zhen.kernel.journal.contributes import LIVE
from zhen.kernel.journal.live import _link
from zhen.kernel.journal.tests.conftest import happen

pytestmark = pytest.mark.django_db


def test_an_event_goes_out_with_ids_only(nats_url: str) -> None:
    (event,) = happen(5, what="a secret", whom="Bob")

    async def listen() -> tuple[str, bytes]:
        client = await nats.connect(nats_url)
        subscription = await client.subscribe("zhen.journal.>")
        await client.flush()
        await asyncio.to_thread(LIVE.handle, [event])
        heard = await subscription.next_msg(timeout=5)
        await client.close()
        return heard.subject, heard.data

    subject, data = asyncio.run(listen())
    assert subject == "zhen.journal.test.done"
    assert json.loads(data) == {
        "id": event.id,
        "kind": "test.done",
        "subject": ["test.thing", "5"],
        "area": None,
        "unit": None,
    }


def test_without_nats_it_is_tried_again(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_link, "_client", None)
    settings.NATS_URL = "nats://127.0.0.1:9"
    with pytest.raises(TryAgain, match="NATS: "):
        LIVE.handle(happen(1))
