"""Numbers with their units, as plans write them: 8万亩, 4.5%—5%, 三十个, 百分之六十, 翻一番, 2.1∶1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .model import Value
from .units import UNIT


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number where it stands. `form` says how it was written, which decides how far it is trusted."""

    start: int
    end: int
    value: Value
    unit: str
    form: str  # arabic | chinese | range | multiple | zero | proportion
    vague: bool = False  # 余, 多: more than the number says


_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_MORE = r"[余多来]"
_SCALE = r"(?:[百千]?万亿|[十百千]?万|[十百千]?亿|[百千](?![万亿A-Za-z分瓦克米伏]))"
_DASH = r"(?:\s?[-—–~～]{1,2}\s?|[至到])"
_NOT_INSIDE = r"(?<![\dA-Za-z.#+×*_])"

# Word processors put a blank between a number and its unit: 新建 3 所.
_NUMBER = re.compile(
    rf"{_NOT_INSIDE}(?P<low>{_ARABIC})(?P<lscale> ?{_SCALE})?(?P<lunit> ?{UNIT})?{_DASH}"
    rf"(?P<high>{_ARABIC})(?P<hmore>{_MORE})?(?P<hscale> ?{_SCALE})?(?P<hunit> ?{UNIT})"
    rf"|{_NOT_INSIDE}(?P<one>{_ARABIC})(?P<more> ?{_MORE})?(?P<scale> ?{_SCALE})?(?P<more2>{_MORE})?"
    rf"(?P<unit> ?{UNIT})?(?![A-Za-z])"
)
_PROPORTION = re.compile(r"(?<=比)[^，。；\d]{0,8}?(?P<a>\d+(?:\.\d+)?)[：/](?P<b>\d+(?:\.\d+)?)(?!\d)")

_CN_DIGIT = "一二两三四五六七八九"
_CN_RANGE = re.compile(
    rf"(?<![{_CN_DIGIT}十百千万亿第])(?P<low>[{_CN_DIGIT}])(?:至|到)(?P<high>[{_CN_DIGIT}十])(?P<unit>{UNIT})"
)
_CHINESE = re.compile(
    rf"(?<![{_CN_DIGIT}十百千万亿零第点几数“])(?P<core>[{_CN_DIGIT}零十百千]*[{_CN_DIGIT}十百千]|(?=[万亿]))(?P<more>{_MORE})?"
    rf"(?P<scale>万亿|万|亿)?(?P<more2>{_MORE})?(?P<unit>{UNIT})"
)
_PER = re.compile(rf"(?P<base>百|千|万)分之(?P<core>[{_CN_DIGIT}零十百]+(?:点[{_CN_DIGIT}零]+)?|{_ARABIC})")
_MULTIPLE = re.compile(rf"翻(?P<times>[{_CN_DIGIT}\d])?番(?!新)|倍增(?=[。，；、\n]|$)")
_ZERO = re.compile(r"(?<=清)零|(?<=归)零|零(?=事故|死亡|伤亡|发生|增长|感染|上访|非访|新增|容忍度|报告病例|投诉|差错)")


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def chinese_number(text: str) -> float | None:
    """The value of a matched Chinese numeral, None where the signs make no number.

    >>> chinese_number("三十五"), chinese_number("两"), chinese_number("百"), chinese_number("十十")
    (35.0, 2.0, 100.0, None)
    """
    if re.search(r"[一二两三四五六七八九]{2}", text):
        return None  # 一二三产业, 三四轮车: digits in a row make a list, not a number
    plain = text.replace("两", "二")
    if plain and plain[0] in "百千":
        plain = "一" + plain
    # Imported at first use: it takes a third of a second at every start, and only reading a plan needs it.
    import cn2an  # type: ignore[import-untyped,unused-ignore]

    try:
        return float(cn2an.cn2an(plain, "smart"))
    except ValueError:
        return None


def quantities(norm: str) -> Iterator[Quantity]:
    """All numbers of a text, in order of their kind of writing; the reader sorts by place."""
    taken: list[tuple[int, int]] = []
    for match in _PROPORTION.finditer(norm):
        start, end = match.span("a")[0], match.span("b")[1]
        if float(match["b"]) == 1:
            taken.append((start, end))
            yield Quantity(start, end, float(match["a"]), "", "proportion")
    blocked = set(range(0))
    for start, end in taken:
        blocked.update(range(start, end))
    for match in _NUMBER.finditer(norm):
        if match.start() not in blocked and match.end() - 1 not in blocked:
            yield from _arabic(match)
    for match in _PER.finditer(norm):
        value = chinese_number(match["core"]) if not match["core"][0].isdigit() else _number(match["core"])
        if value is not None:
            unit = {"百": "%", "千": "‰", "万": "‱"}[match["base"]]
            yield Quantity(match.start(), match.end(), value, unit, "arabic")
    for match in _MULTIPLE.finditer(norm):
        times = match["times"]
        doublings = (
            1.0
            if not times
            else chinese_number(times) or float(times)
            if times.isdigit()
            else chinese_number(times) or 1.0
        )
        yield Quantity(match.start(), match.end(), 2.0 ** min(doublings, 9.0), "倍", "multiple")
    for match in _ZERO.finditer(norm):
        yield Quantity(match.start(), match.end(), 0.0, "", "zero")
    yield from _chinese(norm)


def _arabic(match: re.Match[str]) -> Iterator[Quantity]:
    if match["low"] is not None:
        unit = _joined(match["hscale"], match["hunit"])
        low_unit = _joined(match["lscale"], match["lunit"])
        low, high = _number(match["low"]), _number(match["high"])
        if low_unit in ("", unit, _joined(match["lscale"])) and low < high:
            yield Quantity(match.start(), match.end(), (low, high), unit, "range")
            return
        # 3万个至500个 is no range but two numbers
        yield Quantity(
            match.start(), match.end("lunit") if match["lunit"] else match.end("low"), low, low_unit, "arabic"
        )
        yield Quantity(match.start("high"), match.end(), high, unit, "arabic")
        return
    unit = _joined(match["scale"], match["unit"])
    vague = bool(match["more"] or match["more2"])
    yield Quantity(match.start(), match.end(), _number(match["one"]), unit, "arabic", vague)


def _joined(*parts: str | None) -> str:
    return "".join(part.strip() for part in parts if part)


def _chinese(norm: str) -> Iterator[Quantity]:
    ranged: set[int] = set()
    for match in _CN_RANGE.finditer(norm):
        low, high = chinese_number(match["low"]), chinese_number(match["high"])
        if low is not None and high is not None and low < high:
            ranged.update(range(match.start(), match.end()))
            yield Quantity(match.start(), match.end(), (low, high), match["unit"], "chinese")
    for match in _CHINESE.finditer(norm):
        if match.start() in ranged:
            continue
        value = chinese_number(match["core"]) if match["core"] else 1.0
        if value is not None:
            unit = (match["scale"] or "") + match["unit"]
            vague = bool(match["more"] or match["more2"])
            yield Quantity(match.start(), match.end(), value, unit, "chinese", vague)
