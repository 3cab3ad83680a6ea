"""Telling people something: the message is written with what it tells, and delivered by jobs afterwards.

`tell` belongs inside another module's action, in its transaction: what is rolled back was never said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import translation

from zhen.kernel.identity.api import User
from zhen.kernel.jobs.api import enqueue
from zhen.kernel.journal.api import subject_of
from zhen.kernel.lib import clock
from zhen.kernel.notify.declarations import CHANNELS, MESSAGE_TEMPLATES, Channel, Letter, NotSent
from zhen.kernel.notify.models import Delivery, Message, Preference, State, TemplateText
from zhen.kernel.notify.rules import next_try
from zhen.kernel.notify.texts import filled


def tell(
    template: str,
    to: Iterable[User],
    *,
    values: Mapping[str, str],
    about: models.Model | tuple[str, object] | None = None,
    url: str = "",
    key: str = "",
    channels: Collection[str] = (),
) -> list[Message]:
    """Write a message to each person, once for each `key`; gives the new ones.

    `url` is a path in this system. `channels` narrows where it goes beside the inbox.
    """
    assert connection.in_atomic_block, "tell people in the transaction of what you tell them"
    people = [user for user in to if user.is_active and not user.is_machine]
    told = set(Message.objects.filter(key__in=[f"{key}:{user.pk}" for user in people]).values_list("key", flat=True))
    off = set(Preference.objects.filter(user__in=people).values_list("user_id", "channel"))
    ways = [way for way in CHANNELS if (not channels or way.id in channels) and not way.check_config()]
    written = []
    for user in people:
        own_key = f"{key}:{user.pk}" if key else None
        if own_key in told:
            continue
        message = _write(template, user, values, about, url, own_key)
        for way in ways:
            if way.address_of(user) and not (way.optional and (user.pk, way.id) in off):
                delivery = Delivery.objects.create(message=message, channel=way.id)
                enqueue("notify.deliver", delivery=delivery.pk)
        written.append(message)
    return written


def text_of(template: str, language: str) -> tuple[str, str]:
    """Subject and body in a language: the town's newest version, else as shipped."""
    own = TemplateText.objects.filter(template=template, language=language).order_by("-version").first()
    if own is not None:
        return own.subject, own.body
    with translation.override(language):
        shipped = MESSAGE_TEMPLATES[template]
        return str(shipped.subject), str(shipped.body)


def deliver(delivery: int) -> None:
    """Try one delivery. The row stays locked meanwhile, so that no second worker sends it too."""
    with transaction.atomic():
        row = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("message__recipient")
            .filter(pk=delivery, state=State.WAITING)
            .first()
        )
        if row is None:
            return
        way = CHANNELS.get(row.channel)
        try:
            if way is None:
                raise NotSent("there is no such channel any more", final=True)
            _hand_over(way, row.message)
        except NotSent as error:
            _again(row, error)
        else:
            row.state, row.sent_at, row.last_error = State.SENT, clock.now(), ""
            row.tries += 1
        row.save()


def _hand_over(way: Channel, message: Message) -> None:
    address = way.address_of(message.recipient)
    if not address or not message.recipient.is_active:
        raise NotSent("the person has no address on this channel any more", final=True)
    letter = Letter(
        key=f"zhen.{message.pk}",
        subject=message.subject,
        body=message.body,
        url=f"{settings.ZHEN_PUBLIC_URL}{message.url}" if message.url else "",
    )
    way.send(address, letter)


def _again(row: Delivery, error: NotSent) -> None:
    row.tries += 1
    row.last_error = str(error)[:300]
    at = None if error.final else next_try(row.tries, clock.now())
    if at is None:
        row.state = State.FAILED
    else:
        enqueue("notify.deliver", at=at, delivery=row.pk)


def _write(
    template: str,
    user: User,
    values: Mapping[str, str],
    about: models.Model | tuple[str, object] | None,
    url: str,
    key: str | None,
) -> Message:
    subject, body = text_of(template, user.language)
    about_type, about_id = subject_of(about) if about is not None else ("", "")
    with translation.override(user.language):
        return Message.objects.create(
            recipient=user,
            template=template,
            language=user.language,
            subject=filled(subject, values)[:300],
            body=filled(body, values),
            url=url,
            about_type=about_type,
            about_id=about_id,
            key=key,
            created_at=clock.now(),
        )
