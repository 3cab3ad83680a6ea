"""Panels: the content of each form made ready for its template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.journal.api import Entry
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Chart, Drawing, Fact, Happening, Month, Panel, Pin, Schedule, Tone
from zhen.web.numbers import exact
from zhen.web.pages import lists, schedules, values

MOST = 100


def drawn(actor: Actor, panels: Sequence[Panel], subject: Any) -> list[dict[str, Any]]:
    """The panels that the actor may see, with what their templates need."""
    return [
        {
            "panel": panel,
            "template": f"web/panels/{panel.form}.html",
            "content": CONTENT[panel.form](panel, panel.source(actor, subject)),
        }
        for panel in (_of(panel, subject) for panel in panels)
        if not panel.permission or actor.may(panel.permission)
    ]


def _of(panel: Panel, subject: Any) -> Panel:
    return replace(panel, columns=panel.columns(subject)) if callable(panel.columns) else panel


def _facts(panel: Panel, content: Iterable[Fact | tuple[Any, Any]]) -> list[dict[str, Any]]:
    facts = (fact if isinstance(fact, Fact) else Fact(label=fact[0], value=fact[1]) for fact in content)
    return [{"label": fact.label, "html": values.write(fact.value, fact.kind)} for fact in facts]


def _table(panel: Panel, content: Any) -> dict[str, Any] | None:
    assert not callable(panel.columns)
    table = lists.table(panel.columns, content, detail=panel.detail, most=MOST)
    return table if table["rows"] else None


def _timeline(panel: Panel, content: Iterable[Happening | Entry]) -> list[Happening]:
    return [
        item if isinstance(item, Happening) else Happening(at=item.at, who=item.actor, text=item.text)
        for item in _some(content)
    ]


def _list(panel: Panel, content: Iterable[Any]) -> list[Any]:
    return list(_some(content))


def _same(panel: Panel, content: Any) -> Any:
    return content


def _chart(panel: Panel, content: Chart | None) -> dict[str, Any] | None:
    return None if content is None else chart_of(f"chart-{panel.id}", content)


def chart_of(id: str, content: Chart, missing: str = "") -> dict[str, Any]:
    """A chart for `<c-chart>`, with the rows of the table behind it; `missing` stands there for no number."""
    none = missing or gettext("not measured")
    rows = [
        {"label": label, "cells": _cells([series.values[n] for series in content.series], none)}
        for n, label in enumerate(content.labels)
    ]
    data = {
        "form": content.form,
        "unit": str(content.unit),
        "labels": [str(label) for label in content.labels],
        "series": [
            {"name": str(series.name), "tone": str(series.tone), "values": [_number(value) for value in series.values]}
            for series in content.series
        ],
        "target": content.target,
    }
    return {"id": id, "chart": content, "data": data, "rows": rows}


def _cells(numbers: Iterable[Any], missing: str) -> SafeString:
    """A line of the chart's table."""
    none = format_html('<span class="muted">{}</span>', missing)
    shown = ((none if number is None else exact(number),) for number in numbers)
    return format_html_join("", '<td class="number">{}</td>', shown)


WEEK = range(7)
HEADS = (_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su"))


def _calendar(panel: Panel, content: Iterable[Month]) -> dict[str, Any] | None:
    months = [{"first": month.first, "weeks": _weeks(month)} for month in _some(content)]
    heads = [{"short": HEADS[day], "long": WEEKDAYS[day]} for day in WEEK]
    return {"heads": heads, "months": months, "today": clock.today()} if months else None


def _weeks(month: Month) -> list[list[dict[str, Any]]]:
    """From Monday to Sunday; what belongs to the months beside it stays empty."""
    monday = month.first - timedelta(days=month.first.weekday())
    weeks = []
    while monday.replace(day=1) <= month.first:
        days = [monday + timedelta(days=number) for number in WEEK]
        weeks.append(
            [
                {"day": day, "mark": month.marks.get(day), "rest": day.weekday() >= 5} if _in(month, day) else {}
                for day in days
            ]
        )
        monday += timedelta(days=7)
    return weeks


def _in(month: Month, day: date) -> bool:
    return (day.year, day.month) == (month.first.year, month.first.month)


def _schedule(panel: Panel, content: Schedule | None) -> dict[str, Any] | None:
    return schedules.laid_out(content) if content is not None and content.lanes else None


PIN = 0.04
"""How large a pin is, as a part of the picture's width: large enough for a finger where the frame is narrowest."""


def _plan(panel: Panel, content: Iterable[Drawing]) -> list[dict[str, Any]]:
    """Pictures with their pins in pixels, written out: a template would write numbers the way of a language."""
    return [
        {
            "drawing": drawing,
            "size": f"0 0 {drawing.width} {drawing.height}",
            "width": str(drawing.width),
            "height": str(drawing.height),
            "pins": [_drawn_pin(drawing, pin) for pin in drawing.pins],
            "kinds": _kinds(drawing),
        }
        for drawing in _some(content)
    ]


def _drawn_pin(drawing: Drawing, pin: Pin) -> dict[str, Any]:
    x, y, side = pin.x * drawing.width, pin.y * drawing.height, PIN * drawing.width
    # at the edge a pin stays whole
    x, y = (min(max(at, side), end - side) for at, end in ((x, drawing.width), (y, drawing.height)))
    return {
        "pin": pin,
        "x": f"{x:.1f}",
        "y": f"{y:.1f}",
        "radius": f"{side * 0.62:.1f}",
        "ring": f"{side * 0.85:.1f}",
        "left": f"{x - side / 2:.1f}",
        "top": f"{y - side / 2:.1f}",
        "side": f"{side:.1f}",
        "below": f"{y + side * 1.45:.1f}",
        "text": f"{side * 0.55:.1f}",
    }


def _kinds(drawing: Drawing) -> list[dict[str, Any]]:
    """The states that are on a picture, and how many pins have each: the gravest first."""
    counted = Counter((str(pin.state.text), pin.state.tone) for pin in drawing.pins)
    order = list(Tone)
    return [
        {"text": text, "tone": tone, "count": count}
        for (text, tone), count in sorted(counted.items(), key=lambda one: -order.index(one[0][1]))
    ]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _some(content: Iterable[Any]) -> Iterable[Any]:
    if isinstance(content, QuerySet):
        return content[:MOST]
    return list(content)[:MOST]


CONTENT: dict[str, Callable[[Panel, Any], Any]] = {
    "facts": _facts,
    "table": _table,
    "timeline": _timeline,
    "figures": _list,
    "slips": _list,
    "prose": _same,
    "map": _same,
    "chart": _chart,
    "links": _list,
    "files": _list,
    "calendar": _calendar,
    "schedule": _schedule,
    "before_after": _list,
    "plan": _plan,
}
