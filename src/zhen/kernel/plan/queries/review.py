"""What the review page needs: a text, its sections, its findings, and how many are decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.pages.api import Missing
from zhen.kernel.plan.models import Decision, DocumentVersion, Finding, Section

REVIEW = "plan.finding.review"


@dataclass(frozen=True, kw_only=True)
class Review:
    version: DocumentVersion
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    undoable: int


def review(actor: Actor, version_id: int) -> Review:
    """A text under review. Four queries. Raises `Missing` where it is not there for this reader."""
    version = version_under_review(actor, version_id)
    findings = tuple(version.findings.select_related("section").order_by("start", "-end", "num_start"))
    return Review(
        version=version,
        sections=tuple(version.sections.order_by("order")),
        findings=findings,
        counts=counts_of(findings),
        undoable=undoable(actor, version_id),
    )


def version_under_review(actor: Actor, version_id: int) -> DocumentVersion:
    actor.require(REVIEW)
    rows = restrict(actor, REVIEW, DocumentVersion.objects.select_related("document"))
    version = rows.filter(pk=version_id).first()
    if version is None:
        raise Missing
    return version


def findings_of(actor: Actor, version_id: int, ids: Iterable[int] | None = None) -> tuple[Finding, ...]:
    """Findings of a text, all or some, in the order of the text."""
    rows = version_under_review(actor, version_id).findings.select_related("section")
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    return tuple(rows.order_by("start", "-end", "num_start"))


def counts_of(findings: Iterable[Finding]) -> dict[str, int]:
    """Findings by state, every state named."""
    found = Counter(finding.state for finding in findings)
    return {state: found.get(state, 0) for state in Finding.State.values}


def state_counts(actor: Actor, version_id: int) -> dict[str, int]:
    rows = version_under_review(actor, version_id).findings.values_list("state", flat=True)
    found = Counter(rows)
    return {state: found.get(state, 0) for state in Finding.State.values}


def undoable(actor: Actor, version_id: int) -> int:
    """How many findings the reviewer's next undo would touch."""
    steps = Decision.objects.filter(
        finding__version=version_id, undone_at__isnull=True, by_id=actor.id, by_name=actor.name
    )
    last = steps.order_by("-id").values_list("batch", flat=True).first()
    return 0 if last is None else steps.filter(batch=last).count()
