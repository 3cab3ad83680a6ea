"""`zhen gateway gb26875`: the whole process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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


@asynccontextmanager
async def serving(ports: Ports, servers: list[str]) -> AsyncIterator[asyncio.Task[None]]:
    """Devices are served for the length of the block. Gives what goes on meanwhile: it ends only with a fault.

    What is under way at the end is not acknowledged; its devices send it again.
    """
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
            try:
                yield work
            finally:
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)


async def _first_look(store: Store, sink: JetStreamSink) -> None:
    """Reach both servers before the first device does. Where one is away, devices wait for their acknowledgements."""
    for reach in (store.look, sink.connect):
        try:
            await reach()
        except NotStored as error:
            log.warning("not yet: %s", error)
