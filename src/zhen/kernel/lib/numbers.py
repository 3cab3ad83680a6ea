"""Money, large numbers, dates and number words as a Chinese office writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Self

from django.utils.translation import gettext as _

WAN = 10_000
YI = 100_000_000


MOST = 100_000_000_000_000
"""Fen (one 万亿 yuan): what many thousand of these come to still fits a column of the database, to the fen."""
LONGEST = 60


class Unreadable(ValueError):
    """A text is not the number or date it should be. Remedy: see the form named in the message."""


def _no_amount(text: str) -> Unreadable:
    told = _("“%(text)s” is not an amount: write yuan such as 1234.50, 1.5万 or 2亿")
    return Unreadable(told % {"text": text[:LONGEST]})


# Money


@dataclass(frozen=True, order=True)
class Money:
    """An amount of renminbi in fen, the smallest unit; never a float, never a fraction."""

    fen: int

    def __post_init__(self) -> None:
        if not isinstance(self.fen, int) or isinstance(self.fen, bool):
            raise TypeError(f"Money({self.fen!r}): give whole fen as an int")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read yuan: "1,234.5", "¥ 1234.50", "-3", "1.5万", "2亿元"; at most MOST. Raises Unreadable."""
        found = re.fullmatch(r"([+-]?)[¥￥]?\s*([0-9][0-9,]*(?:\.[0-9]+)?)\s*(万|亿)?元?", text.strip())
        if not found:
            raise _no_amount(text)
        sign, digits, unit = found.groups()
        try:
            fen = Decimal(digits.replace(",", "")) * {None: 1, "万": WAN, "亿": YI}[unit] * 100
        except InvalidOperation:
            raise _no_amount(text) from None
        if fen > MOST:
            raise Unreadable(
                _("“%(text)s” is more than any town has: give at most %(most)s")
                % {"text": text[:LONGEST], "most": Money(MOST).short.text}
            )
        if fen != fen.to_integral_value():
            raise Unreadable(
                _("“%(text)s” has a part below one fen: give at most two decimals of a yuan") % {"text": text[:LONGEST]}
            )
        return cls(-int(fen) if sign == "-" else int(fen))

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __mul__(self, count: int) -> Money:
        return Money(self.fen * count)

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return self.fen != 0

    def share(self, weights: list[int]) -> list[Money]:
        """Split by whole-numbered weights; the parts sum to the whole, the first ones take the odd fen."""
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError(f"share({weights}): give weights of zero or more with a sum above zero")
        sign = -1 if self.fen < 0 else 1
        amount = abs(self.fen)
        parts = [amount * weight // total for weight in weights]
        by_rest = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
        for i in by_rest[: amount - sum(parts)]:
            parts[i] += 1
        return [Money(sign * part) for part in parts]

    def __str__(self) -> str:
        """¥1,234.50, as it is written in lists and vouchers."""
        yuan, fen = divmod(abs(self.fen), 100)
        return f"{'-' if self.fen < 0 else ''}¥{yuan:,}.{fen:02d}"

    @property
    def short(self) -> Short:
        """In 万 and 亿 where large, with the exact amount beside it."""
        yuan = Decimal(self.fen) / 100
        if abs(yuan) < WAN:
            return Short(text=str(self), exact=str(self))
        sign, text = ("-", short(-yuan).text) if yuan < 0 else ("", short(yuan).text)
        return Short(text=f"{sign}¥{text}", exact=str(self))

    @property
    def words(self) -> str:
        """人民币壹仟贰佰叁拾肆元伍角整, as vouchers ask for it.

        Source: 支付结算办法 (1997), annex 1, articles 1 to 4.
        """
        yuan, rest = divmod(abs(self.fen), 100)
        jiao, fen = divmod(rest, 10)
        text = f"{_words(yuan, FORMAL)}元" if yuan or not rest else ""
        if jiao:
            text += f"{FORMAL.digits[jiao]}角"
        elif fen and yuan:
            text += FORMAL.digits[0]
        text += f"{FORMAL.digits[fen]}分" if fen else "整"
        return f"人民币{'负' if self.fen < 0 else ''}{text}"


# Large numbers


@dataclass(frozen=True)
class Short:
    """A number in few characters, and exactly (shown on hover)."""

    text: str
    exact: str

    def __str__(self) -> str:
        return self.text


def short(value: int | float | Decimal) -> Short:
    """112345 → 11.2万 with the exact 112,345; at most one decimal, and 亿 from one hundred million on."""
    number = Decimal(str(value))
    exact = f"{number:,f}"
    size = abs(number)
    # What rounds up to 10000.0万 is written as 1亿.
    if size >= YI - WAN // 20:
        return Short(f"{_one_decimal(number / YI)}亿", exact)
    if size >= WAN:
        return Short(f"{_one_decimal(number / WAN)}万", exact)
    return Short(exact, exact)


def _one_decimal(number: Decimal) -> str:
    text = f"{number.quantize(Decimal('0.1')):,f}"
    return text.removesuffix(".0")


# Number words


@dataclass(frozen=True)
class _Script:
    digits: str
    units: tuple[str, str, str, str]


PLAIN = _Script("零一二三四五六七八九", ("", "十", "百", "千"))
FORMAL = _Script("零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"))
SECTIONS = ("", "万", "亿", "万亿")
LARGEST = 10**16 - 1


