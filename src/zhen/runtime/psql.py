"""`zhen psql`: open the town's database with the psql that came with the server.

As the application by default; `--superuser` is for the person who runs the machine, and works with the
embedded server only. Everything after `--` goes to psql.
"""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Sequence
from urllib.parse import quote

from zhen.runtime import binaries, postgres
from zhen.runtime import settings as runtime_settings
from zhen.runtime.faults import Fault
from zhen.runtime.files import read_state
from zhen.runtime.place import server_place
from zhen.runtime.ports import LOOPBACK


class NoDatabase(Fault):
    """No town has been started in {home} yet, and DATABASE_URL is not set. Run `zhen up` first."""


class NotEmbedded(Fault):
    """DATABASE_URL leads to a database of your own: Zhen does not know its superuser. Use your own psql."""


def main(arguments: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser(prog="zhen psql", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--superuser", action="store_true", help="as the superuser of the embedded server")
    parser.add_argument("rest", nargs="*", help="more for psql, after --")
    options = parser.parse_args(arguments)
    try:
        settings = runtime_settings.load()
        address = _address(settings, superuser=options.superuser)
        program = _program(settings)
    except Fault as fault:
        print(f"zhen: {fault}")
        return 1
    return os.execv(program, [program, address, *options.rest])  # noqa: S606  psql takes over this process


def _address(settings: runtime_settings.RuntimeSettings, *, superuser: bool) -> str:
    if superuser and settings.database_url:
        raise NotEmbedded
    address = settings.known_database_url
    if address is None:
        raise NoDatabase(home=settings.home)
    if not superuser:
        return address
    state = read_state(settings.home / "postgres.json")
    password = quote(str(state["superuser_password"]), safe="")
    return f"postgresql://{postgres.SUPERUSER}:{password}@{LOOPBACK}:{state['port']}/{postgres.DATABASE}"


def _program(settings: runtime_settings.RuntimeSettings) -> str:
    """The psql of the embedded server, or the machine's own where the database is elsewhere."""
    own = shutil.which("psql")
    if settings.database_url and own:
        return own
    place = server_place(settings.home, lambda _line: None)
    return binaries.find(place, settings.pg_bin, lambda _line: None).program("psql")
