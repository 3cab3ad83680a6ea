"""Merkle trees as in RFC 6962, section 2.1 (Certificate Transparency), over any hash.

A leaf's hash is H(0x00 ‖ data), an inner node's H(0x01 ‖ left ‖ right); the left part of a tree of n
leaves is the largest power of two below n. Functions take the hashes of leaves, in order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Hash = Callable[[bytes], bytes]


def leaf(data: bytes, h: Hash) -> bytes:
    return h(b"\x00" + data)


def node(left: bytes, right: bytes, h: Hash) -> bytes:
    return h(b"\x01" + left + right)


def root(leaves: Sequence[bytes], h: Hash) -> bytes:
    """The root of a tree of at least one leaf."""
    if not leaves:
        raise ValueError("a tree has at least one leaf")
    level = list(leaves)
    while len(level) > 1:
        pairs = [node(level[i], level[i + 1], h) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]  # an odd last one moves up as it is
    return level[0]


def path(leaves: Sequence[bytes], index: int, h: Hash) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root, lowest first."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"leaf {index} is not in a tree of {len(leaves)}")
    found = []
    level = list(leaves)
    while len(level) > 1:
        neighbour = index ^ 1
        if neighbour < len(level):
            found.append(level[neighbour])
        pairs = [node(level[i], level[i + 1], h) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
        index //= 2
    return found


def root_from(leaf_hash: bytes, index: int, size: int, steps: Sequence[bytes], h: Hash) -> bytes | None:
    """The root that a path gives; `None` if the path does not fit the place and size."""
    if not 0 <= index < size:
        return None
    found, rest = leaf_hash, list(steps)
    while size > 1:
        if index ^ 1 < size:
            if not rest:
                return None
            beside = rest.pop(0)
            found = node(beside, found, h) if index & 1 else node(found, beside, h)
        index, size = index // 2, (size + 1) // 2
    return None if rest else found
