"""What one device, one address and all of them together may take."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Seconds, bytes and counts. A town's devices send a frame in some seconds; a test sends some hundred at once.

    A connection that is faster is read more slowly, so that its device feels it; a datagram that
    comes too fast is dropped and counted, and its device sends it again.
    """

    idle: float = 600.0
    quiet: float = 1.0
    """How long half a frame may wait for its other half."""
    bytes_per_second: float = 65_536
    bytes_at_once: float = 262_144
    frames_per_second: float = 50
    frames_at_once: float = 500
    connections: int = 5_000
    connections_per_address: int = 200
    garbage: int = 65_536
    """Bytes that belong to no frame, until the connection is closed."""
    answer_within: float = 10.0
    """Until an order is sent again (6.5: at most 10 s)."""
    attempts: int = 4
    """The first and three more (6.5)."""


@dataclass(kw_only=True)
class Bucket:
    """A token bucket: so much per second, so much at once. `now` in seconds of any steady clock."""

    rate: float
    size: float
    filled: float = field(init=False)
    at: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self.filled = self.size

    def wait_for(self, amount: float, *, now: float) -> float:
        """Take `amount`, and say how long to wait before the next."""
        self.filled = min(self.size, self.filled + (now - self.at) * self.rate) - amount
        self.at = now
        return max(0.0, -self.filled / self.rate)

    def take(self, amount: float, *, now: float) -> bool:
        """Take `amount` if it is there."""
        available = min(self.size, self.filled + (now - self.at) * self.rate)
        if available < amount:
            return False
        self.filled, self.at = available - amount, now
        return True


@dataclass(kw_only=True)
class Doorkeeper:
    """How many connections are open, altogether and from each address."""

    limits: Limits
    open: Counter[str] = field(default_factory=Counter)

    def admit(self, address: str) -> bool:
        if self.open.total() >= self.limits.connections or self.open[address] >= self.limits.connections_per_address:
            return False
        self.open[address] += 1
        return True

    def leave(self, address: str) -> None:
        self.open[address] -= 1
        if not self.open[address]:
            del self.open[address]
