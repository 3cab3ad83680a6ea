"""The demo town suggests a class from words alone."""

from __future__ import annotations

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import KeywordRule, suggest
from zhen.packs.grid.catalogue import CASE_TYPE, lay_classes
from zhen.packs.grid.demo.keywords import lay_keywords
from zhen.packs.grid.demo.stage import samples

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
SHARE = 0.9


@pytest.fixture(autouse=True)
def words(db: None) -> None:
    lay_classes(SYSTEM)
    assert lay_keywords(SYSTEM) == KeywordRule.objects.count()


def test_most_of_what_the_demo_tells_is_suggested_rightly_with_its_reason() -> None:
    wrong = []
    for sample in samples():
        found = suggest(sample.title.format(where="白玉路"), CASE_TYPE)
        if not found or found[0].category.code != sample.code:
            wrong.append((sample.title, [one.category.name for one in found]))
        else:
            assert "Because of" in found[0].reason
    assert len(wrong) <= (1 - SHARE) * len(samples()), wrong


def test_what_no_word_speaks_for_is_left_open() -> None:
    assert suggest("您好，请问现在几点了", CASE_TYPE) == ()
