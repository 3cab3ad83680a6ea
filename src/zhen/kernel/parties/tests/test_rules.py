"""Identity numbers, credit codes, contact points, purposes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.lib import masks
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.parties import rules

TODAY = date(2020, 6, 1)


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014", " 11010519491231002x "])
def test_the_examples_of_the_standard_are_read(number: str) -> None:
    assert rules.resident_number(number, today=TODAY).number == number.strip().upper()


def test_a_number_says_when_its_holder_was_born_and_the_sex() -> None:
    read = rules.resident_number("11010519491231002X", today=TODAY)
    assert (read.born_on, read.is_male) == (date(1949, 12, 31), False)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("110105194912310021", "check character"),
        ("11010519490231002X", "does not exist"),
        ("01010519491231002X", "no province"),
        ("110105202012310028", "cannot be"),
        ("110105491231002", "15 digits"),
        ("1101051949123100", "is not 17 digits"),
        ("", "is not 17 digits"),
    ],
)
def test_a_wrong_number_is_refused_with_the_reason_and_without_showing_it(number: str, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        rules.resident_number(number, today=TODAY)
    assert reason in str(caught.value.reason)
    assert not number or number not in str(caught.value)


@given(st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(place: int, shift: int) -> None:
    number = "11010519491231002X"
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(Refused):
        rules.resident_number(wrong, today=TODAY)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (
        lambda: rules.resident_number(text, today=TODAY),
        lambda: rules.credit_code(text),
        lambda: rules.phone(text),
        lambda: rules.email(text),
        lambda: rules.document_number(text),
        lambda: rules.purpose(text),
    ):
        try:
            read()
        except Refused as refused:
            assert refused.remedy  # noqa: PT017 many rules in one test of arbitrary text


@pytest.mark.parametrize("code", ["91350100M000100Y43", "9135 0100 m000 100y 43"])
def test_the_credit_code_of_the_standard_is_read(code: str) -> None:
    assert rules.credit_code(code) == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("91350100M000100Y44", "check character"),
        ("91350100M000100YO3", "is not 18"),
        ("Z1350100M000100Y43", "is not 18"),
        ("B1350100M000100Y43", "no registrar"),
    ],
)
def test_a_wrong_credit_code_is_refused_with_the_reason(code: str, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        rules.credit_code(code)
    assert reason in str(caught.value.reason)


@given(st.text(alphabet=rules.CREDIT_ALPHABET, min_size=16, max_size=16), st.integers(0, 16), st.integers(1, 30))
def test_every_single_wrong_character_of_a_code_is_noticed(rest: str, place: int, shift: int) -> None:
    body = "9" + rest
    right = body + rules.credit_check(body)
    letter = rules.CREDIT_ALPHABET[(rules.CREDIT_ALPHABET.index(right[place]) + shift) % 31]
    assert rules.credit_code(right) == right
    with pytest.raises(Refused):
        rules.credit_code(right[:place] + letter + right[place + 1 :])


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("138 0000 1234", "13800001234"),
        ("+86-13800001234", "13800001234"),
        ("０２１－５２５６００００", "02152560000"),
        ("+44 20 7946 0000", "+442079460000"),
    ],
)
def test_phone_numbers_have_one_form(text: str, form: str) -> None:
    assert rules.phone(text) == form


@pytest.mark.parametrize("text", ["", "12", "abc", "1380000123x"])
def test_what_is_no_phone_number_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        rules.phone(text)


def test_masks_show_too_little_to_use() -> None:
    assert masks.identity_number("310107195003081234") == "310***********1234"
    assert masks.phone("13800001234") == "138****1234"
    assert masks.email("zhang@example.com") == "z***@example.com"
    assert masks.person_name("张三丰") == "张**"
    assert masks.identity_number("1234567") == "••••••"


@given(st.text(max_size=40))
def test_no_mask_shows_the_whole_of_what_it_masks(text: str) -> None:
    for mask in (masks.identity_number, masks.phone, masks.hide):
        assert len(text) < 7 or mask(text) != text or set(text) == {"*"}


@pytest.mark.parametrize(
    "text",
    ["", "核实", "给张三丰办理", "身份证310199195003080117核对", "号码 3101 9919 5003 核对", "x" * 201],
)
def test_a_purpose_that_says_nothing_or_names_somebody_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        rules.purpose(text, names=("张三丰",))


def test_a_plain_purpose_is_taken() -> None:
    assert rules.purpose("  办理 高龄津贴 ", names=("张三丰",)) == "办理 高龄津贴"
