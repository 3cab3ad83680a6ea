"""The connections of devices, asked and cut through the system account of the message server."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from nats.aio.client import Client
from nats.errors import TimeoutError as NatsTimeout

PAGE = 1_000
SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class Connection:
    server: str
    id: int
    user: str


async def connections(system: Client, user: str = "") -> list[Connection]:
    """The connections over MQTT (of one user), on every server."""
    found: list[Connection] = []
    offset = 0
    while True:
        asked = {"auth": True, "limit": PAGE, "offset": offset, **({"user": user} if user else {})}
        answers = await _ask_all(system, "$SYS.REQ.SERVER.PING.CONNZ", asked)
        more = False
        for told in answers:
            rows = told.get("data", {}).get("connections") or []
            more = more or len(rows) == PAGE
            found += [
                Connection(server=told["server"]["id"], id=row["cid"], user=row.get("authorized_user", ""))
                for row in rows
                if row.get("mqtt_client")
            ]
        if not more:
            return found
        offset += PAGE


async def cut(system: Client, connection: Connection) -> None:
    """Close a connection. One that is gone already is no fault."""
    subject = f"$SYS.REQ.SERVER.{connection.server}.KICK"
    await system.request(subject, json.dumps({"cid": connection.id}).encode(), timeout=SECONDS)


async def _ask_all(system: Client, subject: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers of all servers: as many as come until none comes for a while."""
    inbox = system.new_inbox()
    heard = await system.subscribe(inbox)
    found: list[dict[str, Any]] = []
    try:
        await system.publish(subject, json.dumps(asked).encode(), reply=inbox)
        wait = SECONDS
        while True:
            try:
                message = await heard.next_msg(timeout=wait)
            except (TimeoutError, NatsTimeout):
                return found
            found.append(json.loads(message.data))
            wait = 0.2
    finally:
        await heard.unsubscribe()
