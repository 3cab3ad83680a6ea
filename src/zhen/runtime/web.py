"""The web server's command line: granian, serving the project's ASGI application."""

import os
import sys
from typing import NoReturn

from zhen.runtime.settings import RuntimeSettings

APPLICATION = "zhen.project.asgi:application"


def command(settings: RuntimeSettings) -> tuple[str, ...]:
    return (
        *(sys.executable, "-m", "granian", "--interface", "asgi"),
        *("--host", settings.host, "--port", str(settings.port)),
        *("--workers", str(settings.web_workers)),
        # A worker that dies is replaced by granian, without closing the port.
        *("--respawn-failed-workers", "--respawn-interval", "0.5"),
        # The supervisor allows 2.5 s; granian must be done with its workers before that.
        *("--workers-kill-timeout", "2"),
        *("--log-level", "warning", "--no-ws"),
        APPLICATION,
    )


def serve(settings: RuntimeSettings) -> NoReturn:
    """Become the web server: `zhen web`."""
    arguments = command(settings)
    os.execv(arguments[0], arguments)  # noqa: S606
