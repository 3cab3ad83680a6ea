from zhen.kernel.cases.models.attachments import CaseAttachment
from zhen.kernel.cases.models.cases import Case, CaseUnit, Clock, Comment, Link, Reporter, Serial
from zhen.kernel.cases.models.rulebook import CalendarDay, Category, Edition, Route, TimeLimit

__all__ = [
    "CalendarDay",
    "Case",
    "CaseAttachment",
    "CaseUnit",
    "Category",
    "Clock",
    "Comment",
    "Edition",
    "Link",
    "Reporter",
    "Route",
    "Serial",
    "TimeLimit",
]