def words(value: int) -> str:
    """The Chinese words of a whole number: 10 → 十, 2004 → 二千零四. At most 16 digits."""
    text = _words(abs(value), PLAIN)
    if text.startswith("一十"):
        text = text[1:]
    return f"负{text}" if value < 0 else text


def formal_words(value: int) -> str:
    """The words that cannot be altered by a stroke: 10 → 壹拾."""
    return f"{'负' if value < 0 else ''}{_words(abs(value), FORMAL)}"


def _words(value: int, script: _Script) -> str:
    if value > LARGEST:
        raise ValueError(f"{value} has more than 16 digits")
    if value == 0:
        return script.digits[0]
    text = ""
    gap = False
    for index in (3, 2, 1, 0):
        section = value // WAN**index % WAN
        if section == 0:
            gap = gap or bool(text)
            continue
        if text and (gap or section < 1000):
            text += script.digits[0]
        gap = False
        # 万亿 is written 万 where more 亿 follow: 一万二千亿, not 一万亿二千亿.
        unit = "万" if index == 3 and value // WAN**2 % WAN else SECTIONS[index]
        text += _section(section, script) + unit
    return text


def _section(section: int, script: _Script) -> str:
    text = ""
    for place in (3, 2, 1, 0):
        digit = section // 10**place % 10
        if digit:
            text += script.digits[digit] + script.units[place]
        elif text and section % 10**place and not text.endswith(script.digits[0]):
            text += script.digits[0]
    return text


_DIGIT = {
    char: value
    for script in ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖", " 幺两")
    for value, char in enumerate(script)
    if char != " "
}
_UNIT = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}


def parse_words(text: str) -> int:
    """Read number words: 二千零四, 两百, 一百二 (120), 二〇二〇, 三万亿, 负五. Raises Unreadable."""
    body = text.removeprefix("负")
    value = _parse_digits(body) if body and all(char in _DIGIT for char in body) else _parse_sections(body, text)
    return -value if body is not text and text.startswith("负") else value


def _parse_digits(body: str) -> int:
    return int("".join(str(_DIGIT[char]) for char in body))


def _parse_sections(body: str, text: str) -> int:
    total = section = 0
    digit: int | None = None
    unit = 1
    if not body:
        raise Unreadable(
            _("“%(text)s” is not a number in words: write one such as 二千零四") % {"text": text[:LONGEST]}
        )
    for char in body:
        if char in _DIGIT:
            digit = _DIGIT[char]
            if digit == 0:
                unit = 1
        elif char in _UNIT:
            unit = _UNIT[char]
            section += (1 if digit is None else digit) * unit
            digit = None
        elif char == "万":
            section = (section + (digit or 0)) * WAN
            if total >= YI and section >= YI:
                raise Unreadable(_("“%(text)s” is not a number in words: 万 stands twice") % {"text": text[:LONGEST]})
            total, section, digit, unit = total + section, 0, None, WAN
        elif char == "亿":
            total, section, digit, unit = (total + section + (digit or 0)) * YI, 0, None, YI
        else:
            raise Unreadable(
                _("“%(text)s” is not a number in words: “%(letter)s” is neither digit nor unit")
                % {"text": text[:LONGEST], "letter": char}
            )
    # A last digit without its unit stands one place below the unit before it: 一百二 is 120.
    return total + section + (digit or 0) * (unit // 10 if unit > 10 and digit else 1)


# Dates

_DATE = re.compile(r"([0-9]{4})\s*(?:年|[-/.])\s*([0-9]{1,2})\s*(?:月|[-/.])\s*([0-9]{1,2})\s*日?")


def chinese_date(day: date) -> str:
    """2020年4月20日 (GB/T 15835-2011: no leading zeros)."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_month(day: date) -> str:
    return f"{day.year}年{day.month}月"


def formal_date(day: date) -> str:
    """二〇二〇年四月二十日, as it closes an official paper."""
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in f"{day.year:04d}")
    return f"{year}年{words(day.month)}月{words(day.day)}日"


def parse_date(text: str) -> date:
    """Read 2020年4月20日, 2020-04-20, 2020/4/20 or 2020.4.20. Raises Unreadable."""
    found = _DATE.fullmatch(text.strip())
    try:
        if found:
            year, month, day = (int(part) for part in found.groups())
            return date(year, month, day)
    except ValueError:
        raise Unreadable(_("“%(text)s” is not a day of the calendar") % {"text": text[:LONGEST]}) from None
    raise Unreadable(
        _("“%(text)s” is not a date: write one such as 2020年4月20日 or 2020-04-20") % {"text": text[:LONGEST]}
    )
