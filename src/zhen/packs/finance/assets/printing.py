"""Assets on paper: labels with a QR code that opens the asset, and the sheet of a stock-taking. Always in Chinese."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import qrcode
from django.conf import settings
from django.utils import translation
from qrcode.image.svg import SvgPathImage

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.typesetting import typeset
from zhen.kernel.pages.api import Made
from zhen.kernel.rounds import api as rounds
from zhen.packs.finance.assets import queries
from zhen.packs.finance.assets.checking import BROKEN, MISSING, SURPLUS
from zhen.packs.finance.assets.models import Asset

HERE, PDF = Path(__file__).parent, "application/pdf"
MOST_LABELS = 240
HEADS = ["序号", "资产编号", "资产名称、规格", "使用部门", "存放地点", "原值（元）", "净值（元）", "盘点结果", "盘点人"]
CONDITIONS = {"good": "完好、在用", "idle": "完好、闲置", "broken": "损坏、待报废"}


def labels(assets: Sequence[Asset]) -> bytes:
    """Labels to stick on, 24 on a sheet."""
    with translation.override("zh-hans"):
        names = queries.place_names(assets)
        rows = [
            {
                "name": asset.name[:14],
                "number": str(asset),
                "unit": asset.unit.name[:14],
                "spot": f"{names.get(asset.place_id or 0, '')} {asset.spot}".strip()[:16],
                "code": f"{asset.pk}.svg",
            }
            for asset in assets
        ]
        owner = assets[0].books.name if assets else ""
        content = {"title": "资产标签", "owner": f"{owner}　固定资产", "labels": rows}
        return typeset(HERE / "labels.typ", content, {f"{asset.pk}.svg": _code(asset) for asset in assets})


def _code(asset: Asset) -> bytes:
    drawn = io.BytesIO()
    address = f"{settings.ZHEN_PUBLIC_URL}/desk/finance/assets/{asset.pk}/"
    qrcode.make(address, image_factory=SvgPathImage, border=1).save(drawn)
    return drawn.getvalue()


def label_file(_actor: Actor, asset: Asset) -> Made:
    return Made(name=f"{asset}.pdf", media=PDF, data=labels([asset]))


def sheet(actor: Actor, campaign: rounds.Campaign) -> Made:
    """The sheet of a stock-taking: every asset of its newest round, with what was seen of it."""
    visits = list(queries.seen_in(actor, campaign))
    cards = queries.assets(actor).in_bulk([int(visit.subject.ref) for visit in visits])
    names = queries.place_names(cards.values())
    rows, seen = [], [visit for visit in visits if visit.state == rounds.Visit.State.DONE]
    for number, visit in enumerate(visits, 1):
        asset = cards.get(int(visit.subject.ref))
        if asset is None:
            continue
        rows.append(
            [
                str(number),
                str(asset),
                f"{asset.name} {asset.details}".strip(),
                asset.unit.name,
                f"{names.get(asset.place_id or 0, '')} {asset.spot}".strip(),
                f"{Money(asset.value)}"[1:],
                f"{Money(asset.left)}"[1:],
                result_of(visit),
                str(visit.inspector or "") if visit.state == rounds.Visit.State.DONE else "",
            ]
        )
    counted = counts(visits)
    value = Money(sum(asset.value for asset in cards.values()))
    with translation.override("zh-hans"):
        content = {
            "title": f"资产盘点表（{campaign.title}）",
            "facts": [f"单位：{campaign.unit}", f"日期：{clock.today():%Y年%m月%d日}", f"原值合计：{value}"],
            "heads": HEADS,
            "rows": rows,
            "sums": f"应盘 {len(visits)} 件，已盘 {len(seen)} 件；盘亏 {counted[MISSING]} 件，"
            f"损坏 {counted[BROKEN]} 件，盘盈 {counted[SURPLUS]} 处。",
            "signatures": ["盘点人", "监盘人", "部门负责人"],
        }
        return Made(name=f"{campaign.title}.pdf", media=PDF, data=typeset(HERE / "sheet.typ", content))


def result_of(visit: rounds.Visit) -> str:
    """What a visit saw, in words."""
    if visit.state != rounds.Visit.State.DONE:
        return ""
    if visit.outcome != rounds.Visit.Outcome.SEEN:
        return str(visit.get_outcome_display())
    answers = visit.answers
    said = "盘亏" if answers.get(MISSING) == "no" else CONDITIONS.get(str(answers.get(BROKEN, "")), "在位")
    return f"{said}；旁有盘盈" if answers.get(SURPLUS) == "yes" else said


def counts(visits: Sequence[rounds.Visit]) -> dict[str, int]:
    """How many are missing, broken, and where things without a card were met."""
    seen = [visit.answers for visit in visits if visit.outcome == rounds.Visit.Outcome.SEEN]
    return {
        MISSING: sum(answers.get(MISSING) == "no" for answers in seen),
        BROKEN: sum(answers.get(BROKEN) == "broken" for answers in seen),
        SURPLUS: sum(answers.get(SURPLUS) == "yes" for answers in seen),
    }
