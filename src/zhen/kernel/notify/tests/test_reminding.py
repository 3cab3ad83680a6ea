"""Reminders: the town's rules on what is due, each sent exactly once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import User
from zhen.kernel.identity.testing import a_post, a_unit
from zhen.kernel.lib import clock
from zhen.kernel.lib.registry import Entry
from zhen.kernel.notify.actions import save_rule
from zhen.kernel.notify.declarations import MESSAGE_TEMPLATES, REMINDER_SOURCES, Due, MessageTemplate, ReminderSource
from zhen.kernel.notify.models import Message, ReminderRule
from zhen.kernel.notify.reminding import remind

DUE = date(2024, 6, 28)
SOON = MessageTemplate(
    id="test.soon", name="Soon", subject="{what} is due on {due}", body="{what}", fields=("what", "due")
)
THINGS: list[Due] = []


def due_between(first: date, last: date) -> Iterable[Due]:
    return [thing for thing in THINGS if first <= thing.due <= last]


@pytest.fixture(autouse=True)
def _declared() -> Iterator[None]:
    held = MESSAGE_TEMPLATES._entries, REMINDER_SOURCES._entries
    source = ReminderSource(id="test.things", name="Things", template=SOON.id, due=due_between)
    MESSAGE_TEMPLATES._entries = {**held[0], SOON.id: Entry(owner="test", value=SOON)}
    REMINDER_SOURCES._entries = {source.id: Entry(owner="test", value=source)}
    THINGS.clear()
    yield
    MESSAGE_TEMPLATES._entries, REMINDER_SOURCES._entries = held


def rule(offset: int, role: str = "", *, working_days: bool = True) -> ReminderRule:
    return save_rule(
        Actor.system("test"),
        None,
        source="test.things",
        offset=offset,
        role=role,
        channels=[],
        working_days=working_days,
        active=True,
    )


def on(day: date) -> list[str]:
    """What is sent on a day."""
    before = set(Message.objects.values_list("pk", flat=True))
    with clock.frozen(datetime(day.year, day.month, day.day, 8, tzinfo=clock.TOWN_ZONE)):
        remind()
    return [message.subject for message in Message.objects.exclude(pk__in=before)]


def test_a_week_before_the_date_its_people_are_reminded(alice: User) -> None:
    rule(-7)
    THINGS.append(Due(subject=("test.thing", "1"), due=DUE, people=frozenset({alice.pk}), values={"what": "Bridge"}))
    assert on(DUE - timedelta(days=8)) == []
    assert on(DUE - timedelta(days=7)) == ["Bridge is due on 2024-06-28"]
    assert on(DUE - timedelta(days=7)) == []
    assert on(DUE - timedelta(days=6)) == []


def test_a_new_date_is_reminded_of_anew(alice: User) -> None:
    rule(-7)
    THINGS.append(Due(subject=("test.thing", "1"), due=DUE, people=frozenset({alice.pk})))
    on(DUE - timedelta(days=7))
    later = DUE + timedelta(days=28)
    THINGS[:] = [Due(subject=("test.thing", "1"), due=later, people=frozenset({alice.pk}))]
    assert len(on(later - timedelta(days=7))) == 1


def test_a_worker_that_was_down_catches_up_but_says_nothing_stale(alice: User) -> None:
    rule(-3)
    THINGS.append(Due(subject=("test.thing", "1"), due=DUE, people=frozenset({alice.pk})))
    assert len(on(DUE - timedelta(days=1))) == 1
    THINGS[:] = [Due(subject=("test.thing", "2"), due=DUE, people=frozenset({alice.pk}))]
    assert on(DUE + timedelta(days=1)) == []


def test_the_head_of_the_unit_hears_of_what_is_late(alice: User, bob: User) -> None:
    office, other = a_unit("office"), a_unit("other")
    a_post(bob, "unit_head", office)
    a_post(alice, "unit_head", other)
    rule(3, "unit_head")
    THINGS.append(Due(subject=("test.thing", "1"), due=DUE, units=frozenset({office.pk})))
    on(DUE + timedelta(days=3))
    assert [message.recipient for message in Message.objects.all()] == [bob]


def test_on_a_day_off_nobody_is_disturbed(alice: User) -> None:
    rule(-6)
    saturday = DUE - timedelta(days=6)
    THINGS.append(Due(subject=("test.thing", "1"), due=DUE, people=frozenset({alice.pk})))
    assert len(on(saturday - timedelta(days=1))) == 1
    assert on(saturday) == []


def test_a_rule_that_is_switched_off_sends_nothing(alice: User) -> None:
    found = rule(-7)
    ReminderRule.objects.filter(pk=found.pk).update(active=False)
    THINGS.append(Due(subject=("test.thing", "1"), due=DUE, people=frozenset({alice.pk})))
    assert on(DUE - timedelta(days=7)) == []


def test_a_rule_of_a_removed_pack_waits(alice: User) -> None:
    found = rule(-7)
    ReminderRule.objects.filter(pk=found.pk).update(source="gone.things")
    assert on(DUE - timedelta(days=7)) == []


def test_a_rule_names_what_there_is(db: None) -> None:
    system = Actor.system("test")
    good: dict[str, Any] = {
        "source": "test.things",
        "offset": -7,
        "role": "",
        "channels": [],
        "working_days": True,
        "active": True,
    }
    for field, bad in (("source", "x.y"), ("role", "king"), ("channels", ["pigeon"]), ("offset", 999)):
        with pytest.raises(ValidationError) as error:
            save_rule(system, None, **(good | {field: bad}))
        assert field in error.value.message_dict or "__all__" in error.value.message_dict
