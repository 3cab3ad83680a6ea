from zhen.kernel.cases.models.cases import Case, CaseUnit, Clock, Comment, Link, Reporter, Serial
from zhen.kernel.cases.models.figures import Tally, TallySum
from zhen.kernel.cases.models.rulebook import CalendarDay, Category, Edition, Route, TimeLimit

__all__ = [
    "CalendarDay",
    "Case",
    "CaseUnit",
    "Category",
    "Clock",
    "Comment",
    "Edition",
    "Link",
    "Reporter",
    "Route",
    "Serial",
    "Tally",
    "TallySum",
    "TimeLimit",
]
