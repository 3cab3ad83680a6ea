"""Many simulated devices at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from zhen.gateways.gb26875.simulator.device import Device, Log, sources
from zhen.gateways.gb26875.simulator.scripts import SCRIPTS

FIRST = 900_001
"""The demo's devices have addresses from here on."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """`scripts` are given to the devices in turn. `report`: every detector first tells that all is well."""

    host: str
    port: int
    devices: int = 1
    detectors: int = 50
    first: int = FIRST
    scripts: Sequence[str] = ("normal-day",)
    speed: float = 1.0
    report: bool = False
    heartbeat: float = 30.0


async def simulate(run: Run) -> Log:
    """Until every script is at its end. Raises OSError where a connection cannot be made or is lost."""
    log = Log()
    try:
        async with asyncio.TaskGroup() as group:
            for number, source in enumerate(sources(run.first, run.devices)):
                group.create_task(_device(run, source, run.scripts[number % len(run.scripts)], log))
    except ExceptionGroup as several:
        _lost, others = several.split(OSError)
        if others is not None:
            raise
        raise several.exceptions[0] from several
    return log


async def _device(run: Run, source: bytes, script: str, log: Log) -> None:
    async with Device(source=source, host=run.host, port=run.port, log=log, detectors=run.detectors) as device:
        if run.report:
            await device.report_all()
        beating = asyncio.create_task(_beat(device, run.heartbeat))
        try:
            await device.play(SCRIPTS[script], speed=run.speed)
        finally:
            beating.cancel()


async def _beat(device: Device, every: float) -> None:
    while True:
        await device.tell(None)
        await asyncio.sleep(every)
