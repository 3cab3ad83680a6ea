"""For tests: do what the worker would do, now."""

from __future__ import annotations

import asyncio

from procrastinate import App
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.django_connector import DjangoConnector

from zhen.kernel.jobs.running import register, rescue


def worker_app() -> App:
    """procrastinate's app as the worker has it, with every declared job."""
    connector = django_app.connector
    assert isinstance(connector, DjangoConnector)
    app = django_app.with_connector(connector.get_worker_connector())
    register(app)
    app.periodic_registry.periodic_tasks.clear()  # the clock starts nothing in a test
    return app


def run_waiting() -> None:
    """Run every job that is due, until none is left. The test must commit (transaction=True)."""

    async def run() -> None:
        app = worker_app()
        async with app.open_async():
            await app.run_worker_async(
                wait=False, listen_notify=False, install_signal_handlers=False, delete_jobs="successful"
            )

    asyncio.run(run())


def rescue_now() -> None:
    """Put the jobs of dead workers back in the queue."""

    async def run() -> None:
        app = worker_app()
        async with app.open_async():
            await rescue(app)

    asyncio.run(run())
