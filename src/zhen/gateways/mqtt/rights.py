"""What a device may do on the message server, as the claims that the server understands. Pure.

A device publishes its own topics and those of the devices behind it, and hears its own commands (docs/adr/0062).
"""

from __future__ import annotations

from typing import Any

from zhen.kernel.telemetry.api import Admission

MOST_BYTES = 16_384
"""The largest message of a device; the ingest refuses larger ones too."""
ACCOUNT = "$G"
"""The account that devices and the application share: the one of a server without accounts."""


def claims(admission: Admission, user_key: str) -> dict[str, Any]:
    """The claims of the user that a device becomes for one connection."""
    codes = (admission.code, *admission.parts)
    return {
        "sub": user_key,
        "aud": ACCOUNT,
        "name": admission.code,
        "nats": {
            "pub": {
                "allow": [f"{kind}.{code}.>" for code in codes for kind in ("d", "q", "homeassistant.*")],
                "deny": [subject for code in codes for subject in (f"d.{code}.c", f"d.{code}.c.>")],
            },
            # the filter d/CODE/c/# is two subjects: the topic itself, and what is below it
            "sub": {"allow": [subject for code in codes for subject in (f"d.{code}.c", f"d.{code}.c.>")]},
            "subs": 2 * len(codes) + 8,
            "data": -1,
            "payload": MOST_BYTES,
            "type": "user",
            "version": 2,
        },
    }


def answer(request: dict[str, Any], *, user: str = "", error: str = "") -> dict[str, Any]:
    """The claims of an answer to the server: the user's JWT, or why nobody is let in."""
    told = {"jwt": user} if user else {"error": error}
    return {
        "sub": request["user_nkey"],
        "aud": request["server_id"]["id"],
        "nats": {"type": "authorization_response", "version": 2, **told},
    }
