"""`zhen gateway gb26875`: the whole process."""

from __future__ import annotations

import asyncio
import logging
import signal
from dataclasses import dataclass, field

from zhen.gateways.gb26875.server.centre import Centre
from zhen.gateways.gb26875.server.health import Health
from zhen.gateways.gb26875.server.limits import Limits
from zhen.gateways.gb26875.server.orders import Orders
from zhen.gateways.gb26875.server.store import Store
from zhen.gateways.gb26875.server.tcp import TcpServer
from zhen.gateways.gb26875.server.udp import UdpServer
from zhen.gateways.gb26875.sink import JetStreamSink, NotStored

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Where the process listens; 0: anywhere that is free. TCP and UDP share a number."""

    host: str
    port: int
    health_port: int
    limits: Limits = field(default_factory=Limits)


def main(ports: Ports, servers: list[str]) -> None:
    asyncio.run(_main(ports, servers))


async def _main(ports: Ports, servers: list[str]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(ports, servers, stop)


async def serve(ports: Ports, servers: list[str], stop: asyncio.Event) -> None:
    """Until told to stop. What is under way then is not acknowledged; its devices send it again."""
    async with Store() as store, JetStreamSink(servers) as sink:
        centre = Centre(book=store, sink=sink, limits=ports.limits)
        orders = Orders(centre, store)

        def report() -> dict[str, object]:
            ready = store.is_well and sink.is_connected
            return {"ready": ready, "open": tcp.open, "devices": len(centre.lines), **centre.counts}

        await _first_look(store, sink)
        async with (
            TcpServer(centre, ports.host, ports.port) as tcp,
            UdpServer(centre, ports.host, tcp.port),
            Health("127.0.0.1", ports.health_port, report),
        ):
            log.info("GB/T 26875.3 on %s:%s, TCP and UDP", ports.host, tcp.port)
            work = asyncio.create_task(orders.run())
            told = asyncio.create_task(stop.wait())
            await asyncio.wait({work, told}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()  # raises what ended it: the supervisor starts the process again
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)


async def _first_look(store: Store, sink: JetStreamSink) -> None:
    """Reach both servers before the first device does. Where one is away, devices wait for their acknowledgements."""
    for reach in (store.look, sink.connect):
        try:
            await reach()
        except NotStored as error:
            log.warning("not yet: %s", error)
