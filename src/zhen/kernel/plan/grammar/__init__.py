"""The plan grammar: a deterministic reader of Chinese government plans. `parse` is the entry."""

from .model import (
    Assignment,
    Deadline,
    Heading,
    Measure,
    Owner,
    ParsedPlan,
    QualitativeTarget,
    Target,
    assignment_as_line,
    target_as_line,
)
from .parse import parse

__all__ = [
    "Assignment",
    "Deadline",
    "Heading",
    "Measure",
    "Owner",
    "ParsedPlan",
    "QualitativeTarget",
    "Target",
    "assignment_as_line",
    "parse",
    "target_as_line",
]
