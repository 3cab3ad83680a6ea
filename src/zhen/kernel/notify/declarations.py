"""Message templates and channels as modules and packs declare them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from zhen.kernel.lib.registry import Registry

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


MESSAGE_TEMPLATES: Registry[MessageTemplate] = Registry(MessageTemplate, label="message template")
