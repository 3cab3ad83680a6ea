"""Writing to notify: texts, reminder rules, webhooks, preferences, reading one's messages."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zhen.kernel.access.api import ROLES, Actor, Denied, action
from zhen.kernel.identity.api import User, seal
from zhen.kernel.journal import api as journal
from zhen.kernel.journal.api import EVENT_KINDS
from zhen.kernel.lib import clock
from zhen.kernel.notify.declarations import CHANNELS, MESSAGE_TEMPLATES, REMINDER_SOURCES
from zhen.kernel.notify.models import Message, Preference, ReminderRule, TemplateText, Webhook, WebhookCall
from zhen.kernel.notify.outside import Unreachable, new_secret, target
from zhen.kernel.notify.texts import faults_of
from zhen.kernel.notify.webhooks import queue, wants


@action("notify.template.manage")
def write_text(actor: Actor, template: str, *, language: str, subject: str, body: str) -> TemplateText:
    """A new version of a template's text in one language; older messages keep what they said."""
    declared = MESSAGE_TEMPLATES[template]
    for name, given in (("subject", subject), ("body", body)):
        faults = list(faults_of(given, declared.fields))
        if faults:
            allowed = "、".join(f"{{{field}}}" for field in declared.fields) or "—"
            sentence = _("{fault}. This message has the fields {fields}.")
            raise ValidationError({name: sentence.format(fault=faults[0], fields=allowed)})
    newest = TemplateText.objects.filter(template=template, language=language).order_by("-version").first()
    written = TemplateText.objects.create(
        template=template,
        language=language,
        version=newest.version + 1 if newest else 1,
        subject=subject,
        body=body,
        written_at=clock.now(),
    )
    journal.record(
        "notify.text_written",
        by=actor,
        subject=written,
        data={"template": str(declared.name), "language": language, "version": written.version},
    )
    return written


@action("notify.reminder.manage")
def save_rule(
    actor: Actor,
    rule: ReminderRule | None,
    *,
    source: str,
    offset: int,
    role: str,
    channels: Collection[str],
    working_days: bool,
    active: bool,
) -> ReminderRule:
    """Create or change a rule of the reminder policy."""
    if source not in REMINDER_SOURCES:
        raise ValidationError({"source": _("There is nothing with dates called {source}.").format(source=source)})
    if role and role not in ROLES:
        raise ValidationError({"role": _("There is no role {role}.").format(role=role)})
    unknown = [id for id in channels if id not in CHANNELS]
    if unknown:
        raise ValidationError({"channels": _("There is no channel {channel}.").format(channel=unknown[0])})
    rule = rule or ReminderRule()
    rule.source, rule.offset, rule.role = source, offset, role
    rule.channels, rule.working_days, rule.active = sorted(channels), working_days, active
    rule.full_clean()
    rule.save()
    journal.record(
        "notify.rule_saved",
        by=actor,
        subject=rule,
        data={"source": source, "offset": offset, "role": role, "active": active},
    )
    return rule


@action("notify.webhook.manage")
def add_webhook(actor: Actor, *, name: str, url: str, kinds: Collection[str]) -> Webhook:
    _check_webhook(url, kinds)
    hook = Webhook.objects.create(
        name=name, url=url, kinds=sorted(kinds), secret=seal(new_secret()), created_at=clock.now()
    )
    journal.record("notify.webhook_added", by=actor, subject=hook, data={"name": name, "kinds": hook.kinds})
    return hook


@action("notify.webhook.manage")
def edit_webhook(actor: Actor, hook: Webhook, *, name: str, url: str, kinds: Collection[str], active: bool) -> Webhook:
    _check_webhook(url, kinds)
    hook.name, hook.url, hook.kinds, hook.active = name, url, sorted(kinds), active
    hook.save()
    journal.record(
        "notify.webhook_edited",
        by=actor,
        subject=hook,
        data={"name": name, "kinds": hook.kinds, "active": active},
    )
    return hook


@action("notify.webhook.manage")
def renew_secret(actor: Actor, hook: Webhook) -> Webhook:
    """A new secret; the receiver must take it over, since calls are signed with it from now on."""
    hook.secret = seal(new_secret())
    hook.save(update_fields=["secret"])
    journal.record("notify.webhook_secret_renewed", by=actor, subject=hook, data={"name": hook.name})
    return hook


@action("notify.webhook.manage")
def test_webhook(actor: Actor, hook: Webhook) -> WebhookCall:
    """Send a call that says that it is a test; the log of calls shows the answer."""
    now = clock.now()
    told = {
        "specversion": "1.0",
        "id": f"test.{hook.pk}.{int(now.timestamp())}",
        "source": settings.ZHEN_PUBLIC_URL,
        "type": "notify.test",
        "time": now.isoformat(),
        "datacontenttype": "application/json",
        "data": {"by": actor.name},
    }
    call = queue(hook, told, event=None)
    journal.record("notify.webhook_tested", by=actor, subject=hook, data={"name": hook.name})
    return call


@action(None, silent=True)
def set_preferences(actor: Actor, user: User, *, off: Collection[str]) -> None:
    """Which channels somebody does without; his own choice alone."""
    if actor.user_id != user.pk:
        raise Denied("notify.preference", actor)
    wanted = {id for id in off if id in CHANNELS and CHANNELS[id].optional}
    held = set(Preference.objects.filter(user=user).values_list("channel", flat=True))
    Preference.objects.filter(user=user, channel__in=held - wanted).delete()
    Preference.objects.bulk_create([Preference(user=user, channel=id) for id in sorted(wanted - held)])


@action(None, silent=True)
def mark_read(actor: Actor, messages: Collection[Message]) -> None:
    """Only the recipient reads a message."""
    Message.objects.filter(
        pk__in=[message.pk for message in messages], recipient_id=actor.user_id or 0, read_at__isnull=True
    ).update(read_at=clock.now())


def _check_webhook(url: str, kinds: Collection[str]) -> None:
    try:
        target(url, private=settings.ZHEN_PRIVATE_WEBHOOKS)
    except Unreachable as error:
        if error.final:
            raise ValidationError({"url": _("This address is not called: {reason}.").format(reason=error)}) from error
    if not kinds:
        raise ValidationError({"kinds": _("Choose at least one kind of events.")})
    for wanted in kinds:
        if not any(wants([wanted], kind.id) for kind in EVENT_KINDS):
            raise ValidationError({"kinds": _("No event is called {kind}.").format(kind=wanted)})
