"""What other modules may import of plan."""

from zhen.kernel.plan.declarations import INDICATORS, Indicator, IndicatorKind, Period
from zhen.kernel.plan.models import Document, DocumentVersion, Measure, Target
from zhen.kernel.plan.queries.overview import (
    ChapterView,
    Overview,
    OwnerName,
    PromiseView,
    attention,
    chapters,
    current_document,
    documents,
    figures,
    overview,
)
from zhen.kernel.plan.rules import SEVERITY, Standing

__all__ = [
    "INDICATORS",
    "SEVERITY",
    "ChapterView",
    "Document",
    "DocumentVersion",
    "Indicator",
    "IndicatorKind",
    "Measure",
    "Overview",
    "OwnerName",
    "Period",
    "PromiseView",
    "Standing",
    "Target",
    "attention",
    "chapters",
    "current_document",
    "documents",
    "figures",
    "overview",
]
