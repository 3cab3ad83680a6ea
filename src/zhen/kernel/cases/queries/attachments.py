"""Files of cases: read through the case."""

from __future__ import annotations

from uuid import UUID

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.models import Case, CaseAttachment
from zhen.kernel.cases.queries.cases import readable
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
