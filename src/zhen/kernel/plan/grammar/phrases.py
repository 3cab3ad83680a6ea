"""What a target speaks of: the verb that governs its number and the thing that is counted or measured."""

from __future__ import annotations

import re

from .units import kind_of_unit
from .verbs import first_verb, last_verb, leading_verb, state_verb

_LINKS = re.compile(
    r"(?:不低于|不少于|不超过|不高于|至少|超过|突破|超|逾|约|近|达到|达|到|至|在|为|实现|共|总计|合计|累计|分别|力争|等|控制在|稳定在|保持在|增长|提高到|提升到|提升至|提高|提升|下降|降低|"
    r"增加|减少|压减|压缩|净增|上调|下调|年均|平均|同比|再|拟按|拟安排|拟|预计|比上年|每[^，、]{0,4}|预期|规模|[：\s])+$"
)
_KEPT_TAIL = re.compile(r"规模$")
_FRONT = re.compile(r"^(?:其中|全年|今年|年内|力争|确保|到\d{4}年|“?十[四五六]五”?(?:时期|期间)|全市实现|提出|包括)+")
_HEAD = re.compile(r"^(?:以上|以下|以内|左右|之内|的|[、\s]|（[^）]{1,12}）)+")
_ACTION = re.compile(r"(?:的)?(?:建设|改造|深度治理|治理|整治|任务|排险工作|工作)$")
_ADJUNCT = re.compile(r"^(?:为|在|对|向|面向|给|让|使|将|把|从)")
_BASELINE = re.compile(
    r"(?:分别)?(?:从|由)(?:每人每[月年])?[^，]{0,3}\d.*$|不(?:得)?[低少高多]于.*的$|(?:超过|高于|低于).*的$"
)
_PREDICATE = re.compile(
    r"(?:免费)?(?:提供|开展|引入|设置|安装|发放|实现|补短板|率先|整县|到[^，]{2,}就业|在[^，]{1,6}就业|线上线下|延伸|纳入|落地)"
)
_HEADS = re.compile(
    r"(?:年?产量|年?出栏量|管网|补贴标准|标准|数量|面积|增加值|覆盖率|普及率|投资|收入|总额|人数|占比|产值|增速)$"
)


def verb_and_object(before: str, after: str, unit: str) -> tuple[str, str]:
    """The verb and the thing counted, from the part of the clause before and after a number.

    >>> verb_and_object("改造提升", "老旧小区", "个"), verb_and_object("改造老旧小区", "以上", "个")
    (('改造提升', '老旧小区'), ('改造', '老旧小区'))
    >>> verb_and_object("江海堤防达标率提高到", "以上", "%")
    ('提高', '江海堤防达标率')
    """
    following = _HEAD.sub("", after)
    told = state_verb(before)
    span = leading_verb(before)
    if kind_of_unit(unit) in ("rate", "ratio") or (told and not following):
        return _of_state(before, told, span)
    if _ADJUNCT.match(before) or _ADJUNCT.match(_FRONT.sub("", before)):
        return _of_adjunct(before, following)
    if following and not following.startswith(("、", "，")):
        cut = _PREDICATE.search(following)
        thing = following[: cut.start()] if cut and cut.start() >= 2 else following
        verb = before[span[0] : span[1]] if span else _inner(following) if not before.strip() or cut else told
        return verb or told, _ACTION.sub("", thing) or thing
    if span:
        return before[span[0] : span[1]], _clean(before[span[1] :])
    inner = last_verb(before)
    if inner and len(before) - inner[1] > 2 and inner[0] > 1:
        return before[inner[0] : inner[1]], _clean(before[inner[1] :])
    if before.endswith("新增就业"):
        return "新增", before
    return told, _clean(before)


def _of_state(before: str, told: str, span: tuple[int, int] | None) -> tuple[str, str]:
    """地区生产总值增长5%: a quantity and the verb of its change."""
    subject = _clean(before)
    verb = told
    if (
        span
        and before[span[0] : span[1]] != told
        and re.match(r"推动|实现|确保|保持|提出|完成", before[span[0] : span[1]])
    ):
        subject = _clean(before[span[1] :]) or subject
        verb = told or before[span[0] : span[1]]
    return verb, subject


def _of_adjunct(before: str, following: str) -> tuple[str, str]:
    """为800个老旧小区引入物业服务: the thing counted stands in an adjunct before the verb."""
    cut = first_verb(following)
    free = re.search(r"免费", following)
    if cut is None:
        inner = last_verb(before)
        return (before[inner[0] : inner[1]], _clean(before[inner[1] :])) if inner else ("", following or _clean(before))
    verbs = _PREDICATE.search(following)
    at = verbs.start() if verbs and verbs.start() >= 2 else cut[0]
    begin = leading_verb(following[at:])
    verb = following[at + begin[0] : at + begin[1]] if begin else following[cut[0] : cut[1]]
    if free and free.start() >= 2:
        at = min(at, free.start())
    return verb, following[:at] or following


def _inner(following: str) -> str:
    found = first_verb(following)
    return following[found[0] : found[1]] if found else ""


def _clean(text: str) -> str:
    bare = _BASELINE.sub("", _FRONT.sub("", text))
    kept = _LINKS.sub("", bare)
    tail = _KEPT_TAIL.search(bare)
    return (bare if tail else kept).strip("，、 ") or bare


def objects_in_order(before: str, count: int) -> tuple[str, ...]:
    """The things of a list whose numbers follow in the same order; () where they do not pair.

    >>> objects_in_order("改造老旧供热、燃气、排水管网", 3)
    ('老旧供热管网', '燃气管网', '排水管网')
    """
    span = leading_verb(before)
    names = re.split(r"[、和与及]", _clean(re.sub(r"分别.*$", "", before[span[1] if span else 0 :])))
    if len(names) != count or not all(names):
        return ()
    head = _HEADS.search(names[-1])
    if head is None or len(head[0]) >= len(names[-1]):
        return tuple(names)
    return tuple(name if name.endswith(head[0]) else name + head[0] for name in names)
