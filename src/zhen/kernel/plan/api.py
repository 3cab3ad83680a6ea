"""What other modules may import of plan."""

from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.pages.api import Missing
from zhen.kernel.plan.actions.documents import Description, Imported, import_document, publish, withdraw
from zhen.kernel.plan.actions.findings import Edit, add_finding, confirm, edit, reject, seen, undo
from zhen.kernel.plan.actions.measures import report_measure
from zhen.kernel.plan.actions.reports import freeze
from zhen.kernel.plan.actions.series import create_series, import_series, refuse, sign_off
from zhen.kernel.plan.actions.targets import bind_target, link_measure, measure_targets, unlink_measure
from zhen.kernel.plan.comparison import Change, compare
from zhen.kernel.plan.declarations import INDICATORS, Indicator, IndicatorKind, Period
from zhen.kernel.plan.export import report_docx, report_pdf
from zhen.kernel.plan.models import (
    Document,
    DocumentVersion,
    Finding,
    Measure,
    Measurement,
    Report,
    Series,
    SeriesImport,
    Target,
)
from zhen.kernel.plan.models.findings import Comparator, TargetKind
from zhen.kernel.plan.quantities import plain
from zhen.kernel.plan.queries.evaluation import Evaluation, evaluate, signed_points
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
    promised,
)
from zhen.kernel.plan.queries.promises import (
    MeasurePage,
    TargetPage,
    document_for,
    evidence_page,
    measure_page,
    sections_of,
    sources_for,
    target_page,
    versions_of,
)
from zhen.kernel.plan.queries.reports import frozen_rows, is_intact, lines_of_report, report_for, reports
from zhen.kernel.plan.queries.review import (
    Review,
    findings_of,
    review,
    state_counts,
    undoable,
    version_under_review,
)
from zhen.kernel.plan.queries.series import imports_of, series_for, series_list, waiting_imports
from zhen.kernel.plan.rules import SEVERITY, Standing
from zhen.kernel.plan.series_file import Preview
from zhen.kernel.plan.series_file import read as read_series_file
from zhen.kernel.plan.words import TONES, WORDS, standing_chip

__all__ = [
    "INDICATORS",
    "SEVERITY",
    "TONES",
    "WORDS",
    "Change",
    "ChapterView",
    "Comparator",
    "Description",
    "Document",
    "DocumentVersion",
    "Edit",
    "Evaluation",
    "Finding",
    "Imported",
    "Indicator",
    "IndicatorKind",
    "Measure",
    "MeasurePage",
    "Measurement",
    "Missing",
    "Outdated",
    "Overview",
    "OwnerName",
    "Period",
    "Preview",
    "PromiseView",
    "Refused",
    "Report",
    "Review",
    "Series",
    "SeriesImport",
    "Standing",
    "Target",
    "TargetKind",
    "TargetPage",
    "add_finding",
    "attention",
    "bind_target",
    "chapters",
    "compare",
    "confirm",
    "create_series",
    "current_document",
    "document_for",
    "documents",
    "edit",
    "evaluate",
    "evidence_page",
    "figures",
    "findings_of",
    "freeze",
    "frozen_rows",
    "import_document",
    "import_series",
    "imports_of",
    "is_intact",
    "lines_of_report",
    "link_measure",
    "measure_page",
    "measure_targets",
    "overview",
    "plain",
    "promised",
    "publish",
    "read_series_file",
    "refuse",
    "reject",
    "report_docx",
    "report_for",
    "report_measure",
    "report_pdf",
    "reports",
    "review",
    "sections_of",
    "seen",
    "series_for",
    "series_list",
    "sign_off",
    "signed_points",
    "sources_for",
    "standing_chip",
    "state_counts",
    "target_page",
    "undo",
    "undoable",
    "unlink_measure",
    "version_under_review",
    "versions_of",
    "waiting_imports",
    "withdraw",
]
