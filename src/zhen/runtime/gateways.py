"""Where gateways listen: what the environment says, else what is free, kept from run to run."""

from dataclasses import dataclass

from zhen.runtime import ports, probes
from zhen.runtime.files import read_state, write_state
from zhen.runtime.settings import RuntimeSettings

USUAL_PORT = 26_875
"""The standard names no port; this one is easy to remember."""


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """The ports of one gateway; `health_port` answers probes on the loopback interface."""

    port: int
    health_port: int

    @property
    def environment(self) -> dict[str, str]:
        return {"ZHEN_GB26875_PORT": str(self.port), "ZHEN_GB26875_HEALTH_PORT": str(self.health_port)}

    @property
    def ready(self) -> probes.Probe:
        return probes.http(ports.LOOPBACK, self.health_port, "/healthz")


def prepare(settings: RuntimeSettings) -> Gateway:
    """Choose the ports of the fire alarm gateway, and write them where people and tests find them."""
    file = settings.home / "gb26875.json"
    kept = read_state(file)
    chosen = settings.gb26875_port or _keep_or_usual(kept.get("port"))
    gateway = Gateway(
        port=chosen, health_port=settings.gb26875_health_port or ports.keep_or_choose(kept.get("health_port"))
    )
    write_state(file, {"port": gateway.port, "health_port": gateway.health_port})
    return gateway


def _keep_or_usual(recorded: object) -> int:
    """The recorded port; else the usual one; else one that is free."""
    for port in (recorded, USUAL_PORT):
        if isinstance(port, int) and ports.is_free(port):
            return port
    return ports.free_port()
