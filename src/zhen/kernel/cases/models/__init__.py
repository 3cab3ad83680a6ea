from zhen.kernel.cases.models.attachments import CaseAttachment
from zhen.kernel.cases.models.cases import Case, CaseUnit, Clock, Comment, Extension, Link, Reporter, Serial
from zhen.kernel.cases.models.classify import KeywordRule, Suggested, TextModel
from zhen.kernel.cases.models.figures import Tally, TallySum
from zhen.kernel.cases.models.orders import OrderFile, OrderReply
from zhen.kernel.cases.models.rulebook import CalendarDay, Category, Edition, Route, TimeLimit
from zhen.kernel.cases.models.search import Follow, SearchEntry, SearchPair

__all__ = [
    "CalendarDay",
    "Case",
    "CaseAttachment",
    "CaseUnit",
    "Category",
    "Clock",
    "Comment",
    "Edition",
    "Extension",
    "Follow",
    "KeywordRule",
    "Link",
    "OrderFile",
    "OrderReply",
    "Reporter",
    "Route",
    "SearchEntry",
    "SearchPair",
    "Serial",
    "Suggested",
    "Tally",
    "TallySum",
    "TextModel",
    "TimeLimit",
]
