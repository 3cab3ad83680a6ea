from zhen.kernel.cases.queries.attachments import attachment_for, attachments_of
from zhen.kernel.cases.queries.cases import (
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

__all__ = [
    "attachment_for",
    "attachments_of",
    "by_number",
    "case_for",
    "clocks_of",
    "comments_of",
    "links_of",
    "readable",
    "steps_for",
    "tracked",
    "types_for",
]
