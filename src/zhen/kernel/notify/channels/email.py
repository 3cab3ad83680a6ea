"""E-mail by SMTP, at the address of ZHEN_SMTP_URL."""

from __future__ import annotations

import smtplib
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhen.kernel.identity.api import User
from zhen.kernel.lib.problems import Problem
from zhen.kernel.notify.declarations import Channel, Letter, NotSent

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
TIMEOUT = 10


def connection(url: str) -> EmailBackend:
    parts = urlsplit(url)
    return EmailBackend(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parts.scheme == "smtp+starttls",
        use_ssl=parts.scheme == "smtps",
        timeout=TIMEOUT,
    )


def send(address: str, letter: Letter) -> None:
    message = EmailMessage(
        subject=" ".join(letter.subject.split()),
        body=f"{letter.body}\n\n{letter.url}" if letter.url else letter.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        headers={"Message-ID": f"<{letter.key}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"},
        connection=connection(settings.ZHEN_SMTP_URL or ""),
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, _text = next(iter(error.recipients.values()))
        raise NotSent(f"the mail server refuses the address ({code})", final=code >= 500) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"the mail server cannot be used: {error}"[:300]) from error


def check_config() -> list[Problem]:
    if settings.ZHEN_SMTP_URL:
        return []
    return [
        Problem(where=gettext("e-mail"), what=gettext("no mail server is set"), remedy=gettext("Set ZHEN_SMTP_URL"))
    ]


def address_of(user: User) -> str:
    return user.email


EMAIL = Channel(id="email", name=_("e-mail"), send=send, address_of=address_of, check_config=check_config)
