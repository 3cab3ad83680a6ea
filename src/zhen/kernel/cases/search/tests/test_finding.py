"""Finding cases by what people type."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.utils import translation

from zhen.kernel.access.api import Actor
from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import CASE_TYPES, Case, SearchFilters, Visibility, count_pairs, find, index_missing, narrow
from zhen.kernel.cases.models import SearchEntry, SearchPair
from zhen.kernel.cases.search.source import SEARCH
from zhen.kernel.cases.tests.conftest import NOW, REPAIR, Cast, Hands, a_case, an_actor
from zhen.kernel.identity.testing import a_user
from zhen.kernel.lib.searching.api import How

pytestmark = pytest.mark.django_db


def titles(actor: Actor, text: str, *args: Any) -> list[str]:
    return [hit.case.title for hit in find(actor, text, *args).hits]


def test_a_word_inside_a_longer_one_is_found_and_says_why_it_ranked(cast: Cast, hands: Hands) -> None:
    a_case(cast, title="路灯不亮")
    a_case(cast, title="路面窨井盖缺失", text="行人容易跌倒")
    (hit,) = find(cast.dispatcher, "井盖").hits
    assert hit.case.title == "路面窨井盖缺失"
    assert cases.why_found(hit.rank) == "“井盖” stands in the title (+4); received lately (+2)"
    with translation.override("zh-hans"):
        assert cases.why_found(hit.rank) == "标题里有“井盖”（+4）；近期收到（+2）"


@pytest.mark.parametrize("typed", ["窨井蓋", "路面窨井蓋缺失", "井蓋　缺失", "缺失的井盖"])
def test_traditional_characters_and_another_order_find_the_same(cast: Cast, typed: str) -> None:
    a_case(cast, title="路面窨井盖缺失")
    assert titles(cast.dispatcher, typed) == ["路面窨井盖缺失"]


@pytest.mark.parametrize(
    ("typed", "how"),
    [("警盖", How.SOUND), ("井概", How.SOUND), ("充电庄", How.SOUND), ("充点电桩", How.EXTRA), ("充气桩", How.OTHER),
     ("防通道", How.EXACT), ("消防道通", How.SWAPPED)],
)  # fmt: skip
def test_typing_errors_are_forgiven_from_the_words_of_the_towns_own_cases(cast: Cast, typed: str, how: How) -> None:
    for title in ("路面窨井盖缺失", "小区充电桩烧焦", "消防通道堵塞"):
        for _ in range(3):
            a_case(cast, title=title)
    assert count_pairs() > 5
    found = find(cast.dispatcher, typed).hits
    assert found
    assert how in {reason.how for reason in found[0].rank.reasons}


def test_without_a_vocabulary_one_wrong_character_in_three_is_still_forgiven(cast: Cast) -> None:
    a_case(cast, title="路面窨井盖缺失")
    assert titles(cast.dispatcher, "窨井益") == ["路面窨井盖缺失"]
    assert titles(cast.dispatcher, "窨水盖") == ["路面窨井盖缺失"]


def test_exact_words_stand_above_what_sounds_alike(cast: Cast) -> None:
    for title in ("公司门口积水", "公私混用车位"):
        for _ in range(3):
            a_case(cast, title=title)
    count_pairs()
    assert titles(cast.dispatcher, "公私")[0] == "公私混用车位"


def test_words_that_fewer_than_three_cases_hold_are_not_offered_to_others(cast: Cast) -> None:
    a_case(cast, title="王晓明家漏水")
    a_case(cast, title="王晓明家漏水")
    count_pairs()
    assert not SearchPair.objects.filter(text="晓明").exists()


def test_a_number_finds_its_case_first(cast: Cast) -> None:
    case = a_case(cast, title="路灯不亮")
    a_case(cast, title=f"与{case.number}有关")
    assert find(cast.dispatcher, case.number.lower()).hits[0].case == case


def test_another_units_cases_are_not_found(cast: Cast) -> None:
    case = a_case(cast, title="路面窨井盖缺失")
    cases.move(cast.dispatcher, case.pk, case.revision, "dispatch", cases.Move(unit_id=cast.carpenters.pk))
    assert titles(cast.alice, "井盖") == ["路面窨井盖缺失"]
    assert titles(cast.bob, "井盖") == []
    assert titles(an_actor(a_user("carl"), rights=frozenset()), "井盖") == []


def test_an_edited_case_is_found_by_its_new_words_only(cast: Cast) -> None:
    case = a_case(cast, title="路面窨井盖缺失")
    cases.edit(cast.dispatcher, case.pk, case.revision, {"title": "路灯不亮"})
    assert titles(cast.dispatcher, "井盖") == []
    assert titles(cast.dispatcher, "路灯") == ["路灯不亮"]


def test_a_registration_that_rolls_back_leaves_no_entry(cast: Cast) -> None:
    from zhen.kernel.lib.refusals import Refused

    with pytest.raises(Refused):
        a_case(cast, title=" ")
    assert not SearchEntry.objects.exists()


def test_filters_narrow_by_condition_and_time(cast: Cast, hands: Hands) -> None:
    a_case(cast, title="井盖一", received_at=NOW - timedelta(days=40))
    a_case(cast, title="井盖二", urgent=True)
    assert titles(cast.dispatcher, "井盖", SearchFilters(rows=Q(urgent=True))) == ["井盖二"]
    assert titles(cast.dispatcher, "井盖", SearchFilters(until=NOW - timedelta(days=30))) == ["井盖一"]
    assert titles(cast.dispatcher, "井盖", SearchFilters(since=NOW - timedelta(days=30))) == ["井盖二"]
    assert titles(cast.dispatcher, "井盖", SearchFilters(types=(REPAIR,))) == ["井盖二", "井盖一"]


def some_cases(cast: Cast, count: int, title: str = "井盖松动") -> None:
    """Cases of many weeks, written without the engine."""
    Case.objects.bulk_create(
        Case(
            number=f"X-{n}", type=REPAIR, state="received", title=f"{title}{n}",
            received_at=NOW - timedelta(days=n), changed_at=NOW,
        )
        for n in range(count)
    )  # fmt: skip
    assert index_missing() == count


def test_pages_follow_one_another_without_gap_or_repeat_across_windows(cast: Cast, hands: Hands) -> None:
    some_cases(cast, 250)
    seen: list[int] = []
    after, pages = "", 0
    while True:
        found = find(cast.dispatcher, "井盖", None, after)
        seen += [hit.case.pk for hit in found.hits]
        pages += 1
        after = found.after
        if not after:
            break
    assert len(seen) == len(set(seen)) == 250
    assert pages == 13


def test_the_newest_sixty_are_ranked_and_the_page_says_how_far_back_it_looked(cast: Cast, hands: Hands) -> None:
    some_cases(cast, 150)
    found = find(cast.dispatcher, "井盖")
    assert found.back_to == NOW - timedelta(days=59)
    assert [hit.case.number for hit in found.hits][:2] == ["X-0", "X-1"]


def test_who_may_read_few_of_many_still_finds_them(cast: Cast, hands: Hands) -> None:
    some_cases(cast, 600)
    Case.objects.filter(number__in=["X-550", "X-10"]).update(unit=cast.carpenters)
    assert [hit.case.number for hit in find(cast.alice, "井盖").hits] == ["X-10", "X-550"]


@pytest.mark.parametrize("after", ["", "x", "AAAA", "____________________________", "🙂", "A" * 500])
def test_a_page_mark_that_is_not_ours_begins_anew(cast: Cast, after: str) -> None:
    a_case(cast, title="井盖松动")
    assert len(find(cast.dispatcher, "井盖", None, after).hits) == 1


@pytest.mark.parametrize("text", ["", "  ", "，。", "%", "'; --", "\x00", "的", "a" * 500, "井" * 500])
def test_whatever_is_typed_an_answer_comes(cast: Cast, text: str) -> None:
    a_case(cast, title="井盖松动")
    assert isinstance(find(cast.dispatcher, text).hits, tuple)


def test_confidential_cases_are_found_only_where_their_type_is_named_and_their_words_are_not_offered(
    cast: Cast,
) -> None:
    for _ in range(3):
        a_case(cast, title="路面窨井盖缺失")
    object.__setattr__(CASE_TYPES[REPAIR], "visibility", Visibility.CONFIDENTIAL)
    try:
        assert titles(cast.dispatcher, "井盖") == []
        assert len(titles(cast.dispatcher, "井盖", SearchFilters(types=(REPAIR,)))) == 3
        assert count_pairs() == 0
    finally:
        object.__setattr__(CASE_TYPES[REPAIR], "visibility", Visibility.PUBLIC)


def test_a_list_is_narrowed_to_words_or_to_a_number(cast: Cast) -> None:
    case = a_case(cast, title="路面窨井盖缺失")
    a_case(cast, title="路灯不亮")
    assert list(narrow(cases.readable(cast.dispatcher), "井蓋")) == [case]
    assert list(narrow(cases.readable(cast.dispatcher), case.number)) == [case]


def test_the_search_over_everything_finds_cases_with_the_reason(cast: Cast) -> None:
    case = a_case(cast, title="路面窨井盖缺失")
    (hit,) = SEARCH.find(cast.dispatcher, ("井盖",), 5)
    assert (hit.title, hit.detail) == (case.title, case.number)
    assert "井盖" in str(hit.why)
    assert not list(SEARCH.find(an_actor(a_user("carl"), rights=frozenset()), ("井盖",), 5))


def test_a_search_asks_the_database_few_times(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for _ in range(10):
        a_case(cast, title="路面窨井盖缺失")
    with django_assert_max_num_queries(6):
        find(cast.dispatcher, "井盖")
