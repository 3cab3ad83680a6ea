"""The pages of messages, texts, reminder rules, channels and webhooks."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from zhen.kernel.identity.api import Unit, User, actor_for
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib import clock
from zhen.kernel.lib.registry import Entry
from zhen.kernel.notify.api import MESSAGE_TEMPLATES, Message, MessageTemplate, tell, unread_count
from zhen.kernel.notify.models import Preference, Webhook, WebhookCall

pytestmark = pytest.mark.django_db
HELLO = MessageTemplate(id="test.hello", name="Hello", subject="Hello {who}", body="Good day.", fields=("who",))


@pytest.fixture(autouse=True)
def _template(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {**MESSAGE_TEMPLATES._entries, HELLO.id: Entry(owner="test", value=HELLO)}
    monkeypatch.setattr(MESSAGE_TEMPLATES, "_entries", entries)


@pytest.fixture
def office() -> Unit:
    return a_unit("office")


def signed_in(username: str, role: str, office: Unit, settings: Any) -> tuple[Client, User]:
    settings.ZHEN_DEMO = True
    user = a_user(username, is_demo=True, language="en")
    a_post(user, role, office)
    client = Client()
    client.post("/accounts/demo/", {"username": username})
    return client, user


@pytest.fixture
def sun(office: Unit, settings: Any) -> Client:
    client, _user = signed_in("sun", "system_administrator", office, settings)
    client.post("/accounts/elevation/", {"reason": "setting up a webhook"})
    return client


def say(user: User) -> Message:
    with transaction.atomic():
        return tell("test.hello", [user], values={"who": "you"}, url="/desk/")[0]


def test_opening_a_message_reads_it(office: Unit, settings: Any) -> None:
    client, user = signed_in("alice", "unit_clerk", office, settings)
    message = say(user)
    assert "Hello you" in client.get("/desk/notify/inbox/?read=new").content.decode()
    response = client.get(f"/desk/notify/inbox/{message.pk}/")
    assert "Good day." in response.content.decode()
    message.refresh_from_db()
    assert message.read_at is not None
    assert "Hello you" not in client.get("/desk/notify/inbox/?read=new").content.decode()


def test_a_message_of_somebody_else_is_not_there(office: Unit, settings: Any) -> None:
    client, _user = signed_in("alice", "unit_clerk", office, settings)
    message = say(a_user("bob"))
    assert client.get(f"/desk/notify/inbox/{message.pk}/").status_code == 404
    client.post("/desk/notify/inbox/", {"action": "read", "key": str(message.pk)})
    message.refresh_from_db()
    assert message.read_at is None


def test_many_messages_are_read_at_once(office: Unit, settings: Any) -> None:
    client, user = signed_in("alice", "unit_clerk", office, settings)
    keys = [str(say(user).pk) for _time in range(3)]
    assert client.post("/desk/notify/inbox/", {"action": "read", "key": keys}).status_code == 302
    assert not Message.objects.filter(read_at__isnull=True).exists()


def test_people_choose_their_channels(office: Unit, settings: Any) -> None:
    client, user = signed_in("alice", "unit_clerk", office, settings)
    assert client.get("/desk/notify/preferences/").status_code == 200
    assert client.post("/desk/notify/preferences/", {"wanted": ["email"]}).status_code == 302
    off = {preference.channel for preference in user_preferences(user)}
    assert off - {"dummy_pack.board"} == {"sms"}  # the dummy pack's channel is there where its tests are collected


def user_preferences(user: User) -> Any:
    return Preference.objects.filter(user=user)


def test_texts_are_previewed_and_written_anew(sun: Client) -> None:
    assert "〔who〕" in sun.get("/desk/notify/templates/test.hello/").content.decode()
    text = {"language": "en", "subject": "Dear {who}", "body": "Good day."}
    assert sun.post("/desk/notify/template_edit/test.hello/", text).status_code == 302
    assert "Dear 〔who〕" in sun.get("/desk/notify/templates/test.hello/").content.decode()
    wrong = sun.post("/desk/notify/template_edit/test.hello/", text | {"subject": "{whom}"})
    assert wrong.status_code == 422
    assert "subject" in wrong.context["form"].errors


def test_the_page_of_channels_says_what_is_missing(sun: Client, settings: Any) -> None:
    settings.ZHEN_SMTP_URL = None
    assert "ZHEN_SMTP_URL" in sun.get("/desk/notify/channels/").content.decode()


def test_a_webhook_is_set_up_tested_and_its_secret_shown_while_elevated(sun: Client, settings: Any) -> None:
    settings.ZHEN_PRIVATE_WEBHOOKS = True
    form = {"name": "Archive", "url": "http://127.0.0.1:1/in", "kinds": ["plan.*"], "active": "on"}
    assert sun.post("/desk/notify/webhook_new/", form).status_code == 302
    hook = Webhook.objects.get()
    page = f"/desk/notify/webhooks/{hook.pk}/"
    assert "whsec_" in sun.get(page).content.decode()
    assert sun.post(page, {"action": "test"}).status_code == 302
    assert WebhookCall.objects.get().webhook == hook
    assert sun.post(f"/desk/notify/webhook_edit/{hook.pk}/", form | {"kinds": ["nothing.*"]}).status_code == 422
    sun.post("/accounts/elevation/end/")
    response = sun.get(page)
    assert response.status_code == 200
    assert "whsec_" not in response.content.decode()
    assert sun.post(page, {"action": "test"}).status_code == 403


def test_an_inside_address_is_told_beside_the_field(sun: Client, settings: Any) -> None:
    settings.ZHEN_PRIVATE_WEBHOOKS = False
    form = {"name": "x", "url": "https://127.0.0.1/", "kinds": ["plan.*"], "active": "on"}
    response = sun.post("/desk/notify/webhook_new/", form)
    assert response.status_code == 422
    assert "url" in response.context["form"].errors


@pytest.mark.parametrize("page", ["templates", "rules", "channels", "webhooks", "webhook_new", "rule_new"])
def test_a_clerk_opens_none_of_these(office: Unit, settings: Any, page: str) -> None:
    client, _user = signed_in("alice", "unit_clerk", office, settings)
    assert client.get(f"/desk/notify/{page}/").status_code == 403


def test_counting_what_is_unread_costs_one_query(office: Unit, settings: Any, django_assert_num_queries: Any) -> None:
    _client, user = signed_in("alice", "unit_clerk", office, settings)
    say(user)
    actor = actor_for(user, day=clock.today())
    with django_assert_num_queries(1):
        assert unread_count(actor) == 1
