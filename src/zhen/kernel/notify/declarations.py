"""Message templates, channels and sources of reminders as modules and packs declare them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from zhen.kernel.lib.problems import Problem
from zhen.kernel.lib.registry import Entry, Registry
from zhen.kernel.notify.texts import faults_of

if TYPE_CHECKING:
    from zhen.kernel.identity.api import User

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class MessageTemplate:
    """A message as it is shipped; the town edits its own version of it, per language.

    `subject` and `body` name `fields` in braces: "{target} is due on {due}".
    """

    id: str
    name: Text
    subject: Text
    body: Text
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message ready to leave: in the reader's language, with an address in this system to open."""

    key: str
    subject: str
    body: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A way to a person.

    `send(address, letter)` hands a letter over, or raises `NotSent`. `address_of` is where the channel
    finds a person, empty where it cannot. `check_config` says what is missing; a channel with
    problems is off, and a message does not wait for it. `optional`: people may switch it off.
    """

    id: str
    name: Text
    send: Callable[[str, Letter], None]
    address_of: Callable[[User], str]
    check_config: Callable[[], list[Problem]]
    optional: bool = True


class NotSent(Exception):
    """A channel could not hand a letter over. Remedy: it is tried again, unless `final` says that this is no use."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        self.final = final
        super().__init__(reason)


@dataclass(frozen=True, kw_only=True)
class Due:
    """Something with a date, of which people are reminded: a measure, a case, a certificate.

    `subject` is ("app.model", id). `people` and `units` answer for it. `values` fill the template.
    """

    subject: tuple[str, str]
    due: date
    people: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()
    values: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class ReminderSource:
    """Where due dates come from. `due(first, last)` gives what is open and due in these days, both included."""

    id: str
    name: Text
    template: str
    due: Callable[[date, date], Iterable[Due]]


def _check_templates(templates: Mapping[str, Entry[MessageTemplate]]) -> Iterable[Problem]:
    for entry in templates.values():
        template = entry.value
        for part, text in (("subject", template.subject), ("body", template.body)):
            for fault in faults_of(str(text), template.fields):
                yield Problem(
                    where=f"{entry.owner}: message template {template.id}",
                    what=f"its {part}: {fault}",
                    remedy="Name declared fields in single braces",
                )


def _check_sources(sources: Mapping[str, Entry[ReminderSource]]) -> Iterable[Problem]:
    for entry in sources.values():
        if entry.value.template not in MESSAGE_TEMPLATES.candidate:
            yield Problem(
                where=f"{entry.owner}: reminder source {entry.value.id}",
                what=f"uses the unknown message template {entry.value.template}",
                remedy="Declare that template",
            )


MESSAGE_TEMPLATES: Registry[MessageTemplate] = Registry(
    MessageTemplate, label="message template", check=_check_templates
)
CHANNELS: Registry[Channel] = Registry(Channel, label="channel")
REMINDER_SOURCES: Registry[ReminderSource] = Registry(ReminderSource, label="reminder source", check=_check_sources)
