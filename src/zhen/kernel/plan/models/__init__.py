"""What the plan keeps: documents and their texts, findings, promises, series, measurements, reports."""

from zhen.kernel.plan.models.documents import Document, DocumentVersion, Section
from zhen.kernel.plan.models.findings import Decision, Finding
from zhen.kernel.plan.models.measurements import Measurement
from zhen.kernel.plan.models.promises import Contribution, Measure, Responsibility, StateReport, Target
from zhen.kernel.plan.models.reports import Report, ReportLine, ReportRow
from zhen.kernel.plan.models.series import Series, SeriesImport, SeriesPoint

__all__ = [
    "Contribution",
    "Decision",
    "Document",
    "DocumentVersion",
    "Finding",
    "Measure",
    "Measurement",
    "Report",
    "ReportLine",
    "ReportRow",
    "Responsibility",
    "Section",
    "Series",
    "SeriesImport",
    "SeriesPoint",
    "StateReport",
    "Target",
]
