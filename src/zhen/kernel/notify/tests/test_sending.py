"""Messages: written with what they tell, delivered afterwards, each channel on its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.identity.api import User, actor_for
from zhen.kernel.jobs.testing import run_waiting
from zhen.kernel.lib import clock
from zhen.kernel.lib.registry import Entry
from zhen.kernel.notify.actions import mark_read, set_preferences, write_text
from zhen.kernel.notify.declarations import MESSAGE_TEMPLATES, MessageTemplate
from zhen.kernel.notify.models import Delivery, Message, State
from zhen.kernel.notify.outside import new_secret
from zhen.kernel.notify.queries import inbox, message, unread_count
from zhen.kernel.notify.sending import deliver, tell
from zhen.kernel.notify.tests.servers import Mailbox, Receiver
from zhen.kernel.pages.api import Missing

HELLO = MessageTemplate(
    id="test.hello", name="Hello", subject="Hello {who}", body="It is {what}.", fields=("who", "what")
)
VALUES = {"who": "you", "what": "done"}


@pytest.fixture(autouse=True)
def _template() -> Iterator[None]:
    held = MESSAGE_TEMPLATES._entries
    MESSAGE_TEMPLATES._entries = {**held, HELLO.id: Entry(owner="test", value=HELLO)}
    yield
    MESSAGE_TEMPLATES._entries = held


def say(*people: User, **given: Any) -> list[Message]:
    with transaction.atomic():
        return tell("test.hello", people, values=VALUES, **given)


def acting(user: User) -> Actor:
    return actor_for(user, day=clock.today())


def test_a_message_is_in_the_inbox_at_once(alice: User) -> None:
    say(alice, url="/desk/plan/")
    (found,) = inbox(acting(alice))
    assert (found.subject, found.body, found.url) == ("Hello you", "It is done.", "/desk/plan/")
    assert unread_count(acting(alice)) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_said(alice: User, mailbox: Mailbox) -> None:
    with transaction.atomic():
        tell("test.hello", [alice], values=VALUES)
        transaction.set_rollback(True)
    run_waiting()
    assert not Message.objects.exists()
    assert not mailbox.mail


@pytest.mark.django_db(transaction=True)
def test_a_message_goes_out_by_mail(alice: User, mailbox: Mailbox, settings: Any) -> None:
    settings.ZHEN_PUBLIC_URL = "https://town.example"
    say(alice, url="/desk/plan/")
    run_waiting()
    (mail,) = mailbox.mail
    assert mail["To"] == "alice@town.example"
    assert mail["Subject"] == "Hello you"
    assert "https://town.example/desk/plan/" in mail.get_payload(decode=True).decode()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries) == (State.SENT, 1)


def test_a_delivery_that_was_made_is_not_made_again(alice: User, mailbox: Mailbox) -> None:
    say(alice)
    delivery = Delivery.objects.get()
    deliver(delivery.pk)
    deliver(delivery.pk)
    assert len(mailbox.mail) == 1


def test_a_line_break_in_a_subject_makes_no_header(alice: User, mailbox: Mailbox) -> None:
    with transaction.atomic():
        tell("test.hello", [alice], values={"who": "you\r\nBcc: eve@evil.example", "what": "x"})
    deliver(Delivery.objects.get().pk)
    assert mailbox.mail[0]["Bcc"] is None


def test_an_address_that_the_server_refuses_is_given_up(alice: User, mailbox: Mailbox) -> None:
    mailbox.refused = {"alice@town.example"}
    say(alice)
    deliver(Delivery.objects.get().pk)
    delivery = Delivery.objects.get()
    assert delivery.state == State.FAILED
    assert "550" in delivery.last_error


def test_a_server_that_is_away_is_tried_again(alice: User, settings: Any) -> None:
    settings.ZHEN_SMTP_URL = "smtp://127.0.0.1:1"
    say(alice)
    deliver(Delivery.objects.get().pk)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries) == (State.WAITING, 1)
    for _try in range(7):
        deliver(delivery.pk)
    assert Delivery.objects.get().state == State.FAILED


def test_a_channel_without_settings_is_off(alice: User, settings: Any) -> None:
    settings.ZHEN_SMTP_URL = None
    say(alice)
    assert not Delivery.objects.exists()


def test_text_messages_of_a_demo_go_into_a_file_that_says_so(bob: User, settings: Any, tmp_path: Any) -> None:
    settings.ZHEN_SMTP_URL, settings.ZHEN_SMS_URL, settings.ZHEN_DEMO = None, None, True
    settings.ZHEN_SMS_FILE = tmp_path / "texts.jsonl"
    say(bob)
    deliver(Delivery.objects.get(channel="sms").pk)
    line = json.loads(settings.ZHEN_SMS_FILE.read_text())
    assert line["to"] == "13800001234"
    assert line["note"] == "demo: nothing was sent"


def test_outside_a_demo_there_is_no_such_file(bob: User, settings: Any) -> None:
    settings.ZHEN_SMTP_URL, settings.ZHEN_SMS_URL, settings.ZHEN_DEMO = None, None, False
    say(bob)
    assert not Delivery.objects.exists()


def test_text_messages_go_to_the_gateway_signed(bob: User, receiver: Receiver, settings: Any) -> None:
    settings.ZHEN_SMTP_URL = None
    settings.ZHEN_SMS_URL, settings.ZHEN_SMS_SECRET = f"{receiver.url}/sms", new_secret()
    say(bob)
    deliver(Delivery.objects.get().pk)
    (call,) = receiver.calls
    assert call.json["to"] == "13800001234"
    assert call.headers["webhook-signature"].startswith("v1,")


def test_people_switch_a_channel_off_but_not_the_inbox(alice: User, mailbox: Mailbox) -> None:
    set_preferences(acting(alice), alice, off=["email"])
    say(alice)
    assert not Delivery.objects.exists()
    assert unread_count(acting(alice)) == 1
    set_preferences(acting(alice), alice, off=[])
    say(alice)
    assert Delivery.objects.count() == 1


def test_nobody_sets_the_preferences_of_another_person(alice: User, bob: User) -> None:
    with pytest.raises(Denied):
        set_preferences(acting(bob), alice, off=["email"])


def test_the_same_thing_is_said_once(alice: User, bob: User) -> None:
    assert len(say(alice, key="plan.7")) == 1
    assert [message.recipient for message in say(alice, bob, key="plan.7")] == [bob]


def test_nobody_reads_the_messages_of_another_person(alice: User, bob: User) -> None:
    (told,) = say(alice)
    with pytest.raises(Missing):
        message(acting(bob), str(told.pk))
    mark_read(acting(bob), [told])
    assert unread_count(acting(alice)) == 1
    mark_read(acting(alice), [told])
    assert unread_count(acting(alice)) == 0


def test_machines_and_deactivated_people_are_told_nothing(alice: User) -> None:
    alice.is_active = False
    assert say(alice) == []


def test_the_town_words_its_own_messages_in_each_language(alice: User, bob: User) -> None:
    system = Actor.system("test")
    write_text(system, "test.hello", language="zh-hans", subject="您好，{who}", body="{what}")
    write_text(system, "test.hello", language="zh-hans", subject="{who}，您好", body="{what}")
    (to_bob,) = say(bob)
    (to_alice,) = say(alice)
    assert to_bob.subject == "you，您好"
    assert to_alice.subject == "Hello you"


def test_a_text_with_an_unknown_field_is_refused_by_name(db: None) -> None:
    with pytest.raises(ValidationError) as error:
        write_text(Actor.system("test"), "test.hello", language="en", subject="{whom}", body="x")
    assert "{whom}" in error.value.message_dict["subject"][0]
    assert "{who}" in error.value.message_dict["subject"][0]


@pytest.mark.django_db(transaction=True)
def test_the_worker_itself_enqueues_the_next_try(alice: User, settings: Any) -> None:
    settings.ZHEN_SMTP_URL = "smtp://127.0.0.1:1"
    say(alice)
    run_waiting()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at IS NOT NULL")
        assert cursor.fetchone() == (1,)
