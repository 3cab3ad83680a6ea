"""A town of real servers and stand-ins for web and worker: on `ZHEN_HOME` and `ZHEN_PORT`.

The stand-ins do what the supervisor can see of the real ones: one serves HTTP with a forked
worker behind it, the other only lives.
"""

import asyncio
import os
import sys
from pathlib import Path

from zhen.runtime import lock, postgres, probes, up
from zhen.runtime.console import Console
from zhen.runtime.faults import Fault
from zhen.runtime.nats import prepare as prepare_nats
from zhen.runtime.supervisor import ChildSpec, Supervisor

WEB = """
import http.server, os, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"here")
    def log_message(self, *_): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Page)
if os.fork() == 0:
    server.serve_forever()
os.wait()
"""
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(3600)"


def run(home: Path, port: int) -> None:
    supervisor = Supervisor(home=home, console=Console())
    supervisor.stop_leftovers()
    with supervisor.stoppable():
        database = postgres.prepare(home, say=supervisor.console.say)
    asyncio.run(live(supervisor, database, port))


async def live(supervisor: Supervisor, database: postgres.Postgres, port: int) -> None:
    environment = dict(os.environ)
    messages = prepare_nats(supervisor.home, sync="2m")
    async with supervisor:
        await supervisor.start(up._postgres(database), up._nats(messages))
        python = (sys.executable, "-c")
        prepare = (*python, "print('one'); print('two')")
        await supervisor.run(ChildSpec(name="prepare", command=prepare, environment=environment))
        await supervisor.start(
            ChildSpec(
                name="web",
                command=(*python, WEB, str(port)),
                environment=environment,
                ready=probes.http("127.0.0.1", port, "/"),
            ),
            ChildSpec(name="worker", command=(*python, STUBBORN), environment=environment),
        )
        supervisor.console.say(f"ready in {supervisor.console.seconds():.1f} s")
        await supervisor.until_told_to_stop()


if __name__ == "__main__":
    try:
        directory = Path(os.environ["ZHEN_HOME"])
        with lock.hold(directory):
            run(directory, int(os.environ["ZHEN_PORT"]))
    except Fault as fault:
        sys.exit(f"zhen: {fault}")
