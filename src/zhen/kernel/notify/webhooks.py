"""Webhooks: events of the journal leave as CloudEvents 1.0, signed, once each, with patience.

Source: CloudEvents 1.0.2, structured mode in JSON (https://github.com/cloudevents/spec).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction

from zhen.kernel.identity.api import unseal
from zhen.kernel.jobs.api import enqueue
from zhen.kernel.journal.api import Event
from zhen.kernel.lib import clock
from zhen.kernel.notify.models import State, Webhook, WebhookCall
from zhen.kernel.notify.outside import Unreachable, post, signature
from zhen.kernel.notify.rules import next_try

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"


def wants(kinds: Collection[str], kind: str) -> bool:
    """Whether a webhook asks for a kind: by its name, or by "module.*"."""
    return any(kind == wanted or (wanted.endswith(".*") and kind.startswith(wanted[:-1])) for wanted in kinds)


def cloud_event(event: Event) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": str(event.id),
        "source": settings.ZHEN_PUBLIC_URL,
        "type": event.kind,
        "subject": f"{event.subject_type}/{event.subject_id}",
        "time": event.at.isoformat(),
        "datacontenttype": "application/json",
        "data": event.data,
    }


def queue_calls(events: Sequence[Event]) -> None:
    """The journal's consumer: one call for each event and each webhook that asks for it."""
    hooks = list(Webhook.objects.filter(active=True))
    for hook in hooks:
        for event in events:
            if wants(hook.kinds, event.kind):
                queue(hook, cloud_event(event), event=event.id)


def queue(hook: Webhook, told: dict[str, Any], *, event: int | None) -> WebhookCall:
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    call = WebhookCall.objects.create(webhook=hook, event=event, body=body, created_at=clock.now())
    enqueue("notify.call_webhook", call=call.pk)
    return call


def call_webhook(call: int) -> None:
    """Try one call. The row stays locked meanwhile, so that no second worker makes it too."""
    with transaction.atomic():
        row = (
            WebhookCall.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("webhook")
            .filter(pk=call, state=State.WAITING)
            .first()
        )
        if row is None:
            return
        row.tries += 1
        try:
            if not row.webhook.active:
                raise Unreachable("the webhook was switched off", final=True)
            row.status = _call(row)
        except Unreachable as error:
            row.status, row.last_error = error.status, str(error)[:300]
            at = None if error.final else next_try(row.tries, clock.now())
            if at is None:
                row.state, row.done_at = State.FAILED, clock.now()
            else:
                enqueue("notify.call_webhook", at=at, call=row.pk)
        else:
            row.state, row.done_at, row.last_error = State.SENT, clock.now(), ""
        row.save()


def _call(row: WebhookCall) -> int:
    body = row.body.encode()
    signed = signature(unseal(row.webhook.secret), f"zhen.{row.pk}", clock.now(), body)
    return post(row.webhook.url, body, {**signed, "Content-Type": CONTENT_TYPE}, private=settings.ZHEN_PRIVATE_WEBHOOKS)
