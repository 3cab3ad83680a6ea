"""The style guide: every component, drawn by itself with made-up values. Nothing on it is from the town."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhen.kernel.pages.api import Chart, Chip, Column, Figure, Happening, Kind, Panel, Series, Slip, Tone
from zhen.web.pages import lists, panels
from zhen.web.pages.common import Crumb
from zhen.web.pages.forms import errors_of
from zhen.web.requests import Request

COLOURS = """
    paper sheet float sunken hover ink ink-2 ink-3 line line-2 pine pine-2 pine-soft
    on-track-mark due-soon-mark behind-mark overdue-mark neutral-mark
""".split()  # noqa: SIM905 shorter to read
SIZES = ("xs", "s", "m", "l", "xl", "2xl", "3xl", "4xl")


class SampleForm(forms.Form):
    name = forms.CharField(label=_("Name"), help_text=_("As it stands on the door."))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("a", "楼宇"), ("b", "园区")], required=False)
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    days = forms.IntegerField(label=_("Days"), max_value=30)


def show(request: Request) -> HttpResponse:
    form = SampleForm({"name": "长征镇人民政府", "days": "90"})
    return render(
        request,
        "web/style_guide.html",
        {
            "colours": COLOURS,
            "sizes": SIZES,
            "tones": list(Tone),
            "figures": FIGURES(),
            "slips": SLIPS(),
            "heads": lists.heads_of(_columns()),
            "rows": lists.rows_of(_columns(), SAMPLE_ROWS),
            "items": _happenings(),
            "line": _chart("line"),
            "bars": _chart("bar"),
            "form": form,
            "form_errors": errors_of(form),
            "crumbs": (Crumb(text=_("Plan"), url="#"), Crumb(text=_("Targets"), url="#"), Crumb(text="绿地面积")),
            "tabs": (
                {"text": _("Text"), "url": "#", "current": True},
                {"text": _("Findings"), "url": "#", "current": False},
                {"text": _("History"), "url": "#", "current": False},
            ),
        },
    )


def FIGURES() -> tuple[Figure, ...]:  # noqa: N802 a table that needs the reader's language
    return (
        Figure(label=_("Residents"), value=110_432, unit=_("persons"), period="2026-06-30", trend=-1_208, evidence="#"),
        Figure(
            label=_("Tax revenue"),
            value=1_846_200_000,
            unit=_("yuan"),
            period="2026-01—06",
            trend=52_000_000,
            evidence="#",
            tone=Tone.ON_TRACK,
            target="≥ 36 亿元",
        ),
        Figure(
            label=_("Closed on time"),
            value=93.6,
            unit="%",
            period="2026-05",
            trend=-1.9,
            evidence="#",
            tone=Tone.BEHIND,
        ),
        Figure(
            label=_("Green space per person"),
            value=None,
            why=_("no indicator is bound to it yet"),
            target="≥ 5.6 m²",
            evidence="#",
        ),
    )


def SLIPS() -> tuple[Slip, ...]:  # noqa: N802 likewise
    return (
        Slip(
            text="完成 3 个老旧小区综合改造",
            tone=Tone.DUE_SOON,
            url="#",
            due=date(2026, 6, 30),
            owner="社区建设管理办公室",
        ),
        Slip(text="新增公共停车泊位 200 个", tone=Tone.BEHIND, url="#", due=date(2026, 9, 30), owner="城运中心"),
        Slip(
            text="建成综合为老服务中心 1 家", tone=Tone.OVERDUE, url="#", due=date(2026, 3, 31), owner="社区服务办公室"
        ),
    )


SAMPLE_ROWS: list[dict[str, Any]] = [
    {
        "key": "1",
        "name": "新建口袋公园 2 座",
        "owner": "社区建设管理办公室",
        "value": 1,
        "cost": 128_000_00,
        "due": date(2026, 9, 30),
        "state": Chip(text="按计划", tone=Tone.ON_TRACK),
    },
    {
        "key": "2",
        "name": "既有多层住宅加装电梯 40 台",
        "owner": "房管办",
        "value": 17,
        "cost": 1_960_000_00,
        "due": date(2026, 12, 31),
        "state": Chip(text="滞后", tone=Tone.BEHIND),
    },
    {
        "key": "3",
        "name": "老年助餐点实现居委会全覆盖",
        "owner": "社区服务办公室",
        "value": 28,
        "cost": 640_000_00,
        "due": date(2026, 6, 30),
        "state": Chip(text="即将到期", tone=Tone.DUE_SOON),
    },
]


def _columns() -> tuple[Column, ...]:
    return (
        Column(id="name", label=_("Measure"), value="name", width="wide"),
        Column(id="owner", label=_("Owner"), value="owner", kind=Kind.PERSON),
        Column(id="value", label=_("Value"), value="value", kind=Kind.NUMBER),
        Column(id="cost", label=_("Cost (yuan)"), value="cost", kind=Kind.MONEY),
        Column(id="due", label=_("Due"), value="due", kind=Kind.DATE),
        Column(id="state", label=_("State"), value="state", kind=Kind.CHIP),
    )


def _happenings() -> tuple[Happening, ...]:
    return (
        Happening(at=datetime(2026, 5, 8, 2, 5, tzinfo=UTC), who="王芳", text="报告“按计划”", tone=Tone.ON_TRACK),
        Happening(at=datetime(2026, 4, 2, 7, 40, tzinfo=UTC), who="李强", text="确认了目标“≥ 40 台”"),
        Happening(at=datetime(2026, 4, 1, 1, 12, tzinfo=UTC), who="王芳", text="导入了《2026 年工作计划》"),
    )


def _chart(form: str) -> dict[str, Any] | None:
    chart = Chart(
        says=_("Lifts installed: 17 of 40, four short of an even course."),
        labels=("1 月", "2 月", "3 月", "4 月", "5 月", "6 月"),
        series=(
            Series(name=_("Installed"), values=(1, 3, 6, 11, 17, None)),
            Series(name=_("Even course"), values=(3, 7, 10, 13, 17, 20), tone=Tone.NEUTRAL),
        )
        if form == "line"
        else (Series(name=_("Installed"), values=(1, 2, 3, 5, 6, None)),),
        form="line" if form == "line" else "bar",
        unit="台",
        target=40 if form == "line" else None,
    )
    panel = Panel(id=form, title="", form="chart", source=lambda actor, subject: chart)
    return panels.CONTENT["chart"](panel, chart)  # type: ignore[no-any-return]  # a table of functions
