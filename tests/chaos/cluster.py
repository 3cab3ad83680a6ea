"""Three message servers on the loopback that keep everything three times; each may be killed, and comes again."""

from __future__ import annotations

import contextlib
import json
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from zhen.runtime import nats, ports, processes
from zhen.runtime.files import read_state, write_private, write_state

NODES = 3
DEVICES = "$MQTT_msgs"
SILENT_FOR = 20.0
"""Seconds: a server whose disk was full lives on and refuses everything until it is started anew."""


@dataclass
class Cluster:
    home: Path
    nodes: list[nats.Nats] = field(default_factory=list)
    running: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)
    _ready_at: dict[int, float] = field(default_factory=dict)

    @classmethod
    def make(cls, home: Path) -> Cluster:
        """Servers as `zhen up` prepares its own, with the same passwords, and routes to each other."""
        cluster = cls(home)
        routes = [ports.free_port() for _node in range(NODES)]
        secrets: dict[str, object] = {}
        for number, route in enumerate(routes):
            place = home / f"nats-{number}"
            place.mkdir(parents=True)
            write_state(place / "nats.json", secrets)
            node = nats.prepare(place)
            known = read_state(place / "nats.json")
            secrets = {name: known[name] for name in ("password", "system_password", "issuer_seed")}
            document = json.loads(node.configuration.read_text())
            document["server_name"] = f"n{number}"
            document["mqtt"]["stream_replicas"] = NODES
            document["cluster"] = {
                "name": "chaos",
                "listen": f"{ports.LOOPBACK}:{route}",
                "routes": [f"nats://{ports.LOOPBACK}:{other}" for other in routes],
            }
            write_private(node.configuration, json.dumps(document))
            cluster.nodes.append(node)
        return cluster

    def start(self, number: int) -> None:
        node = self.nodes[number]
        self.running[number] = processes.spawn(
            node.command, output=self.home / f"nats-{number}.log", environment=node.environment
        )

    def environment(self) -> dict[str, str]:
        """For a town that uses this cluster."""
        issuer = self.home / "issuer"
        write_private(issuer, self.nodes[0].issuer_seed)
        return {
            "NATS_URL": ",".join(node.url for node in self.nodes),
            "MQTT_URL": self.nodes[0].mqtt_url,
            "ZHEN_NATS_SYSTEM_URL": ",".join(node.system_url for node in self.nodes),
            "ZHEN_NATS_ISSUER_FILE": str(issuer),
            "ZHEN_NATS_REPLICAS": str(NODES),
        }

    def doors(self) -> list[tuple[str, int]]:
        return [(node.mqtt_host, node.mqtt_port) for node in self.nodes]

    def leader(self) -> int | None:
        """Who leads the stream of the devices' messages, if anybody knows."""
        for number in self.alive():
            with contextlib.suppress(OSError, ValueError, KeyError):
                address = f"http://{ports.LOOPBACK}:{self.nodes[number].monitor_port}/jsz?streams=true&accounts=true"
                with urllib.request.urlopen(address, timeout=2) as answer:
                    told = json.load(answer)
                for account in told["account_details"]:
                    for stream in account.get("stream_detail", ()):
                        if stream["name"] == DEVICES and stream["cluster"].get("leader"):
                            return int(stream["cluster"]["leader"].removeprefix("n"))
        return None

    def alive(self) -> list[int]:
        return [number for number, process in self.running.items() if process.poll() is None]

    def kill(self, number: int) -> None:
        self.running[number].kill()
        self.running[number].wait()

    def mend(self) -> None:
        """Start what died, and anew what has not been ready for long, as whoever looks after the machines would."""
        for number, node in enumerate(self.nodes):
            if number in self.alive() and not node.is_ready():
                if time.monotonic() - self._ready_at[number] < SILENT_FOR:
                    continue
                self.kill(number)
            if number not in self.alive():
                self.start(number)
            self._ready_at[number] = time.monotonic()

    def all_ready(self) -> bool:
        return all(node.is_ready() for node in self.nodes)

    def state(self) -> str:
        """What each says of itself and wrote last, for whoever looks into a failure."""
        told: list[str] = []
        for number, node in enumerate(self.nodes):
            alive, ready = number in self.alive(), node.is_ready()
            told.append(f"n{number}: alive {alive}, ready {ready}, leader of devices: {self.leader()}")
            told += (self.home / f"nats-{number}.log").read_text(errors="replace").splitlines()[-40:]
        return "\n".join(told)


@contextlib.contextmanager
def three_servers(home: Path) -> Iterator[Cluster]:
    cluster = Cluster.make(home)
    try:
        cluster.mend()
        deadline = time.monotonic() + 60
        while not cluster.all_ready():
            assert time.monotonic() < deadline, "the three servers are not ready"
            time.sleep(0.2)
        yield cluster
    except BaseException:
        print(cluster.state())
        raise
    finally:
        for number in cluster.alive():
            cluster.kill(number)
