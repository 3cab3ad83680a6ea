"""Sealed bids: neither half of a key says anything, and nothing that was changed opens."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhen.packs.finance.procurement import sealing
from zhen.packs.finance.procurement.sealing import Content, WrongKey

CONTENT = Content(price=12_345_00, days=30, statement="完全响应", salt="ab", file_name="标书.pdf", file=b"%PDF-1.7")
BOUND = b"1 bid"
ONE, TWO = sealing.new_pair("four words for one"), sealing.new_pair("four words for two")


def halves(wrapped: tuple[bytes, bytes], bound: bytes = BOUND) -> list[bytes]:
    phrases = ("four words for one", "four words for two")
    privates = [sealing.private_of(pair, phrase) for pair, phrase in zip((ONE, TWO), phrases, strict=True)]
    return [sealing.half(private, half, bound) for private, half in zip(privates, wrapped, strict=True)]


def test_two_halves_open_what_was_sealed() -> None:
    sealed, wrapped = sealing.seal(CONTENT, (ONE.public, TWO.public), BOUND)
    assert sealing.unseal(sealed, halves(wrapped), BOUND) == CONTENT
    assert "完全响应".encode() not in sealed


def test_one_half_opens_nothing_even_twice() -> None:
    sealed, wrapped = sealing.seal(CONTENT, (ONE.public, TWO.public), BOUND)
    first, second = halves(wrapped)
    for pair in ((first, first), (second, second), (first, bytes(32)), (bytes(32), second)):
        with pytest.raises(WrongKey):
            sealing.unseal(sealed, pair, BOUND)


def test_a_holder_opens_only_his_own_half_and_only_with_his_phrase() -> None:
    _sealed, wrapped = sealing.seal(CONTENT, (ONE.public, TWO.public), BOUND)
    with pytest.raises(WrongKey, match="does not open this key"):
        sealing.private_of(ONE, "four words for two")
    mine = sealing.private_of(ONE, "four words for one")
    with pytest.raises(WrongKey, match="was changed"):
        sealing.half(mine, wrapped[1], BOUND)
    with pytest.raises(WrongKey, match="was changed"):
        sealing.half(mine, wrapped[0], b"2 other bid")


def test_a_bid_moved_or_changed_by_one_bit_stays_closed() -> None:
    sealed, wrapped = sealing.seal(CONTENT, (ONE.public, TWO.public), BOUND)
    opened = halves(wrapped)
    with pytest.raises(WrongKey):
        sealing.unseal(sealed, opened, b"2 other bid")
    for place in (0, 13, len(sealed) - 1):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(WrongKey):
            sealing.unseal(bytes(changed), opened, BOUND)


texts = st.text(st.characters(codec="utf-8"), max_size=200)


@settings(deadline=None)
@given(price=st.integers(1, 10**15), days=st.integers(1, 3650), statement=texts, file=st.binary(max_size=500))
def test_whatever_is_bid_comes_out_as_it_went_in(price: int, days: int, statement: str, file: bytes) -> None:
    content = Content(price=price, days=days, statement=statement, salt=os.urandom(4).hex(), file=file)
    assert Content.from_bytes(content.to_bytes()) == content
    other = Content(price=price + 1, days=days, statement=statement, salt=content.salt, file=file)
    assert other.digest != content.digest
