from zhen.kernel.cases.models.cases import Case, CaseUnit, Clock, Comment, Link, Reporter, Serial
from zhen.kernel.cases.models.classify import KeywordRule, Suggested, TextModel
from zhen.kernel.cases.models.rulebook import CalendarDay, Category, Edition, Route, TimeLimit
from zhen.kernel.cases.models.search import Follow, SearchEntry, SearchPair

__all__ = [
    "CalendarDay",
    "Case",
    "CaseUnit",
    "Category",
    "Clock",
    "Comment",
    "Edition",
    "KeywordRule",
    "Follow",
    "Link",
    "Reporter",
    "Route",
    "SearchEntry",
    "SearchPair",
    "Serial",
    "Suggested",
    "TextModel",
    "TimeLimit",
]
