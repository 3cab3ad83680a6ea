"""How good suggestions are: what was suggested against what was chosen in the end, on closed cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.models import Case, Suggested, TextModel
from zhen.kernel.cases.queries import readable
from zhen.kernel.lib.classifying.measure import Score, macro_f1, scores


@dataclass(frozen=True)
class Measured:
    """Of one scheme and model: (chosen, suggested) category → cases. `version` 0: keyword rules alone."""

    scheme: str
    version: int
    pairs: Mapping[tuple[int, int], int]

    @property
    def total(self) -> int:
        return sum(self.pairs.values())

    @property
    def accepted(self) -> int:
        return sum(count for (chosen, suggested), count in self.pairs.items() if chosen == suggested)

    @property
    def macro_f1(self) -> float | None:
        return macro_f1(self._named()) if self.pairs else None

    def by_category(self) -> dict[int, Score]:
        return {int(code): score for code, score in scores(self._named()).items()}

    def mistakes(self) -> list[tuple[int, int, int]]:
        """(chosen, suggested, cases), the commonest first."""
        wrong = ((*pair, count) for pair, count in self.pairs.items() if pair[0] != pair[1])
        return sorted(wrong, key=lambda row: (-row[2], row[0], row[1]))

    def _named(self) -> dict[tuple[str, str], int]:
        return {(str(chosen), str(suggested)): count for (chosen, suggested), count in self.pairs.items()}


def version_in_use(scheme: str) -> int:
    """The version of the model in use, 0 where rules alone suggest."""
    return TextModel.objects.filter(scheme=scheme, used=True).values_list("version", flat=True).first() or 0


def judged(actor: Actor) -> QuerySet[Suggested]:
    """The suggestions for closed cases that the actor may read."""
    rows = Suggested.objects.filter(case__open=False, case__category__isnull=False, case__in=readable(actor))
    return rows.select_related("category", "case__category")


def measured(actor: Actor, scheme: str, version: int) -> Measured:
    """What came of the suggestions of one version, on closed cases that the actor may read: one query."""
    rows = (
        Case.objects.filter(pk__in=readable(actor).values("pk"), open=False, category__isnull=False)
        .filter(suggested__version=version, suggested__category__scheme=scheme)
        .values_list("category_id", "suggested__category_id")
        .annotate(cases=Count("pk"))
        .order_by("category_id", "suggested__category_id")
    )
    return Measured(scheme, version, Counter({(chosen, suggested): cases for chosen, suggested, cases in rows}))


ACCEPTED = Q(case__category_id=F("category_id"))
