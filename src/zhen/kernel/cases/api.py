"""What other modules may import of cases."""

from zhen.kernel.cases.actions.attaching import attach, redact_attachment, remove_attachment
from zhen.kernel.cases.actions.moving import WrongStep, move, move_as_reporter, move_many
from zhen.kernel.cases.actions.receiving import receive, secret_hash
from zhen.kernel.cases.actions.working import assign, comment, divide, edit, extend, link, pause, resume
from zhen.kernel.cases.attachments import PANEL as ATTACHMENTS
from zhen.kernel.cases.attachments import attach_button, shown_to_reporter
from zhen.kernel.cases.classify.ruling import add_keyword, end_keywords
from zhen.kernel.cases.classify.suggesting import Suggestion, suggest
from zhen.kernel.cases.clocks import limit_of
from zhen.kernel.cases.declarations import (
    CASE_TYPES,
    By,
    CaseType,
    Deadline,
    Need,
    Outcome,
    Powers,
    State,
    Transition,
    Visibility,
)
from zhen.kernel.cases.duplicates.following import follow, followed, merge, original_of, unfollow
from zhen.kernel.cases.duplicates.hearing import hearers
from zhen.kernel.cases.duplicates.suggesting import (
    NewReport,
    PublicSimilar,
    Similar,
    similar,
    similar_for_public,
    similar_to,
)
from zhen.kernel.cases.models import (
    CalendarDay,
    Case,
    CaseAttachment,
    CaseUnit,
    Category,
    Clock,
    Comment,
    Follow,
    KeywordRule,
    Link,
    Reporter,
    Route,
    Suggested,
    TimeLimit,
)
from zhen.kernel.cases.queries import (
    attachment_for,
    attachments_of,
    by_number,
    case_for,
    clocks_of,
    comments_of,
    links_of,
    readable,
    steps_for,
    tracked,
    types_for,
)
from zhen.kernel.cases.residents.saying import say_as_reporter
from zhen.kernel.cases.residents.story import Told, steps_of_reporter, story
from zhen.kernel.cases.rulebook import Rulebook, areas_around, rulebook
from zhen.kernel.cases.search.finding import CaseHit, FoundCases, SearchFilters, find, narrow
from zhen.kernel.cases.search.indexing import index_many, index_missing
from zhen.kernel.cases.search.source import url_of
from zhen.kernel.cases.search.vocabulary import count_pairs
from zhen.kernel.cases.search.words import reason_text, why_found
from zhen.kernel.cases.values import Move, NewCase, NewReporter

__all__ = [
    "ATTACHMENTS",
    "CASE_TYPES",
    "By",
    "CalendarDay",
    "Case",
    "CaseAttachment",
    "CaseHit",
    "CaseType",
    "CaseUnit",
    "Category",
    "Clock",
    "Comment",
    "Deadline",
    "Follow",
    "FoundCases",
    "KeywordRule",
    "Link",
    "Move",
    "Need",
    "NewCase",
    "NewReport",
    "NewReporter",
    "Outcome",
    "Powers",
    "PublicSimilar",
    "Reporter",
    "Route",
    "Rulebook",
    "SearchFilters",
    "Similar",
    "State",
    "Suggested",
    "Suggestion",
    "TimeLimit",
    "Told",
    "Transition",
    "Visibility",
    "WrongStep",
    "add_keyword",
    "areas_around",
    "assign",
    "attach",
    "attach_button",
    "attachment_for",
    "attachments_of",
    "by_number",
    "case_for",
    "clocks_of",
    "comment",
    "comments_of",
    "count_pairs",
    "divide",
    "edit",
    "end_keywords",
    "extend",
    "find",
    "follow",
    "followed",
    "hearers",
    "index_many",
    "index_missing",
    "limit_of",
    "link",
    "links_of",
    "merge",
    "move",
    "move_as_reporter",
    "move_many",
    "narrow",
    "original_of",
    "pause",
    "readable",
    "reason_text",
    "receive",
    "redact_attachment",
    "remove_attachment",
    "resume",
    "rulebook",
    "say_as_reporter",
    "secret_hash",
    "shown_to_reporter",
    "similar",
    "similar_for_public",
    "similar_to",
    "steps_for",
    "steps_of_reporter",
    "story",
    "suggest",
    "tracked",
    "types_for",
    "unfollow",
    "url_of",
    "why_found",
]
