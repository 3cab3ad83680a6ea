"""The web server's command line: granian, serving the project's ASGI application."""

import argparse
import os
import sys
from collections.abc import Sequence

from zhen.runtime import settings as runtime_settings
from zhen.runtime.faults import Fault
from zhen.runtime.settings import RuntimeSettings

APPLICATION = "zhen.project.asgi:application"


def command(settings: RuntimeSettings) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "granian", "--interface", "asginl"),
        *("--host", settings.host, "--port", str(settings.port)),
        *("--workers", str(settings.web_workers)),
        # A worker that dies is replaced by granian, without closing the port.
        *("--respawn-failed-workers", "--respawn-interval", "0.5"),
        # The supervisor allows 2.5 s; granian must be done with its workers before that.
        *("--workers-kill-timeout", "2"),
        *("--log-level", "warning", "--no-ws"),
        APPLICATION,
    )


def main(arguments: Sequence[str] = ()) -> int:
    """`zhen web`: become the web server, against the servers the environment names."""
    argparse.ArgumentParser(prog="zhen web", description=main.__doc__).parse_args(list(arguments))
    try:
        settings = runtime_settings.load()
    except Fault as fault:
        print(f"zhen: {fault}", file=sys.stderr)
        return 1
    line = command(settings)
    return os.execv(line[0], line)  # noqa: S606
