"""Files of cases: read through the case."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.declarations import CASE_TYPES, Visibility
from zhen.kernel.cases.models import Case, CaseAttachment
from zhen.kernel.cases.queries.cases import readable
from zhen.kernel.files import api as files
from zhen.kernel.pages.api import Missing


def attachments_of(case: Case, *, public: bool = False) -> list[CaseAttachment]:
    """The files of a case that has been fetched for its reader, first to last; `public`: what its reporter sees."""
    rows = CaseAttachment.objects.filter(case=case).select_related("file").order_by("at", "pk")
    return list(rows.filter(public=True) if public else rows)


def attachment_for(actor: Actor, key: str) -> CaseAttachment:
    """One file of a case that the actor may read. Raises Missing."""
    try:
        id_ = UUID(key)
    except ValueError as fault:
        raise Missing(key) from fault
    rows = CaseAttachment.objects.select_related("case", "file__redacts")
    found = rows.filter(pk=id_, case__in=readable(actor)).first()
    if found is None:
        raise Missing(key)
    return found


def pictures_of(case_ids: Collection[int], own: Collection[int]) -> dict[int, CaseAttachment]:
    """The first picture of each case: any that the reporter sees of those in `own`, of the others what is published.

    `own` are the cases that whoever asks may read.
    """
    rows = CaseAttachment.objects.filter(_PICTURE, Q(case__in=own) | _published(), case__in=case_ids)
    return {one.case_id: one for one in rows.select_related("file").order_by("case", "-at", "-pk")}


def picture_for(actor: Actor, key: UUID, types: Collection[str]) -> CaseAttachment:
    """A picture that everybody may see, or one of a case of these types that the actor may read. Raises Missing."""
    rows = CaseAttachment.objects.filter(_PICTURE, Q(case__in=readable(actor, types)) | _published())
    found = rows.select_related("file").filter(pk=key).first()
    if found is None:
        raise Missing(str(key))
    return found


_PICTURE = Q(public=True, file__kind__in=sorted(files.IMAGES), file__redacted=False)


def _published() -> Q:
    """What everybody may see: somebody of the staff has looked at the picture and blacked out what nobody is to see.

    That the reporter sees a picture publishes nothing: it may show whoever lives there.
    """
    public = [type_.id for type_ in CASE_TYPES if type_.visibility is Visibility.PUBLIC]
    return Q(case__visible=True, case__type__in=public, file__redacts__isnull=False)
