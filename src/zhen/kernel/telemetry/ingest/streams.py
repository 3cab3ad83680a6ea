"""The durable streams that readings come in, and the consumers that keep them until they are written.

Readings of devices are read from the stream in which the message server itself keeps what was published over MQTT with
QoS 1: there a message stands before its PUBACK leaves, on one node and on three (docs/adr/0061). What is published
otherwise (devices that know only QoS 0, and our own gateways) comes in a stream of ours, and so does what devices
announce of themselves: they say it again whenever they connect, so nothing hangs on one message.

Both streams keep a message until every consumer has acknowledged it. So each lane has a durable consumer of its own,
and no message may be published before these exist.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, ConsumerInfo, DiscardPolicy, RetentionPolicy, StreamConfig
from nats.js.errors import NotFoundError

ACK_WAIT = 5.0
"""Seconds after which what a killed process had in its hands is given out again."""
MOST_IN_HAND = 20_000
OUR_NAME = re.compile(r"ingest-\d+-of-\d+")
MOST_BYTES = 2_000_000_000


@dataclass(frozen=True, kw_only=True)
class Servers:
    """Where the message server is, for NATS and for MQTT."""

    nats_url: str
    mqtt_url: str
    replicas: int = 1


@dataclass(frozen=True, kw_only=True)
class Source:
    """A stream, what of it are readings, and what stands before the topic in its subjects."""

    stream: str
    subject: str
    prefix: str
    ours: bool

    def topic(self, subject: str) -> str:
        return subject.removeprefix(self.prefix).replace(".", "/")


DEVICES = Source(stream="$MQTT_msgs", subject="$MQTT.msgs.d.>", prefix="$MQTT.msgs.", ours=False)
OTHERS = Source(stream="READINGS", subject="", prefix="", ours=True)
SOURCES = (DEVICES, OTHERS)


def consumer_name(lanes: int, lane: int) -> str:
    return f"ingest-{lane}-of-{lanes}"


async def lay_out(client: Client, mqtt_url: str, lanes: int, replicas: int = 1) -> None:
    """Make what is missing of the streams and consumers. Safe to repeat, by several at once."""
    stream = client.jetstream(timeout=10)
    await _ensure_devices(stream, mqtt_url)
    await _ensure_ours(stream, replicas)
    for source in SOURCES:
        for lane in range(lanes):
            await _ensure_consumer(stream, source, lanes, lane)
        await _remove_others(stream, source, lanes)


async def _ensure_devices(stream: JetStreamContext, mqtt_url: str) -> None:
    """The message server makes its stream when the first MQTT client comes: we are the first."""
    for _try in range(50):
        try:
            await stream.stream_info(DEVICES.stream)
        except NotFoundError:
            await _come_once(mqtt_url)
            await asyncio.sleep(0.1)
        else:
            return
    raise NatsError("the message server keeps no MQTT messages: is `mqtt` in its configuration?")


async def _ensure_ours(stream: JetStreamContext, replicas: int) -> None:
    wanted = StreamConfig(
        name=OTHERS.stream,
        subjects=["q.>", "g.>", "homeassistant.>"],
        retention=RetentionPolicy.INTEREST,
        discard=DiscardPolicy.NEW,  # a full stream refuses: whoever publishes keeps what it has
        max_bytes=MOST_BYTES,
        num_replicas=replicas,
    )
    try:
        known = await stream.stream_info(OTHERS.stream)
    except NotFoundError:
        await stream.add_stream(wanted)
    else:
        if known.config.subjects != wanted.subjects:  # a town that stood before devices could announce themselves
            await stream.update_stream(wanted)


async def _ensure_consumer(stream: JetStreamContext, source: Source, lanes: int, lane: int) -> None:
    name = consumer_name(lanes, lane)
    try:
        await stream.consumer_info(source.stream, name)
    except NotFoundError:
        await stream.add_consumer(
            source.stream,
            ConsumerConfig(
                durable_name=name,
                ack_policy=AckPolicy.ALL,
                ack_wait=ACK_WAIT,
                max_ack_pending=MOST_IN_HAND,
                filter_subject=source.subject or None,
            ),
        )


async def _remove_others(stream: JetStreamContext, source: Source, lanes: int) -> None:
    """Consumers of another number of lanes would keep messages for ever. What they have not acknowledged, ours get."""
    for info in await stream.consumers_info(source.stream):
        if OUR_NAME.fullmatch(info.name) and not info.name.endswith(f"-of-{lanes}"):
            await stream.delete_consumer(source.stream, info.name)


async def consumer(client: Client, source: Source, lanes: int, lane: int) -> ConsumerInfo:
    info: ConsumerInfo = await client.jetstream(timeout=10).consumer_info(source.stream, consumer_name(lanes, lane))
    return info


async def _come_once(mqtt_url: str) -> None:
    """Connect over MQTT as the application, and go."""
    address = urlsplit(mqtt_url)
    texts = [b"zhen-ingest", unquote(address.username or "").encode(), unquote(address.password or "").encode()]
    body = b"\x00\x04MQTT\x04\xc2\x00\x0a" + b"".join(len(text).to_bytes(2, "big") + text for text in texts)
    async with asyncio.timeout(5):
        reader, writer = await asyncio.open_connection(address.hostname, address.port or 1883)
        try:
            writer.write(b"\x10" + _length(len(body)) + body)
            answer = await reader.readexactly(4)
            if answer[3] != 0:
                raise NatsError(f"the message server refuses our MQTT connection ({answer[3]})")
            writer.write(b"\xe0\x00")
            await writer.drain()
        finally:
            writer.close()


def _length(number: int) -> bytes:
    """The remaining length of an MQTT packet: seven bits a byte, the lowest first."""
    found = bytearray()
    while True:
        number, bits = divmod(number, 128)
        found.append(bits | (0x80 if number else 0))
        if not number:
            return bytes(found)
