"""The counted pairs of characters: what tolerance draws its corrections from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from django.db import connection, transaction

from zhen.kernel.cases.declarations import CASE_TYPES, Visibility
from zhen.kernel.cases.models import Case, SearchPair
from zhen.kernel.lib.searching import api as searching

COUNTED = 20_000
"""How many of the newest cases are counted: enough for the words of a town, and its newest ones among them."""
FEWEST = 3
"""A pair that fewer cases hold is not kept: it may be somebody's name."""
MOST_BESIDE = 150

_BESIDE = """
SELECT found.text, found.sound, found.cases
FROM unnest(%(first)s::text[]) AS wanted(char)
CROSS JOIN LATERAL (
    SELECT text, sound, cases FROM cases_searchpair WHERE first = wanted.char ORDER BY cases DESC LIMIT %(most)s
) AS found
UNION
SELECT found.text, found.sound, found.cases
FROM unnest(%(last)s::text[]) AS wanted(char)
CROSS JOIN LATERAL (
    SELECT text, sound, cases FROM cases_searchpair WHERE last = wanted.char ORDER BY cases DESC LIMIT %(most)s
) AS found
"""


class Counted:
    """The table of pairs, asked a bounded question at a time."""

    def known(self, pairs: Collection[str]) -> Mapping[str, int]:
        return dict(SearchPair.objects.filter(text__in=pairs).values_list("text", "cases"))

    def sounding(self, sounds: Collection[str]) -> Iterable[searching.Pair]:
        rows = SearchPair.objects.filter(sound__in=sounds).order_by("-cases")[:MOST_BESIDE]
        return [_pair(*row) for row in rows.values_list("text", "sound", "cases")]

    def beside(self, first: Collection[str], last: Collection[str]) -> Iterable[searching.Pair]:
        with connection.cursor() as cursor:
            cursor.execute(_BESIDE, {"first": sorted(first), "last": sorted(last), "most": MOST_BESIDE})
            return [_pair(*row) for row in cursor.fetchall()]


def _pair(text: str, sound: str, cases: int) -> searching.Pair:
    return searching.Pair(text=text, sound=sound, cases=cases)


def count_pairs() -> int:
    """Count the newest cases' pairs anew, but for confidential ones. Returns how many are kept.

    What is no longer held by three cases goes.
    """
    counts: Counter[str] = Counter()
    secret = [type_.id for type_ in CASE_TYPES if type_.visibility is Visibility.CONFIDENTIAL]
    newest = Case.objects.exclude(type__in=secret).order_by("-received_at", "-pk")[:COUNTED]
    for texts in newest.values_list("title", "address", "text").iterator(chunk_size=2_000):
        terms = searching.terms_of(texts)
        counts.update(term for term in terms if len(term) == 2 and searching.is_chinese(term))
    kept = [
        SearchPair(text=text, first=text[0], last=text[1], sound=searching.sound(text)[:20], cases=count)
        for text, count in counts.items()
        if count >= FEWEST
    ]
    with transaction.atomic():
        SearchPair.objects.exclude(text__in=[pair.text for pair in kept]).delete()
        SearchPair.objects.bulk_create(
            kept,
            batch_size=2_000,
            update_conflicts=True,
            unique_fields=["text"],
            update_fields=["first", "last", "sound", "cases"],
        )
    return len(kept)
