"""The gateway as devices meet it: real sockets, real stream, real database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from zhen.gateways.gb26875.codec.application import Application, Type
from zhen.gateways.gb26875.codec.frames import Command, Frame, decode
from zhen.gateways.gb26875.codec.objects import Ask, DutyCheck
from zhen.gateways.gb26875.codec.tests.frames import EVERY_TYPE, FIRE, MAINS, framed
from zhen.gateways.gb26875.codec.wire import Stamp
from zhen.gateways.gb26875.models import FoundPart, KeptFrame, Terminal
from zhen.gateways.gb26875.server.centre import NoAnswer, Unreachable
from zhen.gateways.gb26875.server.limits import Limits
from zhen.gateways.gb26875.sink import STREAM
from zhen.gateways.gb26875.testing import Running, capture, line, running
from zhen.gateways.gb26875.tests.conftest import Cast
from zhen.kernel.lib import clock
from zhen.kernel.telemetry.api import Device, profile_found
from zhen.kernel.telemetry.testing import a_device, a_place

R = TypeVar("R")
OTHER = bytes.fromhex("010203040506")


def play(scene: Callable[[Running], Awaitable[R]], limits: Limits | None = None) -> R:
    async def run() -> R:
        async with running(limits) as gateway:
            return await scene(gateway)

    return asyncio.run(run())


def told(raw: bytes, *, within: float = 5.0) -> Callable[[Running], Awaitable[tuple[Frame | None, list[Any]]]]:
    """Send `raw` on a connection of its own; the reply, and what the stream holds then."""

    async def scene(gateway: Running) -> tuple[Frame | None, list[Any]]:
        async with line(gateway.tcp_port) as wire:
            await wire.send(raw)
            return await wire.frame(within), await gateway.stored()

    return scene


def test_the_published_fire_is_stored_under_its_detector_and_then_acknowledged(committed: Cast) -> None:
    reply, stored = play(told(FIRE))
    assert reply is not None
    assert (reply.command, reply.serial, reply.is_sound) == (Command.ACK, 1, True)
    assert (reply.source, reply.destination) == (decode(FIRE).destination, decode(FIRE).source)
    ((code, payload),) = stored
    assert code == "HALL-1-1-1-0A000200"
    assert payload["m"]["fire"] == 1


def test_a_detector_is_registered_when_it_is_first_heard_of_at_its_transmission_devices_place(committed: Cast) -> None:
    play(told(framed(EVERY_TYPE[2])))
    found = FoundPart.objects.select_related("device").get(address="0A000200")
    assert (found.kind, found.text, found.placed_at) == ("感烟火灾探测器", "厨房", None)
    device = found.device
    assert (device.code, device.name, device.spot) == ("HALL-2-1-1-0A000200", "感烟火灾探测器 厨房", "厨房")
    assert (device.place, device.gateway_id, device.profile) == (
        committed.hall,
        committed.other.device_id,
        profile_found("gb26875.component"),
    )


def test_a_device_that_a_person_registered_before_keeps_its_place(committed: Cast) -> None:
    kitchen = a_place("KITCHEN")
    a_device("HALL-1-1-1-0A000200", kitchen, committed.terminal.device.unit, profile="gb26875.component")
    play(told(FIRE))
    found = FoundPart.objects.select_related("device").get(address="0A000200")
    assert found.device.place == kitchen
    assert found.placed_at is not None
    assert Device.objects.filter(code__startswith="HALL-1-").count() == 1


def test_the_transmission_devices_own_state_goes_under_its_own_code(committed: Cast) -> None:
    _reply, stored = play(told(MAINS))
    assert [(code, payload["m"]["mains_fault"]) for code, payload in stored] == [("HALL-1", 1.0)]


def test_a_wrong_checksum_is_refused_and_kept(committed: Cast) -> None:
    raw = FIRE[:-3] + b"\x00##"
    reply, stored = play(told(raw))
    assert reply is not None
    assert (reply.command, reply.serial, stored) == (Command.NAK, 1, [])
    kept = KeptFrame.objects.get()
    assert (kept.why, bytes(kept.raw)) == (KeptFrame.Why.CHECKSUM, raw)


def test_an_unknown_device_is_acknowledged_and_kept_for_a_person(committed: Cast) -> None:
    raw = replace(decode(FIRE), source=b"\xaa" * 6).raw

    async def scene(gateway: Running) -> list[Frame | None]:
        async with line(gateway.tcp_port) as wire:
            await wire.send(raw + raw)
            return [await wire.frame(), await wire.frame()]

    replies = play(scene)
    assert [reply.command for reply in replies if reply] == [Command.ACK, Command.ACK]
    kept = KeptFrame.objects.get()
    assert (kept.why, kept.source, bytes(kept.raw), kept.count) == (KeptFrame.Why.SOURCE, "AA" * 6, raw, 2)


def test_a_device_from_the_wrong_network_is_as_good_as_unknown(committed: Cast) -> None:
    Terminal.objects.filter(pk=committed.terminal.pk).update(networks="10.0.0.0/8 192.168.7.0/24")
    _reply, stored = play(told(FIRE))
    assert stored == []
    assert KeptFrame.objects.get().why == KeptFrame.Why.SOURCE


@pytest.mark.parametrize("data", ["80 01 41 42", "16 01 00"])
def test_content_that_nobody_understands_is_acknowledged_and_kept(committed: Cast, data: str) -> None:
    reply, stored = play(told(framed(data)))
    assert reply is not None
    assert (reply.command, stored) == (Command.ACK, [])
    assert KeptFrame.objects.get().why == KeptFrame.Why.DATA


@pytest.mark.parametrize("data", ["", "00"])
def test_a_heartbeat_is_acknowledged_and_noted(committed: Cast, data: str) -> None:
    reply, stored = play(told(framed(data)))
    assert reply is not None
    assert (reply.command, stored) == (Command.ACK, [])
    committed.other.refresh_from_db()
    assert committed.other.heard_at is not None
    assert committed.other.peer.startswith("127.0.0.1:")


@pytest.mark.parametrize(("command", "acknowledged"), [(128, True), (255, True), (9, False), (1, False), (4, False)])
def test_commands_of_vendors_are_acknowledged_and_reserved_ones_are_only_kept(
    committed: Cast, command: int, acknowledged: bool
) -> None:
    reply, _stored = play(told(framed("01", command=command), within=5.0 if acknowledged else 0.5))
    assert (reply is not None) == acknowledged
    assert KeptFrame.objects.get().why == KeptFrame.Why.COMMAND


def test_without_the_stream_nothing_is_acknowledged(committed: Cast) -> None:
    async def scene(gateway: Running) -> tuple[Frame | None, Frame | None]:
        async with line(gateway.tcp_port) as wire:
            await gateway.stream.delete_stream(STREAM)
            await wire.send(FIRE)
            missing = await wire.frame(1.0)
            assert gateway.centre.counts["not_stored"] == 1
            await capture(gateway.stream)
            await wire.send(FIRE)
            return missing, await wire.frame()

    missing, reply = play(scene)
    assert missing is None
    assert reply is not None
    assert reply.command == Command.ACK


def test_a_repeated_frame_is_the_same_reading(committed: Cast) -> None:
    now = Stamp.of(clock.now().astimezone(clock.TOWN_ZONE))
    first = replace(decode(MAINS), time=now, serial=9, data=b"\x15\x01\x08" + now.raw)

    async def scene(gateway: Running) -> list[Any]:
        async with line(gateway.tcp_port) as wire:
            for frame in (first, first, replace(first, serial=10)):
                await wire.send(frame.raw)
                assert await wire.frame() is not None
        return await gateway.stored()

    (_, one), (_, same), (_, other) = play(scene)
    assert one["t"] == same["t"]
    assert other["t"] > one["t"]


def test_datagrams_are_replied_to_where_they_came_from(committed: Cast) -> None:
    class Client(asyncio.DatagramProtocol):
        def __init__(self) -> None:
            self.came: asyncio.Queue[bytes] = asyncio.Queue()

        def datagram_received(self, data: bytes, addr: Any) -> None:
            self.came.put_nowait(data)

    async def scene(gateway: Running) -> tuple[bytes, bytes]:
        loop = asyncio.get_running_loop()
        transport, client = await loop.create_datagram_endpoint(Client, remote_addr=("127.0.0.1", gateway.udp_port))
        transport.sendto(FIRE + MAINS)
        try:
            async with asyncio.timeout(5):
                return await client.came.get(), await client.came.get()
        finally:
            transport.close()

    assert [decode(raw).command for raw in play(scene)] == [Command.ACK, Command.ACK]


def test_garbage_does_not_keep_a_frame_from_being_heard(committed: Cast) -> None:
    reply, stored = play(told(b"\x00\x01GET / HTTP/1.1\r\n" + FIRE))
    assert reply is not None
    assert len(stored) == 1
    assert KeptFrame.objects.get().why == KeptFrame.Why.GARBAGE


# -- limits


def test_nothing_but_garbage_ends_the_connection(committed: Cast) -> None:
    async def scene(gateway: Running) -> bool:
        async with line(gateway.tcp_port) as wire:
            await wire.send(bytes(3_000))
            return await wire.is_closed()

    assert play(scene, Limits(garbage=2_000))


def test_a_silent_connection_is_ended(committed: Cast) -> None:
    async def scene(gateway: Running) -> bool:
        async with line(gateway.tcp_port) as wire:
            return await wire.is_closed()

    assert play(scene, Limits(idle=0.2))


def test_half_a_frame_does_not_wait_for_ever(committed: Cast) -> None:
    async def scene(gateway: Running) -> Frame | None:
        async with line(gateway.tcp_port) as wire:
            await wire.send(FIRE[:50])
            await asyncio.sleep(0.5)
            await wire.send(MAINS)
            return await wire.frame()

    assert play(scene, Limits(quiet=0.1)) is not None


def test_an_address_has_only_so_many_connections(committed: Cast) -> None:
    async def scene(gateway: Running) -> tuple[bool, Frame | None]:
        async with line(gateway.tcp_port) as first:
            await first.send(FIRE)
            await first.frame()
            async with line(gateway.tcp_port) as second:
                refused = await second.is_closed()
        await asyncio.sleep(0.2)
        async with line(gateway.tcp_port) as third:
            await third.send(MAINS)
            return refused, await third.frame()

    refused, reply = play(scene, Limits(connections_per_address=1))
    assert refused
    assert reply is not None


def test_a_fast_device_is_slowed_down_and_loses_nothing(committed: Cast) -> None:
    async def scene(gateway: Running) -> tuple[int, int]:
        async with line(gateway.tcp_port) as wire:
            await wire.send(framed("") * 20)
            replies = [await wire.frame() for _ in range(20)]
        return sum(reply is not None for reply in replies), gateway.centre.counts["slowed_down"]

    replies, slowed = play(scene, Limits(frames_per_second=50, frames_at_once=5))
    assert replies == 20
    assert slowed > 0


# -- orders


CHECK = Application.of(Type.DUTY_CHECK, DutyCheck(minutes=5))
QUICK = Limits(answer_within=0.3, attempts=3)


def test_an_order_waits_for_the_devices_acknowledgement(committed: Cast) -> None:
    async def scene(gateway: Running) -> tuple[Frame, Frame]:
        async with line(gateway.tcp_port) as wire:
            await wire.send(framed(""))
            await wire.frame()
            ordered = asyncio.create_task(gateway.centre.order(OTHER, Command.CONTROL, CHECK))
            order = await wire.frame()
            assert order is not None
            await wire.send(replace(order.reply(Command.ACK, now=order_time(order)), source=OTHER).raw)
            return order, decode((await ordered).raw)

    order, answer = play(scene)
    assert (order.command, order.data, order.is_sound) == (Command.CONTROL, CHECK.write(), True)
    assert (order.destination, order.version) == (OTHER, (1, 1))
    assert (answer.command, answer.serial) == (Command.ACK, order.serial)


def order_time(frame: Frame) -> Any:
    moment = frame.time.moment()
    assert moment is not None
    return moment


def test_an_order_is_sent_again_three_times_at_most(committed: Cast) -> None:
    async def scene(gateway: Running) -> int:
        async with line(gateway.tcp_port) as wire:
            await wire.send(framed(""))
            await wire.frame()
            with pytest.raises(NoAnswer):
                await gateway.centre.order(
                    OTHER, Command.ASK, Application.of(Type.ASK_DEVICE_STATE, Ask(reserved=b"\0"))
                )
            count = 0
            while await wire.frame(0.2) is not None:
                count += 1
            return count

    assert play(scene, QUICK) == 3


def test_a_device_that_is_not_connected_cannot_be_ordered(committed: Cast) -> None:
    async def scene(gateway: Running) -> None:
        async with line(gateway.tcp_port) as wire:
            await wire.send(framed(""))
            await wire.frame()
        await asyncio.sleep(0.2)
        with pytest.raises(Unreachable):
            await gateway.centre.order(OTHER, Command.CONTROL, CHECK)

    play(scene)


def test_an_answer_is_data_too(committed: Cast) -> None:
    async def scene(gateway: Running) -> tuple[bool, list[Any]]:
        async with line(gateway.tcp_port) as wire:
            await wire.send(framed(""))
            await wire.frame()
            asked = Application.of(Type.ASK_DEVICE_STATE, Ask(reserved=b"\0"))
            ordered = asyncio.create_task(gateway.centre.order(OTHER, Command.ASK, asked))
            order = await wire.frame()
            assert order is not None
            await wire.send(framed(EVERY_TYPE[21], command=Command.ANSWER, serial=order.serial))
            answer = await ordered
            return answer.refused, await gateway.stored()

    refused, stored = play(scene)
    assert not refused
    assert [code for code, _payload in stored] == ["HALL-2"]
