"""Days off and swap days as people write them, and as the State Council's notice puts them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib.refusals import Refused

Days = dict[date, str]
"""Each day with the name of its holiday, or an empty one."""

WEEKDAYS = "一二三四五六日"
LONGEST = 31
"""Days in one range: what is longer is a slip of the finger."""

_ONE = r"(?:(?P<{0}y>\d{{4}})\s*[年./-]\s*)?(?:(?P<{0}m>\d{{1,2}})\s*[月./-]\s*){1}(?P<{0}d>\d{{1,2}})日?"
_PAREN = r"(?:\s*[（(](?P<{0}p>[^）)]*)[）)])?"
DAYS = re.compile(
    _ONE.format("a", "")
    + _PAREN.format("a")
    + r"(?:\s*[至到~～–—-]+\s*"
    + _ONE.format("b", "?")
    + _PAREN.format("b")
    + r")?"
)
NAME = re.compile(r"^\s*(?:[一二三四五六七八九十]+、|\d+[.、])?\s*(?P<name>[^\d:：,，;；]{1,20}?)\s*[:：]")
COUNT = re.compile(r"共\s*\d+\s*天")
WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
SENTENCES = re.compile(r"[。；;\n]")
OFF, WORKED = "放假", "上班"


def read_days(text: str, year: int) -> Days:
    """A list: days and ranges, one holiday a line with its name before a colon. Raises Refused for what is no day."""
    found: Days = {}
    for line in SENTENCES.split(text):
        name = NAME.match(line)
        rest = line[name.end() :] if name else line
        found |= dict.fromkeys(_days(rest, year), name["name"] if name else "")
        left = COUNT.sub("", DAYS.sub("", rest))
        if re.search(r"\d", left):
            raise _unread(left.strip())
    return found


def read_notice(text: str, year: int) -> tuple[Days, Days]:
    """The notice on holidays: days off and swap days. Of each sentence, what stands before 放假 or 上班."""
    off: Days = {}
    worked: Days = {}
    current = ""
    for sentence in SENTENCES.split(text):
        name = NAME.match(sentence)
        if name:
            current = name["name"].strip()
        rest = sentence[name.end() :] if name else sentence
        for word, days in ((OFF, off), (WORKED, worked)):
            before, found, _rest = rest.partition(word)
            if found:
                days |= dict.fromkeys(_days(before, year), current)
    if not off:
        raise Refused(
            field=_("text of the notice"),
            value=text[:40],
            reason=_("no days off can be read from it"),
            remedy=_("Paste the whole notice, or write the days into the two lists"),
        )
    return off, worked


def written(days: Days) -> str:
    """Days as `read_days` reads them: a line for each run of days of one name."""
    lines: list[str] = []
    for name, first, last in _runs(days):
        span = first.isoformat() if first == last else f"{first.isoformat()} ~ {last.isoformat()}"
        lines.append(f"{name}：{span}" if name else span)
    return "\n".join(lines)


def _runs(days: Days) -> Iterator[tuple[str, date, date]]:
    first: date | None = None
    last: date | None = None
    for day in sorted(days):
        if first and last and day == last + timedelta(days=1) and days[day] == days[first]:
            last = day
            continue
        if first and last:
            yield days[first], first, last
        first = last = day
    if first and last:
        yield days[first], first, last


def _days(text: str, year: int) -> Iterator[date]:
    for match in DAYS.finditer(text):
        first = _day(match["ay"] or year, match["am"], match["ad"], match["ap"], match[0])
        yield first
        if not match["bd"]:
            continue
        month = match["bm"] or match["am"]
        last = _day(match["by"] or match["ay"] or year, month, match["bd"], match["bp"], match[0])
        if not 0 <= (last - first).days < LONGEST:
            raise _unread(match[0])
        yield from (first + timedelta(days=number) for number in range(1, (last - first).days + 1))


def _day(year: str | int, month: str, day: str, paren: str | None, text: str) -> date:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError as fault:
        raise _unread(text) from fault
    said = WEEKDAY.search(paren or "")
    if said and WEEKDAYS.index(said[1].replace("天", "日")) != found.weekday():
        raise Refused(
            field=_("days"),
            value=text,
            reason=_("%(day)s is no such day of the week") % {"day": found},
            remedy=_("Check the year, or mend the day"),
        )
    return found


def _unread(text: str) -> Refused:
    return Refused(
        field=_("days"),
        value=text,
        reason=_("it cannot be read as a day or as days"),
        remedy=_("Write days such as 2027-10-01, 10月1日, or 10月1日至7日"),
    )
