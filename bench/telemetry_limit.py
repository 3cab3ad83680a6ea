"""What `bench telemetry` runs as processes of its own, in Django: making devices, and the plainest reader there is."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path


def make_devices(count: int, file: str) -> None:
    from datetime import date

    from django.conf import settings

    from bench.telemetry import device_address
    from zhen.kernel.access.api import Actor
    from zhen.kernel.identity.api import Placement, Unit
    from zhen.kernel.lib import clock
    from zhen.kernel.places.api import Place
    from zhen.kernel.telemetry.devices.actions import write
    from zhen.kernel.telemetry.devices.rules import digest, new_secret
    from zhen.kernel.telemetry.devices.values import NewDevice
    from zhen.kernel.telemetry.models import Credential

    now = clock.now()
    unit = Unit.objects.create(code="bench", name="bench")
    Placement.objects.create(unit=unit, valid_from=date(2020, 1, 1))
    place = Place.objects.create(kind=Place.Kind.TOWN, code="bench")
    rows = [
        NewDevice(
            code=f"bench-{number:05}",
            name=f"bench {number}",
            profile="dummy_pack.seat",
            place_id=place.pk,
            unit_id=unit.pk,
            messages_per_minute=60_000,
        )
        for number in range(count)
    ]
    devices = write(Actor.system("bench"), rows, now)
    secrets = [(device, new_secret()) for device in devices]
    Credential.objects.bulk_create(
        Credential(device=device, digest=digest(device.code, secret), issued_at=now) for device, secret in secrets
    )
    host, port = device_address(settings.MQTT_URL)
    told = {"host": host, "port": port, "devices": [[device.code, secret] for device, secret in secrets]}
    Path(file).write_text(json.dumps(told), encoding="utf-8")


def known() -> tuple[dict[str, int], dict[str, int]]:
    """The numbers of devices and of metrics."""
    from zhen.kernel.telemetry.models import Device, MetricCode

    return dict(Device.objects.values_list("code", "pk")), dict(MetricCode.objects.values_list("code", "pk"))


async def read(codes: dict[str, int], metrics: dict[str, int]) -> None:
    """Fetch, decode, COPY, acknowledge: nothing else."""
    from concurrent.futures import ThreadPoolExecutor

    import msgspec
    from django.conf import settings
    from django.db import transaction
    from nats.js.api import AckPolicy, ConsumerConfig

    from zhen.kernel.telemetry.ingest.running import _fast, connect
    from zhen.kernel.telemetry.ingest.streams import DEVICES
    from zhen.kernel.telemetry.storage.writing import Columns, copy_new

    decode = msgspec.json.Decoder().decode
    admin = await connect(settings.NATS_URL, "limit")
    await admin.jetstream().add_consumer(
        DEVICES.stream,
        ConsumerConfig(
            durable_name="limit", ack_policy=AckPolicy.ALL, max_ack_pending=20_000, filter_subject=DEVICES.subject
        ),
    )
    fast = await _fast(settings.NATS_URL)
    found = await (await fast.jetstream()).streams.get(DEVICES.stream)
    consumer = await found.consumers.get_pull("limit")
    thread = ThreadPoolExecutor(1)

    def copy(messages: list[object]) -> None:
        columns = Columns()
        for message in messages:
            device = codes[message.subject.split(".")[3]]  # type: ignore[attr-defined]
            said = decode(message.payload)  # type: ignore[attr-defined]
            at = round(said["t"] * 1e6)
            for code, value in said["m"].items():
                columns.add((device, metrics[code]), at, at, None, value)
        with transaction.atomic():
            copy_new(columns)

    print("reading", flush=True)
    writing = None
    last = None
    while True:
        messages = await consumer.fetch(max_messages=5_000) or await consumer.fetch(max_messages=1, expires=1)
        if writing is not None:
            await writing
            await last.ack()
            writing = None
        if messages:
            last = messages[-1]
            writing = asyncio.get_running_loop().run_in_executor(thread, copy, messages)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    if sys.argv[1] == "devices":
        make_devices(int(sys.argv[2]), sys.argv[3])
    else:
        asyncio.run(read(*known()))
