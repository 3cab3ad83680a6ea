"""What other modules may import of plan."""

from zhen.kernel.plan.actions.documents import Description, import_document, publish
from zhen.kernel.plan.actions.findings import confirm
from zhen.kernel.plan.actions.measures import report_measure
from zhen.kernel.plan.actions.series import create_series, import_series, sign_off
from zhen.kernel.plan.actions.targets import bind_target, link_measure, measure_targets
from zhen.kernel.plan.declarations import INDICATORS, Indicator, IndicatorKind, Period
from zhen.kernel.plan.models import Document, DocumentVersion, Measure, Series, Target
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
    "Description",
    "Document",
    "DocumentVersion",
    "Indicator",
    "IndicatorKind",
    "Measure",
    "Overview",
    "OwnerName",
    "Period",
    "PromiseView",
    "Series",
    "Standing",
    "Target",
    "attention",
    "bind_target",
    "chapters",
    "confirm",
    "create_series",
    "current_document",
    "documents",
    "figures",
    "import_document",
    "import_series",
    "link_measure",
    "measure_targets",
    "overview",
    "publish",
    "report_measure",
    "sign_off",
]
