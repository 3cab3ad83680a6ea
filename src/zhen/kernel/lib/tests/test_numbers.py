"""Money, large numbers, words and dates."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.lib.numbers import (
    LARGEST,
    Money,
    Unreadable,
    chinese_date,
    formal_date,
    formal_words,
    parse_date,
    parse_words,
    short,
    words,
)


@pytest.mark.parametrize(
    ("text", "fen"),
    [("1,234.5", 123450), ("¥1234.50", 123450), ("-3", -300), ("1.5万", 1_500_000), ("2亿元", 20_000_000_000)],
)
def test_amounts_are_read(text: str, fen: int) -> None:
    assert Money.parse(text) == Money(fen)


@pytest.mark.parametrize("text", ["", "abc", "1.234", "1..2", "元", "1e5", "9" * 29, "1000000000000.01", "99999亿"])
def test_what_is_no_amount_is_refused_by_its_text(text: str) -> None:
    with pytest.raises(Unreadable, match=f"“{re.escape(text)}”"):
        Money.parse(text)


def test_money_is_never_a_float() -> None:
    with pytest.raises(TypeError, match="whole fen"):
        Money(1.5)  # type: ignore[arg-type]


@given(st.integers(-(10**14), 10**14))
def test_an_amount_reads_back_as_written(fen: int) -> None:
    assert Money.parse(str(Money(fen))) == Money(fen)


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 1000), min_size=1, max_size=20).filter(any))
def test_shares_sum_to_the_whole(fen: int, weights: list[int]) -> None:
    shares = Money(fen).share(weights)
    assert sum(share.fen for share in shares) == fen
    assert all(share.fen == 0 for share, weight in zip(shares, weights, strict=True) if weight == 0)


def test_large_amounts_are_short_with_the_exact_value() -> None:
    assert Money(1_123_456_00).short.text == "¥112.3万"
    assert Money(1_123_456_00).short.exact == "¥1,123,456.00"
    assert Money(-250_000_000_00).short.text == "-¥2.5亿"
    assert Money(999_00).short.text == "¥999.00"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (9_999, "9,999"),
        (10_000, "1万"),
        (112_345, "11.2万"),
        (99_999_999, "1亿"),
        (123_456_789, "1.2亿"),
        (-20_000, "-2万"),
    ],
)
def test_numbers_in_wan_and_yi(value: int, text: str) -> None:
    assert short(value).text == text
    assert short(value).exact == f"{value:,}"


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (123450, "人民币壹仟贰佰叁拾肆元伍角整"),
        (1680_32, "人民币壹仟陆佰捌拾元叁角贰分"),
        (1409_05, "人民币壹仟肆佰零玖元零伍分"),
        (100, "人民币壹元整"),
        (0, "人民币零元整"),
        (7, "人民币柒分"),
        (60070, "人民币陆佰元柒角整"),
        (107000_53, "人民币壹拾万柒仟元伍角叁分"),
        (16_409_02, "人民币壹万陆仟肆佰零玖元零贰分"),
        (6_007_14, "人民币陆仟零柒元壹角肆分"),
        (325_04, "人民币叁佰贰拾伍元零肆分"),
    ],
)
def test_amounts_in_formal_words(fen: int, text: str) -> None:
    assert Money(fen).words == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "零"),
        (10, "十"),
        (14, "十四"),
        (110, "一百一十"),
        (2004, "二千零四"),
        (10_010, "一万零一十"),
        (100_000_001, "一亿零一"),
        (1_200_000_000_000, "一万二千亿"),
        (3_000_000_000_000, "三万亿"),
        (-5, "负五"),
    ],
)
def test_number_words(value: int, text: str) -> None:
    assert words(value) == text
    assert parse_words(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("一百二", 120), ("两千", 2000), ("二〇二〇", 2020), ("一千零五", 1005), ("三万五", 35_000), ("百", 100)],
)
def test_spoken_forms_are_read(text: str, value: int) -> None:
    assert parse_words(text) == value


@pytest.mark.parametrize("text", ["", "abc", "一元", "负"])
def test_what_is_no_number_word_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_words(text)


@given(st.integers(-LARGEST, LARGEST))
def test_words_read_back_as_the_number(value: int) -> None:
    assert parse_words(words(value)) == value
    assert parse_words(formal_words(value)) == value


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)))
def test_dates_read_back_as_written(day: date) -> None:
    assert parse_date(chinese_date(day)) == day
    assert parse_date(day.isoformat()) == day


def test_dates_as_offices_write_them() -> None:
    assert chinese_date(date(2020, 4, 20)) == "2020年4月20日"
    assert formal_date(date(2020, 4, 20)) == "二〇二〇年四月二十日"


def test_a_day_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Unreadable, match="not a day of the calendar"):
        parse_date("2021年2月29日")
