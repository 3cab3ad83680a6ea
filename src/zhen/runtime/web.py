"""The web server: granian, serving the project's ASGI application."""

import argparse
import gc
import importlib
import multiprocessing
import os
import sys
from collections.abc import Sequence
from functools import partial

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from zhen.runtime import settings as runtime_settings
from zhen.runtime.asgi import Answer
from zhen.runtime.faults import Fault
from zhen.runtime.settings import RuntimeSettings
from zhen.runtime.spread import Shares, spread

APPLICATION = "zhen.project.asgi:application"
CONNECTIONS = "16"
"""Connections to the database that each worker keeps at most: opening one takes 15 ms, longer than many a page."""
LOADED_BEFORE = ("zhen.project.asgi", "zhen.project.urls")


def main(arguments: Sequence[str] = ()) -> int:
    """`zhen web`: serve people, with the servers that the environment names."""
    argparse.ArgumentParser(prog="zhen web", description=main.__doc__).parse_args(list(arguments))
    os.environ.setdefault("ZHEN_DATABASE_POOL", CONNECTIONS)
    try:
        settings = runtime_settings.load()
    except Fault as fault:
        print(f"zhen: {fault}", file=sys.stderr)
        return 1
    serve(settings)
    return 0


def serve(settings: RuntimeSettings) -> None:
    if sys.platform == "linux":
        _load_once()
    Granian(
        APPLICATION,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGINL,
        workers=settings.web_workers,
        # A worker that dies is replaced without closing the port.
        respawn_failed_workers=True,
        respawn_interval=0.5,
        # The supervisor allows 2.5 s: be done with the workers before that.
        workers_kill_timeout=2,
        log_level=LogLevels.warning,
        websockets=False,
    ).serve(target_loader=partial(_load, Shares(settings.web_workers)), wrap_loader=False)


def _load(shares: Shares) -> Answer:
    module, _, name = APPLICATION.partition(":")
    return spread(getattr(importlib.import_module(module), name), shares)


def _load_once() -> None:
    """Load the program before the workers fork: loading takes seconds of a processor, so a worker
    that was killed is back at once, and what is loaded lies in memory once for all of them."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy would start threads, which do not fork
    multiprocessing.set_start_method("fork")
    for module in LOADED_BEFORE:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()  # a collection would otherwise copy every page it looks at
    # A page makes ten thousands of objects, nearly all of which are gone with it: seldom worth looking for circles.
    gc.set_threshold(20_000, 20, 20)
