"""When a promise falls due: 2020年6月底前, 年内, 到2030年, “十五五”期末; by default the plan's own year."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .model import Deadline

_CN_DIGITS = str.maketrans("零一二三四五六七八九", "0123456789")
_PERIODS = {"十二五": 2015, "十三五": 2020, "十四五": 2025, "十五五": 2030, "十六五": 2035, "十七五": 2040}
_MONTHS = {
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "十一": 11,
    "十二": 12,
}

_YEAR = r"(?P<year>(?:19|20)\d\d|二零[零一二三四五六七八九]{2})年"
_BASELINE = re.compile(r"(?:比|较|在|从|自|由|相对于|与|以)$")
_DUE = re.compile(
    rf"(?P<until>到|至|截至|力争)?{_YEAR}(?P<part>底|末|初|上半年|下半年|年中|(?:第)?[一二三四]季度(?:末)?|"
    r"(?P<month>\d{1,2})月(?:\d{1,2}日|[上中下]旬|底|末|份)?)?(?:之?前|以前|内|为止)?"
)
_WITHIN = re.compile(
    r"(?P<m>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?:\d{1,2}日|[上中下]旬|底|末|份)?(?:之?前|以前|完成|建成|投用|开工|启动)|(?P<half>上半年)|"
    r"(?P<quarter>[一二三四])季度|(?P<all>年内|年底前?|年末|岁末|本年度|全年|今年|本年|当年)|(?P<next>明年)"
)
_PERIOD = re.compile(r"“?(?P<period>十[二三四五六七]五)”?(?:时期|期末|期间|末|规划|内|，|：)?")
_FIVE_YEARS = re.compile(r"(?:今后|未来|下一个)五年")


def parse_year(text: str) -> int:
    return int(text.translate(_CN_DIGITS))


def due_in(text: str, plan_year: int | None) -> Deadline | None:
    """The last deadline a stretch of text names, None where it names none. A year that is only compared with
    ("比2025年提高") names no deadline.

    >>> str(due_in("2020年6月底前建成", 2020)), str(due_in("到二零三五年", 2026))
    ('2020-06', '2035')
    >>> due_in("较2020年翻番", 2026) is None
    True
    >>> str(due_in("上半年完成", 2026)), str(due_in("“十五五”时期年均增长", 2026))
    ('2026-06', '2030')
    """
    best: tuple[int, Deadline] | None = None
    for match in _DUE.finditer(text):
        if _BASELINE.search(text[: match.start()]) or _is_title(text, match.end()):
            continue
        year = parse_year(match["year"])
        month = int(match["month"]) if match["month"] else _month_of(match["part"])
        best = _later(best, match, Deadline(year=year, month=month if month and month <= 12 else None, text=match[0]))
    for match in _PERIOD.finditer(text):
        best = _later(best, match, Deadline(year=_PERIODS[match["period"]], text=match[0]))
    if plan_year is None:
        return best[1] if best else None
    for match in _WITHIN.finditer(text):
        if best is not None and best[0] >= match.start() - 6:
            continue
        best = (match.start(), _within(match, plan_year))
    for match in _FIVE_YEARS.finditer(text):
        best = _later(
            best,
            match,
            Deadline(year=plan_year + 5 - plan_year % 5 - (5 if plan_year % 5 == 0 else 0), text=match[0]),
        )
    return best[1] if best else None


def _later(best: tuple[int, Deadline] | None, match: re.Match[str], due: Deadline) -> tuple[int, Deadline]:
    return (match.start(), due) if best is None or match.start() >= best[0] else best


def _is_title(text: str, end: int) -> bool:
    return text.startswith(("度计划", "版"), end)


def _month_of(part: str | None) -> int | None:
    if not part:
        return None
    if part in ("上半年", "年中"):
        return 6
    quarter = next((c for c in part if c in "一二三四"), None)
    return "一二三四".index(quarter) * 3 + 3 if quarter and "季度" in part else None


def _within(match: re.Match[str], plan_year: int) -> Deadline:
    if match["next"]:
        return Deadline(year=plan_year + 1, text=match[0])
    if match["half"]:
        return Deadline(year=plan_year, month=6, text=match[0])
    if match["quarter"]:
        return Deadline(year=plan_year, month="一二三四".index(match["quarter"]) * 3 + 3, text=match[0])
    if match["m"]:
        month = int(match["m"]) if match["m"].isdigit() else _MONTHS[match["m"]]
        return Deadline(year=plan_year, month=month, text=match[0])
    return Deadline(year=plan_year, text=match[0])


# -- the plan's own year ------------------------------------------------------------------------

_FORWARD_YEAR = re.compile(
    rf"{_YEAR}(?:度|的|全[市省县区镇])?(?:(?!总结|回顾|情况|\d{{4}}年)[^\n。，、]){{0,14}}?(?:计划|安排|打算|要点|思路|目标|重点工作|工作任务|重点任务|民生实事|为民办实事|实事)"
)
_TITLE_YEAR = re.compile(
    rf"{_YEAR}[^\n。，]{{0,16}}(?:政府工作报告|工作报告|报告|方案|清单|分工|分解)"
    rf"|(?:政府工作报告|工作报告)[^\n]{{0,6}}{_YEAR.replace('year', 'year2')}"
)
_FIVE_YEAR_PLAN = re.compile(r"第(十[一二三四五六七]?)个五年规划[^\n。，]{0,20}(?:纲要|规划)")
_DELIVERED = re.compile(rf"{_YEAR}(?P<month>\d{{1,2}})月")
_HEAD = 6000


@dataclass(frozen=True, slots=True)
class PlanDates:
    year: int | None
    issued: str | None


def plan_dates(norm: str, title: str, headings: str) -> PlanDates:
    """The year a plan is for, from its title, its forward headings, or the day it was delivered; and its
    date of issue. A report delivered in November or December speaks of the coming year."""
    head = norm[:_HEAD]
    issued = _issued(head)
    for source, pattern in ((title, _FORWARD_YEAR), (headings, _FORWARD_YEAR), (title, _TITLE_YEAR)):
        found = [m.groupdict() for m in pattern.finditer(source)]
        years = [parse_year(g["year"] or g.get("year2") or "0") for g in found]
        if years:
            return PlanDates(max(years), issued)
    five = _FIVE_YEAR_PLAN.search(title)
    if five:
        return PlanDates(1955 + 5 * (10 + " 一二三四五六七".index(five[1][1]) if len(five[1]) > 1 else 10), issued)
    found_years = [parse_year(m["year"]) for m in re.finditer(_YEAR, title)]
    if found_years:
        return PlanDates(max(found_years), issued)
    delivered = _DELIVERED.search(head)
    if delivered:
        late = int(delivered["month"]) >= 11
        return PlanDates(parse_year(delivered["year"]) + (1 if late else 0), issued)
    return PlanDates(None, issued)


_DATE = re.compile(rf"^[^\n]{{0,12}}?{_YEAR}(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日", re.MULTILINE)


def _issued(head: str) -> str | None:
    match = _DATE.search(head)
    if match is None:
        return None
    month, day = int(match["month"]), int(match["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{parse_year(match['year']):04d}-{month:02d}-{day:02d}"
