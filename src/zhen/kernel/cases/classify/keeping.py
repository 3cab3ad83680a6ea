"""What was suggested stands beside each case, so that it can be measured against what was chosen."""

from __future__ import annotations

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.classify.suggesting import suggest
from zhen.kernel.cases.declarations import CaseType
from zhen.kernel.cases.models import Case, Suggested
from zhen.kernel.cases.rulebook import rulebook_of_operation


def keep_suggestion(_actor: Actor, case: Case, type_: CaseType) -> None:
    """Write the first suggestion for a case that was just received; nothing where there is none."""
    found = suggest(f"{case.title}\n{case.text}", type_, rulebook_of_operation())
    if found:
        first = found[0]
        Suggested.objects.create(
            case=case,
            category=first.category,
            confidence=first.confidence,
            words="、".join(first.words)[:200],
            version=first.version,
        )
