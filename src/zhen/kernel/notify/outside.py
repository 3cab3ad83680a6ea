"""Signed calls to addresses that people typed: never into our own network, never without an end.

Signatures follow Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over
"id.timestamp.body", in the header `webhook-signature` as "v1,<base64>".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import secrets
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

import httpx

SECRET_PREFIX = "whsec_"  # noqa: S105 marks keys, is none
CONNECT, READ, WHOLE = 5.0, 10.0, 20.0
ANSWER_AT_MOST = 64 * 1024


class Unreachable(Exception):
    """A call did not go through. Remedy: it is tried again, unless `final` says that this is no use."""

    def __init__(self, reason: str, *, status: int | None = None, final: bool = False) -> None:
        self.status = status
        self.final = final
        super().__init__(reason)


@dataclass(frozen=True, kw_only=True)
class Target:
    """A checked address: what was typed, and the one network address that it may be reached at."""

    url: SplitResult
    host: str
    port: int
    address: str


def new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers that prove who sent a body, and when."""
    stamp = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.new(key, b".".join((id.encode(), stamp.encode(), body)), hashlib.sha256).digest()
    return {
        "webhook-id": id,
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }


def target(url: str, *, private: bool) -> Target:
    """Resolve an address once and refuse what lies inside: the call then goes to just that address.

    Asking the name service again at the call would let a name answer differently the second time.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("https", *(("http",) if private else ())):
        raise Unreachable("only https addresses are called", final=True)
    if not parts.hostname or parts.username or parts.password:
        raise Unreachable("the address has no host, or a password in it", final=True)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, ValueError) as error:
        raise Unreachable(f"the host name cannot be resolved: {error}") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not private:
        inside = [address for address in addresses if not is_outside(address)]
        if inside:
            raise Unreachable(f"{inside[0]} lies in a private network", final=True)
    return Target(url=parts, host=parts.hostname, port=port, address=addresses[0])


def is_outside(address: str) -> bool:
    """Whether an address is on the public internet: not ours, not the machine's, not a cloud's metadata."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        embedded = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if embedded:
            found = embedded
    return found.is_global and not found.is_multicast


def post(url: str, body: bytes, headers: Mapping[str, str], *, private: bool) -> int:
    """POST a body and give the status of the answer (2xx); anything else is `Unreachable`."""
    to = target(url, private=private)
    literal = f"[{to.address}]" if ":" in to.address else to.address
    path = (to.url.path or "/") + (f"?{to.url.query}" if to.url.query else "")
    asked = {**headers, "Host": to.url.netloc, "User-Agent": "Zhen", "Accept-Encoding": "identity"}
    started = time.monotonic()
    try:
        with (
            httpx.Client(timeout=httpx.Timeout(READ, connect=CONNECT), trust_env=False) as client,
            client.stream(
                "POST",
                f"{to.url.scheme}://{literal}:{to.port}{path}",
                content=body,
                headers=asked,
                extensions={"sni_hostname": to.host},
            ) as answer,
        ):
            size = 0
            for chunk in answer.iter_raw():
                size += len(chunk)
                if size > ANSWER_AT_MOST or time.monotonic() - started > WHOLE:
                    break
    except httpx.HTTPError as error:
        raise Unreachable(f"{type(error).__name__}: {error}"[:300]) from error
    if not answer.is_success:
        final = answer.status_code == 410  # Gone: the receiver wants no more
        raise Unreachable(f"the answer was {answer.status_code}", status=answer.status_code, final=final)
    return answer.status_code
