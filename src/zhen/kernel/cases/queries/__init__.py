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
