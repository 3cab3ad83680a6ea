"""Text messages: by an HTTP gateway, or, in a demo without one, into a file that says so.

The gateway gets `POST {"id", "to", "text"}` as JSON, signed as `outside` describes. Operators differ;
a small adapter of the town's own stands between.
"""

from __future__ import annotations

import json

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhen.kernel.identity.api import User
from zhen.kernel.lib import clock
from zhen.kernel.lib.problems import Problem
from zhen.kernel.notify.declarations import Channel, Letter, NotSent
from zhen.kernel.notify.outside import Unreachable, post, signature


def send(address: str, letter: Letter) -> None:
    if settings.ZHEN_SMS_URL:
        _by_gateway(settings.ZHEN_SMS_URL, address, letter)
    else:
        _into_file(address, letter)


def _by_gateway(url: str, address: str, letter: Letter) -> None:
    body = json.dumps(_told(address, letter), ensure_ascii=False).encode()
    signed = signature(settings.ZHEN_SMS_SECRET, letter.key, clock.now(), body)
    try:
        # set by whoever runs the machine, not typed into a page: it may well stand in the own network
        post(url, body, {**signed, "Content-Type": "application/json"}, private=True)
    except Unreachable as error:
        raise NotSent(f"the text message gateway: {error}", final=error.status == 400) from error


def _into_file(address: str, letter: Letter) -> None:
    line = {**_told(address, letter), "at": clock.now().isoformat(), "note": "demo: nothing was sent"}
    try:
        with settings.ZHEN_SMS_FILE.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as error:
        raise NotSent(f"the demo's file of text messages cannot be written: {error}") from error


def _told(address: str, letter: Letter) -> dict[str, str]:
    return {"id": letter.key, "to": address, "text": f"{letter.subject}：{letter.body}"[:500]}


def check_config() -> list[Problem]:
    if settings.ZHEN_SMS_URL and not settings.ZHEN_SMS_SECRET.startswith("whsec_"):
        return [
            Problem(
                where=gettext("text message"),
                what=gettext("the gateway has no secret"),
                remedy=gettext("Set ZHEN_SMS_SECRET to whsec_ and 32 random bytes in base64"),
            )
        ]
    if settings.ZHEN_SMS_URL or settings.ZHEN_DEMO:
        return []
    return [
        Problem(
            where=gettext("text message"),
            what=gettext("no gateway is set"),
            remedy=gettext("Set ZHEN_SMS_URL and ZHEN_SMS_SECRET"),
        )
    ]


def address_of(user: User) -> str:
    return user.phone


SMS = Channel(id="sms", name=_("text message"), send=send, address_of=address_of, check_config=check_config)
