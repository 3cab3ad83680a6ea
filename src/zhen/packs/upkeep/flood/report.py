"""The situation report on one page of A4 (防汛防台工作情况): always in Chinese, an official paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.timezone import localtime

from zhen.kernel.access.api import Actor
from zhen.kernel.lib.typesetting import typeset
from zhen.kernel.pages.api import Made
from zhen.packs.upkeep.flood.models import Alert, Check
from zhen.packs.upkeep.flood.queries import Situation, situation


def report_pdf(actor: Actor, alert: Alert) -> Made:
    """The report as it stands now."""
    with translation.override("zh-hans"):
        found = situation(actor, alert)
        name = f"{alert.title}情况报告 {localtime(found.at):%Y-%m-%d %H%M}.pdf"
        return Made(
            name=name, media="application/pdf", data=typeset(Path(__file__).with_name("report.typ"), _content(found))
        )


def _level(alert: Alert) -> str:
    return f"{alert.get_kind_display()}{alert.get_level_display()}预警，{alert.get_response_display()}级响应"


def _shelters(found: Situation) -> str:
    room = found.places - found.people
    return f"开放安置点{found.shelters_open}个（共{found.shelters}个），安置{found.people}人，余{room}位"


def _named(check: Check) -> str:
    """What is checked, without the warning's own name."""
    title = check.campaign.title
    return title.partition("：")[2] or title


def _content(found: Situation) -> dict[str, Any]:
    alert = found.alert
    until = f"，{localtime(alert.ended_at):%-m月%-d日%-H时%-M分}解除" if alert.ended_at else ""
    return {
        "title": f"{alert.title}防汛防台情况报告",
        "at": f"{localtime(found.at):%Y年%-m月%-d日 %H:%M}",
        "unit": alert.unit.name,
        "facts": [
            ["预警", _level(alert)],
            ["时间", f"{localtime(alert.began_at):%-m月%-d日%-H时%-M分}发布{until}"],
            ["值班", "；".join(f"{one.get_task_display()} {one.user or '—'}" for one in found.duties) or "未安排"],
            ["隐患", f"发现{found.findings}处，未销号{found.findings_open}处"],
            ["安置", _shelters(found)],
            ["报警", f"雨量、水位报警{found.cases}起，未结{found.cases_open}起"],
        ],
        "checks": [
            [
                str(one.check.get_phase_display()),
                _named(one.check),
                str(one.coverage.subjects),
                str(one.coverage.seen),
                str(one.coverage.planned),
                str(one.coverage.with_findings),
            ]
            for one in found.checks
        ],
        "short": [
            [one.name, f"{one.stock}{one.measure}", f"{one.wanted}{one.measure}", one.store] for one in found.short
        ],
        "measured": [
            [one.device, one.metric, f"{one.value:g} {one.unit}", f"{localtime(one.at):%m-%d %H:%M}"]
            for one in found.measured
        ],
    }
