"""What a figure of a kind of case counted in a period, as rows: for the indicators of packs."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from zhen.kernel.cases.figures.rules import BY_DUE_DAY
from zhen.kernel.cases.figures.tables import COUNTED_AS
from zhen.kernel.cases.models import Tally


def counted(case_type: str, name: str, start: date, end: date, *, today: date) -> QuerySet[Tally]:
    """The rows behind a number of `tables.COUNTED_AS`, from `start` to before `end`, each with its case.

    What is due counts once its day is over, as in the figures.
    """
    rows = Tally.objects.filter(type=case_type, what__in=COUNTED_AS[name], day__gte=start, day__lt=end)
    return rows.exclude(what__in=BY_DUE_DAY, day__gte=today).select_related("case")
