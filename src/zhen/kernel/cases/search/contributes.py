"""What the search over cases declares."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.search.indexing import index_missing
from zhen.kernel.cases.search.source import SEARCH
from zhen.kernel.cases.search.vocabulary import count_pairs
from zhen.kernel.jobs.api import Job


def fill() -> None:
    index_missing()


def count() -> None:
    count_pairs()


JOBS = (
    Job(id="cases.search_fill", name=_("Make cases findable that are not yet"), run=fill, every="25 * * * *"),
    Job(id="cases.search_count", name=_("Count the words of the newest cases"), run=count, every="50 * * * *"),
)
ITEMS = (SEARCH, *JOBS)
