"""The signed record of a visit as PDF (现场检查记录): always in Chinese, an official paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from PIL import Image

from zhen.kernel.files.api import LARGE, Opened, content, shown_of
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.lib.typesetting import typeset
from zhen.kernel.rounds.declarations import NO, NOT_APPLICABLE, YES, ItemKind, Severity
from zhen.kernel.rounds.models import Finding, Visit, VisitFile
from zhen.kernel.rounds.rules.answers import Asked, asked

MOST_PHOTOS = 12
BLANK = "　　　　"
WORDS = {YES: "是", NO: "否", NOT_APPLICABLE: "不适用"}


def record_pdf(visit: Visit, findings: Iterable[Finding]) -> bytes:
    """The record of a visit that was fetched for its reader. Raises Refused while it is not done."""
    if visit.state != Visit.State.DONE:
        raise Refused(
            field=_("visit"), value=str(visit), reason=_("it is not done yet"), remedy=_("Record the visit first")
        )
    with translation.override("zh-hans"):
        photos = [one for one in visit.photos.select_related("file")[:MOST_PHOTOS] if one.file.is_image]
        shown = shown_of(one.file for one in photos)
        for one in photos:
            one.file = shown[one.file_id]
        return typeset(Path(__file__).with_name("record.typ"), _content(visit, findings, photos), _images(photos))


def _content(visit: Visit, findings: Iterable[Finding], photos: list[VisitFile]) -> dict[str, Any]:
    lines = list(asked(visit.version.items, visit.answers)) if visit.version else []
    texts = {one.path: one.item.text for one in lines}
    drawn = {one.path: _name(one) for one in photos if one.path in _signature_paths(lines)}
    return {
        "title": f"{visit.version.name}检查记录" if visit.version else "复查记录",
        "number": str(visit.pk),
        "facts": [[label, value] for label, value in _facts(visit) if value],
        "heads": ["序号", "检查内容", "检查情况"],
        "answers": [[one.item.text, _answer(one)] for one in lines if one.item.kind != ItemKind.LIST],
        "findings": [_finding(number, one) for number, one in enumerate(findings, 1)],
        "photos": [
            {"file": _name(one), "text": texts.get(one.path, "现场照片")} for one in photos if one.path not in drawn
        ],
        "signatures": [*_inspectors(visit), *_signers(lines, drawn)],
        "day": f"{localtime(visit.done_at):%Y年%-m月%-d日}" if visit.done_at else "",
    }


def _facts(visit: Visit) -> list[tuple[str, str]]:
    where = f"{visit.distance_m:.0f} 米（据手机一次性定位）" if visit.distance_m is not None else ""
    time = f"{localtime(visit.started_at):%Y年%-m月%-d日 %H:%M} 至 {localtime(visit.done_at):%H:%M}"
    score = f"{visit.points} / {visit.points_most}" if visit.points_most else ""
    return [
        ("检查对象", visit.subject.name),
        ("地址", visit.subject.address),
        ("检查依据", visit.version.law if visit.version else ""),
        ("检查表版本", str(visit.version.number) if visit.version else ""),
        ("检查时间", time),
        ("与对象距离", where or visit.no_position),
        ("结果", visit.get_outcome_display()),
        ("得分", score),
        ("备注", visit.note),
    ]


def _answer(one: Asked) -> str:
    if one.item.kind == ItemKind.PHOTO:
        return "见照片"
    if one.answer is None:
        return "—"
    if one.item.kind == ItemKind.CHOICE:
        return next((option.text for option in one.item.choices if option.value == one.answer), str(one.answer))
    return WORDS.get(str(one.answer), f"{one.answer} {one.item.unit}".strip())


def _finding(number: int, finding: Finding) -> str:
    parts = [f"问题{number}：{finding.title}（{Severity(finding.severity).label}）"]
    if finding.law:
        parts.append(f"依据：{finding.law}")
    if finding.case is not None:
        parts.append(f"事件编号：{finding.case.number}")
    parts.append("已整改" if finding.rectified_at else "待整改，将复查")
    return "；".join(parts) + "。"


def _inspectors(visit: Visit) -> list[list[str]]:
    """Both of two, each with when he signed: the one by recording, the other with his own account."""
    signed = {visit.recorded_by_id: visit.recorded_at, visit.cosigned_by_id: visit.cosigned_at}
    lines = []
    for one in (visit.inspector, visit.second):
        if one is None:
            continue
        at = signed.get(one.pk)
        when = f"（{localtime(at):%Y-%m-%d %H:%M} 确认）" if at else "（未确认）"
        lines.append(["检查人员", f"{one}{when if visit.people == 2 else ''}", ""])
    return lines or [["检查人员", BLANK, ""]]


def _signature_paths(lines: Iterable[Asked]) -> set[str]:
    return {one.path for one in lines if one.item.kind == ItemKind.SIGNATURE}


def _signers(lines: Iterable[Asked], drawn: Mapping[str, str]) -> list[list[str]]:
    """Who signed for the premises: the name, and the signature where one was drawn or photographed."""
    found = [
        ["被检查单位签字", str(one.answer or "").strip(), drawn.get(one.path, "")]
        for one in lines
        if one.item.kind == ItemKind.SIGNATURE and (one.answer or one.path in drawn)
    ]
    return found or [["被检查单位签字", BLANK, ""]]


def _name(photo: VisitFile) -> str:
    return f"{photo.pk}.jpg"


def _images(photos: Iterable[VisitFile]) -> dict[str, bytes]:
    return {_name(one): _jpeg(one) for one in photos}


def _jpeg(photo: VisitFile) -> bytes:
    """The thumbnail in the form that every reader of PDF has."""
    with content(Opened(file=photo.file, side=LARGE)) as source, Image.open(source) as image:
        written = BytesIO()
        image.convert("RGB").save(written, "JPEG", quality=85)
    return written.getvalue()
