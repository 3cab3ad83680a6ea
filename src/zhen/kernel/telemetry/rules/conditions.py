"""A condition as functions: each part (leaf) has a bit that says whether it holds, and the tree joins the bits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from zhen.kernel.telemetry.declarations import (
    Above,
    AllOf,
    AnyOf,
    Below,
    Condition,
    Equals,
    Rate,
    Silent,
)
from zhen.kernel.telemetry.rules.values import MICROSECOND, Windows

BUCKETS = 16
"""A rate looks at its time in so many buckets: its state stays small, and its time is exact to one of them."""

Window = tuple[tuple[int, float], ...]
Step = Callable[[float, bool], bool]
Join = Callable[[int], bool]
Quiet = Callable[[float], bool]


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A part that looks at one metric: whether it holds after a value, given whether it held before."""

    bit: int
    step: Step


@dataclass(frozen=True, kw_only=True)
class RateLeaf:
    """A part that looks at how a metric changes; `slot` is its place among the windows of the state.

    `sign` turns a fall into a rise.
    """

    bit: int
    slot: int
    width: int
    sign: int
    above: float


@dataclass(frozen=True, kw_only=True)
class Tree:
    """A compiled condition. `silent` is the bit of the part that waits for silence, `after` its time (0: none)."""

    join: Join
    leaves: Mapping[str, tuple[Leaf | RateLeaf, ...]]
    rates: int
    silent: int
    after: int

    @property
    def single(self) -> bool:
        """Whether it looks at a value on its own: no other part, no silence, no change."""
        return not self.silent and not self.rates and sum(map(len, self.leaves.values())) == 1


def compile_condition(condition: Condition, interval: int) -> Tree:
    """`interval` is the profile's, in microseconds: a silence without a time of its own is three of them."""
    builder = _Builder(interval)
    join = builder.build(condition)
    return Tree(
        join=join,
        leaves={metric: tuple(leaves) for metric, leaves in builder.leaves.items()},
        rates=builder.rates,
        silent=builder.silent,
        after=builder.after,
    )


class _Builder:
    def __init__(self, interval: int) -> None:
        self.interval = interval
        self.leaves: dict[str, list[Leaf | RateLeaf]] = {}
        self.bits = 0
        self.rates = 0
        self.silent = 0
        self.after = 0

    def build(self, condition: Condition) -> Join:
        match condition:
            case AllOf(conditions=parts):
                return _all([self.build(part) for part in parts])
            case AnyOf(conditions=parts):
                return _any([self.build(part) for part in parts])
            case Silent(after=after):
                self.silent = self._bit()
                self.after = after // MICROSECOND if after is not None else 3 * self.interval
                return _bit(self.silent)
            case Rate(metric=metric, per=per, above=above):
                width = max(1, per // MICROSECOND // BUCKETS)
                leaf = RateLeaf(
                    bit=self._bit(), slot=self.rates, width=width, sign=1 if above > 0 else -1, above=abs(above)
                )
                self.rates += 1
                self.leaves.setdefault(metric, []).append(leaf)
                return _bit(leaf.bit)
            case Above() | Below() | Equals():
                single = Leaf(bit=self._bit(), step=_step(condition))
                self.leaves.setdefault(condition.metric, []).append(single)
                return _bit(single.bit)

    def _bit(self) -> int:
        self.bits += 1
        return 1 << (self.bits - 1)


def _bit(bit: int) -> Join:
    return lambda truth: truth & bit != 0


def _all(parts: list[Join]) -> Join:
    return lambda truth: all(part(truth) for part in parts)


def _any(parts: list[Join]) -> Join:
    return lambda truth: any(part(truth) for part in parts)


def _step(leaf: Above | Below | Equals) -> Step:
    match leaf:
        case Above(limit=limit, clear=clear):
            over = limit if clear is None else clear
            return lambda value, held: value > over if held else value > limit
        case Below(limit=limit, clear=clear):
            over = limit if clear is None else clear
            return lambda value, held: value < over if held else value < limit
        case Equals(value=wanted):
            return lambda value, held: value == wanted


def quiet_of(leaves: tuple[Leaf | RateLeaf, ...]) -> Quiet | None:
    """Whether a value leaves all parts of an idle rule as they are. The one question that nearly every reading asks.

    `None` where only the state can tell: a rate remembers every value.
    """
    steps = [leaf.step for leaf in leaves if isinstance(leaf, Leaf)]
    if len(steps) < len(leaves):
        return None
    if len(steps) == 1:
        (step,) = steps
        return lambda value: not step(value, False)
    return lambda value: not any(step(value, False) for step in steps)


def step_leaves(
    leaves: tuple[Leaf | RateLeaf, ...], truth: int, windows: Windows, at: int, value: float
) -> tuple[int, Windows]:
    """The bits and windows after a value."""
    for leaf in leaves:
        if isinstance(leaf, Leaf):
            holds = leaf.step(value, truth & leaf.bit != 0)
        else:
            before = windows[leaf.slot] if leaf.slot < len(windows) else ()
            holds, window = _rise(leaf, before, at, value)
            windows = _put(windows, leaf.slot, window)
        truth = truth | leaf.bit if holds else truth & ~leaf.bit
    return truth, windows


def _rise(leaf: RateLeaf, window: Window, at: int, value: float) -> tuple[bool, Window]:
    """Whether the value is so much above the lowest of its time. Kept are values that can still be the lowest of
    some later time: each is lower than all after it."""
    bucket, own = at // leaf.width, leaf.sign * value
    kept = [entry for entry in window if entry[0] > bucket - BUCKETS]
    rises = bool(kept) and own - kept[0][1] > leaf.above
    while kept and kept[-1][1] >= own:
        kept.pop()
    if not kept or kept[-1][0] < bucket:
        kept.append((bucket, own))
    return rises, tuple(kept)


def _put(windows: Windows, slot: int, window: Window) -> Windows:
    filled = list(windows) + [()] * (slot + 1 - len(windows))
    filled[slot] = window
    return tuple(filled)
