"""Writing keyword rules. They are dated: a change ends one and begins another, so that the past stays explained."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.cases.models import Category, KeywordRule
from zhen.kernel.cases.models.classify import HEAVIEST
from zhen.kernel.journal import api as journal
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.lib.text import fold

LONGEST = 40


@action("cases.rules.change")
def add_keyword(
    actor: Actor, category: Category, word: str, *, weight: int, valid_from: date, source: str
) -> KeywordRule:
    """Let a word speak for a class from a day on; the rule of the same word and class ends there."""
    clean = fold(word)
    _check(category, clean, word, weight)
    running = Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from)
    for row in KeywordRule.objects.select_for_update().filter(running, category=category):
        if fold(row.word) != clean:
            continue
        if row.valid_from >= valid_from:
            raise Refused(
                field=_("from"),
                value=valid_from,
                reason=_("a rule of this word begins on %(day)s") % {"day": row.valid_from},
                remedy=_("Choose a later day, or end that rule first"),
            )
        row.valid_to = valid_from
        row.save(update_fields=["valid_to"])
    rule = KeywordRule.objects.create(
        category=category, word=word.strip(), weight=weight, valid_from=valid_from, source=source.strip()
    )
    journal.record("cases.keyword_added", by=actor, subject=rule, data=_said(rule))
    return rule


@action("cases.rules.change", silent=True)
def end_keywords(actor: Actor, rules: Iterable[KeywordRule], day: date) -> int:
    """End rules with a day; what has not begun by then goes altogether. How many were ended."""
    ended = 0
    wanted = KeywordRule.objects.select_for_update(of=("self",)).filter(pk__in=[rule.pk for rule in rules])
    for rule in wanted.select_related("category"):
        if rule.valid_to is not None and rule.valid_to <= day:
            continue
        journal.record("cases.keyword_ended", by=actor, subject=rule, data=_said(rule))
        if rule.valid_from >= day:
            rule.delete()
        else:
            rule.valid_to = day
            rule.save(update_fields=["valid_to"])
        ended += 1
    return ended


def _said(rule: KeywordRule) -> dict[str, object]:
    return {"word": rule.word, "category": rule.category.name, "weight": rule.weight}


def _check(category: Category, clean: str, word: str, weight: int) -> None:
    if not clean or len(clean) > LONGEST or "\x00" in word:
        raise Refused(
            field=_("word"),
            value=word,
            reason=_("it needs 1 to %(most)s characters") % {"most": LONGEST},
            remedy=_("Give one word as people write it"),
        )
    if weight == 0 or abs(weight) > HEAVIEST:
        raise Refused(
            field=_("weight"),
            value=weight,
            reason=_("it is not between -%(most)s and %(most)s, or it is 0") % {"most": HEAVIEST},
            remedy=_("5 is usual, 10 decides alone, below 0 speaks against the class"),
        )
    if not category.leaf:
        raise Refused(
            field=_("class"),
            value=category.name,
            reason=_("cases cannot have it"),
            remedy=_("Choose one of the lowest classes"),
        )
