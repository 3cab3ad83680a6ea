"""Importing plans, describing and publishing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.pinyin import sort_key
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.plan.actions.promises import move_promise
from zhen.kernel.plan.comparison import align
from zhen.kernel.plan.drafts import Drafts, FindingDraft, drafts_of
from zhen.kernel.plan.grammar import ParsedPlan, parse
from zhen.kernel.plan.models import Document, DocumentVersion, Finding, Section
from zhen.kernel.plan.readers import read

IMPORT = "plan.document.import"
_LOCK = 0x706C616E  # "plan": imports wait for each other, so that the same file comes in once


@dataclass(frozen=True, kw_only=True)
class Imported:
    """`new` is false where the very file had been imported before: then nothing was written."""

    version: DocumentVersion
    new: bool
    carried: int = 0


@dataclass(frozen=True, kw_only=True)
class Description:
    """What is known of a plan beside its text; `None` leaves it to the text."""

    title: str | None = None
    year: int | None = None
    last_year: int | None = None
    kind: str | None = None
    issuing_body: str = ""
    parent: Document | None = None


@action(IMPORT, silent=True)
def import_document(
    actor: Actor,
    *,
    data: bytes,
    file_name: str,
    described: Description | None = None,
    into: Document | None = None,
    note: str = "",
) -> Imported:
    """Read a file and propose what it promises; `into` makes it a new text of a plan that is there.

    The same file (by SHA-256) is taken once. Raises `Refused` where the file cannot be read or the year
    of the plan cannot be told.
    """
    described = described or Description()
    source = read(data, file_name=file_name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    known = DocumentVersion.objects.filter(sha256=source.sha256).select_related("document").first()
    if known is not None:
        return Imported(version=known, new=False)
    now = clock.now()
    year = described.year or (into.first_year if into else None)
    plan = parse(source.text, year=year)
    document = into or _create_document(actor, plan, described, file_name, now)
    version = DocumentVersion.objects.create(
        document=document,
        number=1 + (document.versions.aggregate(top=Max("number"))["top"] or 0),
        text=source.text,
        blocks=[[block.start, block.end, block.where] for block in source.blocks],
        sha256=source.sha256,
        file_name=file_name[-255:],
        media_type=source.media_type,
        note=note,
        imported_at=now,
        imported_by_id=actor.id,
        imported_by_name=actor.name,
    )
    findings = store_drafts(version, drafts_of(plan, source.text))
    carried = _carry_over(version, findings)
    journal.record(
        "plan.document.imported",
        by=actor,
        subject=version,
        data={
            "file_name": version.file_name,
            "document": document.pk,
            "findings": len(findings),
            "carried": carried,
            "sha256": source.sha256,
        },
    )
    return Imported(version=version, new=True, carried=carried)


def _create_document(actor: Actor, plan: ParsedPlan, described: Description, file_name: str, now: datetime) -> Document:
    year = described.year or plan.year
    if year is None:
        raise Refused(
            field=_("year"),
            value=file_name,
            reason=_("the text does not say for which year the plan is"),
            remedy=_("Give the year"),
        )
    if not 1949 <= year <= 2100:
        raise Refused(
            field=_("year"), value=year, reason=_("no plan is of this year"), remedy=_("Give a year from 1949 to 2100")
        )
    title = (described.title or plan.title or file_name).strip()[:200]
    kind = described.kind or Document.Kind.YEARLY
    last = described.last_year or (year + 4 if kind == Document.Kind.FIVE_YEAR else year)
    if last < year:
        raise Refused(
            field=_("last year"), value=last, reason=_("it lies before the first year"), remedy=_("Give a later year")
        )
    return Document.objects.create(
        kind=kind,
        title=title,
        title_key=sort_key(title),
        first_year=year,
        last_year=last,
        issued_on=date.fromisoformat(plan.issued) if plan.issued else None,
        issuing_body=described.issuing_body,
        parent=described.parent,
        created_at=now,
        created_by_id=actor.id,
        created_by_name=actor.name,
    )


def store_drafts(version: DocumentVersion, drafts: Drafts) -> list[Finding]:
    """Write the sections and findings of a new version, in three statements."""
    sections: list[Section] = []
    for order, draft in enumerate(drafts.sections):
        # One by one: each needs the id of the section above it. A plan has tens of them.
        sections.append(
            Section.objects.create(
                version=version,
                order=order,
                parent=None if draft.parent is None else sections[draft.parent],
                **{name: value for name, value in asdict(draft).items() if name != "parent"},
            )
        )
    findings = [_finding(version, draft, sections) for draft in drafts.findings]
    Finding.objects.bulk_create(findings)
    inner = []
    for finding, draft_of in zip(findings, drafts.findings, strict=True):
        if draft_of.within is not None:
            finding.within = findings[draft_of.within]
            inner.append(finding)
    Finding.objects.bulk_update(inner, ["within"])
    return findings


def _finding(version: DocumentVersion, draft: FindingDraft, sections: Sequence[Section]) -> Finding:
    values = {name: value for name, value in asdict(draft).items() if name not in ("section", "within")}
    return Finding(
        version=version,
        section=None if draft.section is None else sections[draft.section],
        proposed=proposal(draft),
        **values,
    )


def proposal(draft: FindingDraft) -> dict[str, Any]:
    """What the grammar read, as JSON: it is kept beside what a person makes of it."""
    return {
        "comparator": draft.comparator,
        "value": None if draft.value is None else str(draft.value),
        "value_high": None if draft.value_high is None else str(draft.value_high),
        "unit": draft.unit,
        "target_kind": draft.target_kind,
        "verb": draft.verb,
        "object": draft.object,
        "due_on": draft.due_on.isoformat() if draft.due_on else None,
        "owners": draft.owners,
    }


_DECIDED = (
    "state", "decided_by_id", "decided_by_name", "decided_at", "comparator", "value", "value_high", "unit",
    "target_kind", "verb", "object", "due_on", "owners",
)  # fmt: skip


def _carry_over(version: DocumentVersion, findings: list[Finding]) -> int:
    """Take decisions on unchanged findings over from the version before; promises move to the new text."""
    before = (
        Finding.objects.filter(version__document=version.document, version__number=version.number - 1)
        .select_related("measure", "target")
        .order_by("start", "-end", "num_start")
        .select_for_update(of=("self",))
    )
    old = list(before)
    fresh = sorted(findings, key=lambda f: (f.start, -f.end, f.num_start or 0))
    changed: list[Finding] = []
    for new_index, old_index in align([_key(f) for f in old], [_key(f) for f in fresh]).items():
        finding, source = fresh[new_index], old[old_index]
        if source.state == Finding.State.PROPOSED:
            continue
        for name in _DECIDED:
            setattr(finding, name, getattr(source, name))
        finding.carried_from = source
        changed.append(finding)
    Finding.objects.bulk_update(changed, [*_DECIDED, "carried_from"])
    for finding in changed:
        assert finding.carried_from is not None
        move_promise(finding.carried_from, finding)
    return len(changed)


def _key(finding: Finding) -> tuple[str, str, int]:
    """What makes two findings the same: kind, words, and which number of the words."""
    offset = 0 if finding.num_start is None else finding.num_start - finding.start
    return finding.kind, "".join(finding.text.split()), offset


@action(IMPORT)
def publish(actor: Actor, document_id: int) -> Document:
    """Let the public read a plan and where its promises stand."""
    document = _document(actor, document_id)
    if document.published_at is None:
        document.published_at = clock.now()
        document.save(update_fields=["published_at"])
    journal.record("plan.document.published", by=actor, subject=document, data={"title": document.title})
    return document


@action(IMPORT)
def withdraw(actor: Actor, document_id: int) -> Document:
    """Take a plan back from the public."""
    document = _document(actor, document_id)
    document.published_at = None
    document.save(update_fields=["published_at"])
    journal.record("plan.document.withdrawn", by=actor, subject=document, data={"title": document.title})
    return document


@action(IMPORT)
def describe(
    actor: Actor, document_id: int, *, title: str, issuing_body: str, issued_on: date | None, parent: Document | None
) -> Document:
    """Change what is said of a plan beside its text."""
    document = _document(actor, document_id)
    above = parent
    while above is not None:
        if above.pk == document.pk:
            raise Refused(
                field=_("plan above"),
                value=parent,
                reason=_("a plan cannot carry out itself"),
                remedy=_("Choose another plan"),
            )
        above = above.parent
    document.title, document.title_key = title, sort_key(title)
    document.issuing_body, document.issued_on, document.parent = issuing_body, issued_on, parent
    document.save(update_fields=["title", "title_key", "issuing_body", "issued_on", "parent"])
    journal.record("plan.document.changed", by=actor, subject=document, data={"title": title})
    return document


def _document(actor: Actor, document_id: int) -> Document:
    return actionable(actor, IMPORT, Document.objects.select_for_update()).get(pk=document_id)
