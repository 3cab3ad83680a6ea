"""Merkle trees: the definition of RFC 6962, and proofs of every leaf."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.lib import merkle


def h(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return h(b"\x01" + by_definition(leaves[:split]) + by_definition(leaves[split:]))


trees = st.lists(st.binary(max_size=8).map(lambda data: merkle.leaf(data, h)), min_size=1, max_size=40)


@given(trees)
def test_the_root_is_that_of_the_definition(leaves: list[bytes]) -> None:
    assert merkle.root(leaves, h) == by_definition(leaves)


@given(trees)
def test_every_leaf_leads_to_the_root_and_to_no_other(leaves: list[bytes]) -> None:
    root = merkle.root(leaves, h)
    for index, leaf in enumerate(leaves):
        steps = merkle.path(leaves, index, h)
        assert merkle.root_from(leaf, index, len(leaves), steps, h) == root
        assert merkle.root_from(h(leaf), index, len(leaves), steps, h) != root
        assert merkle.root_from(leaf, index, len(leaves), [*steps, leaf], h) is None
        if steps:
            assert merkle.root_from(leaf, index, len(leaves), steps[:-1], h) is None


def test_the_known_tree_of_certificate_transparency() -> None:
    """The root over the eight inputs of the reference tests of RFC 6962's log software."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [merkle.leaf(bytes.fromhex(text), h) for text in inputs]
    assert merkle.root(leaves, h).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert merkle.root(leaves[:1], h).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_an_empty_tree_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one leaf"):
        merkle.root([], h)
