"""Reading checklists. What is asked on visits is no secret; pages ask for the permission."""

from __future__ import annotations

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from zhen.kernel.pages.api import Missing
from zhen.kernel.rounds.models import ChecklistVersion


def versions(code: str) -> QuerySet[ChecklistVersion]:
    return ChecklistVersion.objects.filter(code=code).order_by("-number")


def in_use(code: str) -> ChecklistVersion | None:
    """The version that visits are made with now."""
    return ChecklistVersion.objects.filter(code=code, published_at__isnull=False).order_by("-number").first()


def all_in_use() -> QuerySet[ChecklistVersion]:
    """The version in use of each checklist; of one that was never in use, its draft."""
    own = ChecklistVersion.objects.filter(code=OuterRef("code")).order_by().values("code")
    newest = own.annotate(newest=Max("number", filter=Q(published_at__isnull=False)), any=Max("number"))
    rows = ChecklistVersion.objects.annotate(
        newest=Subquery(newest.values("newest")), any=Subquery(newest.values("any"))
    )
    return rows.filter(
        Q(number=Subquery(newest.values("newest"))) | Q(newest__isnull=True, number=Subquery(newest.values("any")))
    )


def version_for(key: str) -> ChecklistVersion:
    """A version by its key, such as upkeep.fire@3. Raises Missing."""
    code, _at, number = key.rpartition("@")
    known = number.isascii() and number.isdecimal() and len(number) < 5 and "\x00" not in code
    found = ChecklistVersion.objects.filter(code=code, number=int(number)).first() if known else None
    if found is None:
        raise Missing(f"checklist {key}")
    return found
