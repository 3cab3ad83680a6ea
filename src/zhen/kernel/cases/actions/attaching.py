"""Files of a case: attached, blacked out, removed. The case's own rule says who may."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor, ActorKind, action
from zhen.kernel.cases.actions.common import locked, tell
from zhen.kernel.cases.models import Case, CaseAttachment
from zhen.kernel.files import api as files
from zhen.kernel.files.api import Box, File
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused

MOST = 60
Kind = CaseAttachment.Kind


@action(None, asks="comment")
def attach(
    actor: Actor,
    case_id: int,
    sent: Sequence[File],
    *,
    kind: str = Kind.EVIDENCE,
    caption: str = "",
    public: bool = False,
) -> list[CaseAttachment]:
    """Attach files that the actor has stored. No revision: files add up, as words do."""
    case, _type = locked(actor, "comment", case_id, None)
    if not sent:
        raise Refused(field=_("file"), value="", reason=_("none is given"), remedy=_("Choose one"))
    made = put(actor, case, sent, kind=kind, caption=caption, public=public)
    tell("cases.attached", actor, case, count=len(made), kind=str(kind), public=public)
    return made


def put(
    actor: Actor, case: Case, sent: Sequence[File], *, kind: str, caption: str = "", public: bool = False
) -> list[CaseAttachment]:
    """The rows of files that come with a case or with one of its steps, in the transaction of that."""
    if not sent:
        return []
    if CaseAttachment.objects.filter(case=case).count() + len(sent) > MOST:
        raise Refused(
            field=_("file"),
            value=len(sent),
            reason=_("a case holds at most %(most)s") % {"most": MOST},
            remedy=_("Leave some out, or put them together in one document"),
        )
    for file in sent:
        if not _own(actor, file) or CaseAttachment.objects.filter(file=file).exists():
            raise Refused(
                field=_("file"),
                value=file.name,
                reason=_("it was sent by somebody else, or is attached already"),
                remedy=_("Send it again"),
            )
    now = clock.now()
    rows = [
        CaseAttachment(
            case=case,
            file=file,
            kind=kind,
            state=case.state,
            caption=caption.strip()[:200],
            public=public,
            by_id=actor.user_id,
            by_name=actor.name,
            at=now,
            forget_from=_closed_on(case),
        )
        for file in sent
    ]
    return CaseAttachment.objects.bulk_create(rows)


def _own(actor: Actor, file: File) -> bool:
    return actor.kind is ActorKind.SYSTEM or file.uploaded_by == actor.user_id


@action(files.REDACT, asks="edit")
def redact_attachment(actor: Actor, key: UUID, boxes: Sequence[Box], reason: str) -> CaseAttachment:
    """Show a copy with parts blacked out from now on; the original stays for those with the right to it."""
    case_id = CaseAttachment.objects.values_list("case_id", flat=True).get(pk=key)
    case, _type = locked(actor, "edit", case_id, None)
    attachment = CaseAttachment.objects.select_related("file").get(pk=key)
    attachment.file = files.redact(actor, attachment.file, boxes, reason)
    attachment.save(update_fields=["file"])
    tell("cases.attachment_redacted", actor, case, attachment=str(key), boxes=len(boxes))
    return attachment


@action(None, asks="edit")
def remove_attachment(actor: Actor, key: UUID, reason: str) -> None:
    """Take a file off an open case, with its originals. The journal keeps that it was there, and why it went."""
    case_id = CaseAttachment.objects.values_list("case_id", flat=True).get(pk=key)
    case, _type = locked(actor, "edit", case_id, None)
    reason = reason.strip()
    if not reason:
        raise Refused(field=_("reason"), value="", reason=_("a removal needs it"), remedy=_("Say why"))
    if not case.open:
        raise Refused(
            field=_("case"),
            value=case.number,
            reason=_("it is closed, and its file is complete"),
            remedy=_("Black out what must not be seen, or reopen the case"),
        )
    attachment = CaseAttachment.objects.select_related("file").get(pk=key)
    attachment.delete()
    files.discard(actor, attachment.file)
    tell("cases.attachment_removed", actor, case, attachment=str(key), reason=reason[:300])


def forget_from(case: Case) -> None:
    """The time of retention begins when the case is closed, and is taken back when it is reopened."""
    CaseAttachment.objects.filter(case=case).update(forget_from=_closed_on(case))


def _closed_on(case: Case) -> date | None:
    return case.closed_at.astimezone(clock.TOWN_ZONE).date() if case.closed_at else None
