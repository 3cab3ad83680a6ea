"""Webhooks: CloudEvents, once for each event, signed, with patience."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.identity.api import create_unit, unseal
from zhen.kernel.jobs.testing import run_waiting
from zhen.kernel.journal.api import CONSUMERS, Event
from zhen.kernel.lib import clock
from zhen.kernel.notify import webhooks
from zhen.kernel.notify.actions import add_webhook, edit_webhook, renew_secret, test_webhook
from zhen.kernel.notify.models import State, Webhook, WebhookCall
from zhen.kernel.notify.outside import signature
from zhen.kernel.notify.tests.servers import Receiver
from zhen.kernel.notify.webhooks import call_webhook, queue_calls, wants

SYSTEM = Actor.system("test")
test_webhook.__test__ = False  # type: ignore[attr-defined]  # an action, not a test


@pytest.fixture
def hook(db: None, receiver: Receiver, settings: Any) -> Webhook:
    settings.ZHEN_PRIVATE_WEBHOOKS = True
    settings.ZHEN_PUBLIC_URL = "https://town.example"
    return add_webhook(SYSTEM, name="Archive", url=f"{receiver.url}/in", kinds=["identity.unit_created"])


def an_event(code: str = "care") -> Event:
    create_unit(SYSTEM, code=code, name="Care", under=None, since=clock.today())
    return Event.objects.filter(kind="identity.unit_created").latest("id")


def test_an_event_leaves_as_a_signed_cloud_event(hook: Webhook, receiver: Receiver) -> None:
    event = an_event()
    queue_calls([event])
    call_webhook(WebhookCall.objects.get().pk)
    (call,) = receiver.calls
    assert call.headers["content-type"].startswith("application/cloudevents+json")
    assert call.json == {
        "specversion": "1.0",
        "id": str(event.id),
        "source": "https://town.example",
        "type": "identity.unit_created",
        "subject": f"{event.subject_type}/{event.subject_id}",
        "time": event.at.isoformat(),
        "datacontenttype": "application/json",
        "data": event.data,
    }
    at = datetime.fromtimestamp(int(call.headers["webhook-timestamp"]), UTC)
    expected = signature(unseal(hook.secret), call.headers["webhook-id"], at, call.body)
    assert call.headers["webhook-signature"] == expected["webhook-signature"]


@pytest.mark.django_db(transaction=True)
def test_the_worker_makes_the_calls(hook: Webhook, receiver: Receiver) -> None:
    queue_calls([an_event()])
    run_waiting()
    assert len(receiver.calls) == 1
    assert WebhookCall.objects.get().state == State.SENT


def test_only_chosen_kinds_leave(hook: Webhook) -> None:
    other = Event.objects.exclude(kind="identity.unit_created").latest("id")
    queue_calls([other])
    assert not WebhookCall.objects.exists()


@pytest.mark.parametrize(
    ("kinds", "kind", "wanted"),
    [
        (["plan.*"], "plan.target.confirmed", True),
        (["plan.*"], "planning.done", False),
        (["plan.target.confirmed"], "plan.target.confirmed", True),
        (["plan.target"], "plan.target.confirmed", False),
        ([], "plan.target.confirmed", False),
    ],
)
def test_kinds_are_names_or_modules(kinds: list[str], kind: str, wanted: bool) -> None:
    assert wants(kinds, kind) is wanted


def test_a_receiver_in_trouble_is_called_again(hook: Webhook, receiver: Receiver) -> None:
    receiver.answers = [500, 503]
    queue_calls([an_event()])
    call = WebhookCall.objects.get()
    for state, status in ((State.WAITING, 500), (State.WAITING, 503), (State.SENT, 200)):
        call_webhook(call.pk)
        call.refresh_from_db()
        assert (call.state, call.status) == (state, status)
    call_webhook(call.pk)
    assert len(receiver.calls) == 3


def test_a_receiver_that_never_answers_is_given_up(hook: Webhook, receiver: Receiver) -> None:
    receiver.answers = [500] * 20
    queue_calls([an_event()])
    call = WebhookCall.objects.get()
    for _try in range(12):
        call_webhook(call.pk)
    call.refresh_from_db()
    assert (call.state, call.tries) == (State.FAILED, 8)


def test_a_webhook_switched_off_gets_nothing_more(hook: Webhook, receiver: Receiver) -> None:
    queue_calls([an_event()])
    edit_webhook(SYSTEM, hook, name=hook.name, url=hook.url, kinds=hook.kinds, active=False)
    call_webhook(WebhookCall.objects.get().pk)
    queue_calls([an_event("more")])
    assert not receiver.calls
    assert WebhookCall.objects.count() == 1


def test_a_test_says_that_it_is_one(hook: Webhook, receiver: Receiver) -> None:
    call = test_webhook(SYSTEM, hook)
    call_webhook(call.pk)
    assert receiver.calls[0].json["type"] == "notify.test"


def test_the_secret_is_sealed_and_can_be_renewed(hook: Webhook) -> None:
    before = unseal(hook.secret)
    assert before.startswith("whsec_")
    assert before not in str(Webhook.objects.values())
    assert unseal(renew_secret(SYSTEM, hook).secret) != before


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "https://127.0.0.1/", "https://10.0.0.1/x", "https://[::1]/"])
def test_an_address_inside_is_refused_when_it_is_typed(db: None, settings: Any, url: str) -> None:
    settings.ZHEN_PRIVATE_WEBHOOKS = False
    with pytest.raises(ValidationError) as error:
        add_webhook(SYSTEM, name="x", url=url, kinds=["identity.*"])
    assert list(error.value.message_dict) == ["url"]


def test_an_address_that_moved_inside_is_not_called(hook: Webhook, receiver: Receiver, settings: Any) -> None:
    """What was outside when it was typed is checked again at every call."""
    settings.ZHEN_PRIVATE_WEBHOOKS = False
    queue_calls([an_event()])
    call_webhook(WebhookCall.objects.get().pk)
    assert not receiver.calls
    assert WebhookCall.objects.get().state == State.FAILED


def test_an_unknown_kind_is_refused(db: None, settings: Any) -> None:
    settings.ZHEN_PRIVATE_WEBHOOKS = True
    with pytest.raises(ValidationError) as error:
        add_webhook(SYSTEM, name="x", url="http://127.0.0.1/", kinds=["weather.rain"])
    assert list(error.value.message_dict) == ["kinds"]


def test_nobody_else_sets_up_webhooks(db: None) -> None:
    with pytest.raises(Denied):
        add_webhook(replace(Actor.anonymous(), id=1), name="x", url="https://8.8.8.8/", kinds=["identity.*"])


def test_the_consumer_is_declared() -> None:
    assert CONSUMERS["notify.webhooks"].handle is webhooks.queue_calls
