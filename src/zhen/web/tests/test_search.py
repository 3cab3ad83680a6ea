"""The search over everything."""

import pytest
from django.test import Client

from zhen.kernel.identity.models import Unit
from zhen.web.search import match, terms_of


def test_traditional_characters_find_simplified_ones() -> None:
    assert terms_of("樓宇") == ("楼宇",)


def test_chinese_is_cut_into_words() -> None:
    assert "垃圾" in terms_of("垃圾 分类")


@pytest.mark.parametrize(
    ("text", "query", "why"),
    [
        ("楼宇", "楼宇", "the same words"),
        ("楼宇经济", "楼宇", "begins with"),
        ("重点楼宇", "楼宇", "contains"),
        ("楼宇经济", "lyj", "pinyin initials lyj"),
    ],
)
def test_each_hit_says_why(text: str, query: str, why: str) -> None:
    from django.utils import translation

    with translation.override("en"):
        assert match(text, terms_of(query))[0].startswith(why)


def test_the_search_finds_pages_and_what_sources_know(reader: Client, office: Unit) -> None:
    assert "/desk/dummy/units/" in reader.get("/search/?q=units&part=hits").content.decode()
    assert office.name in reader.get(f"/search/?q={office.name}").content.decode()


def test_the_search_shows_a_stranger_nothing(stranger: Client, office: Unit) -> None:
    text = stranger.get(f"/search/?q={office.name}&part=hits").content.decode()

    assert 'role="option"' not in text


def test_the_search_asks_the_public_to_sign_in(db: None) -> None:
    assert Client().get("/search/?q=x").status_code == 302
