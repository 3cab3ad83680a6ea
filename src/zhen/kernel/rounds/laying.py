"""The checklists that packs ship, as rows. After each migration; safe to repeat."""

from __future__ import annotations

from django.db.models import Max

from zhen.kernel.lib import clock
from zhen.kernel.rounds.declarations import CHECKLISTS, Checklist
from zhen.kernel.rounds.models import ChecklistVersion
from zhen.kernel.rounds.models.checklists import as_content


def lay_checklists() -> None:
    """A version for each edition that a pack ships. It comes into use by itself unless the town has written its own:
    then it waits, and staff may take it."""
    known: dict[str, list[ChecklistVersion]] = {}
    for row in ChecklistVersion.objects.order_by("number"):
        known.setdefault(row.code, []).append(row)
    for declared in CHECKLISTS:
        rows = known.get(declared.id, [])
        shipped = [row for row in rows if row.shipped]
        if shipped and _same(shipped[-1], declared):
            continue
        used = [row for row in rows if row.published_at is not None]
        ours = bool(used) and not used[-1].shipped
        now = clock.now()
        ChecklistVersion.objects.create(
            code=declared.id,
            number=next_number(declared.id),
            name=declared.title,
            law=declared.law,
            minutes=declared.minutes,
            people=declared.people,
            content=as_content(declared.items),
            shipped=True,
            made_at=now,
            published_at=None if ours else now,
        )


def next_number(code: str) -> int:
    last = ChecklistVersion.objects.filter(code=code).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _same(row: ChecklistVersion, declared: Checklist) -> bool:
    declared_facts = (as_content(declared.items), declared.law, declared.minutes, declared.people)
    return (row.content, row.law, row.minutes, row.people) == declared_facts
