"""Units as plans write them: 万亩 is ten thousand 亩. Pure; exact decimals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

_SCALES = (
    ("万亿", 10**12),
    ("百万", 10**6),
    ("千万", 10**7),
    ("亿", 10**8),
    ("万", 10**4),
    ("千", 10**3),
    ("百", 10**2),
)
# Words in which the first sign is no scale: 千米 is a unit of its own, and so is 百分点.
_WHOLE = frozenset({"千米", "千克", "千瓦", "千瓦时", "百分点", "个百分点"})


@dataclass(frozen=True, slots=True)
class Unit:
    """A scale and what is counted: 万平方米 → 10000 × 平方米."""

    scale: Decimal
    base: str


def unit_of(written: str) -> Unit:
    """The unit as a scale and a base.

    >>> unit_of("万亩")
    Unit(scale=Decimal('10000'), base='亩')
    >>> unit_of("千瓦")
    Unit(scale=Decimal('1'), base='千瓦')
    """
    written = written.strip()
    scale = Decimal(1)
    while written and written not in _WHOLE:
        for word, factor in _SCALES:
            if written.startswith(word):
                scale *= factor
                written = written[len(word) :]
                break
        else:
            break
    return Unit(scale, written)


# One thing counted by several words: a value in 家 answers a promise in 户.
_SAME = (
    {"", "个", "家", "户", "处", "项", "件", "座", "幢", "栋", "条", "所", "套", "台", "块", "片"},
    {"人", "名", "位"},
    {"%", "％", "百分比"},
    {"个百分点", "百分点"},
    {"米", "m"},
    {"千米", "公里", "km"},
    {"平方米", "㎡", "m²"},
    {"千克", "公斤", "kg"},
)


def convert(value: Decimal, written: str, wanted: str) -> Decimal | None:
    """`value` in the unit `wanted`, or `None` where the two units measure different things.

    >>> convert(Decimal(52000), "亩", "万亩")
    Decimal('5.2')
    >>> convert(Decimal(3), "%", "家") is None
    True
    """
    have, want = unit_of(written), unit_of(wanted)
    if have.base != want.base and not any(have.base in same and want.base in same for same in _SAME):
        return None
    return value * have.scale / want.scale


def plain(value: Decimal | None) -> str:
    """A decimal without trailing zeros.

    >>> plain(Decimal("6.000000"))
    '6'
    """
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
