"""Which parts of a document look back. A figure there is a result, not a promise.

A report usually reviews the past under headings of its own; some paragraphs do it anywhere. Glossaries and
page furniture at the end promise nothing either.
"""

from __future__ import annotations

import re

from .text import Line
from .verbs import leading_verb

_BACK = re.compile(
    r"回顾|总结|成就|成效|成绩|完成情况|执行情况|进展情况|工作情况|主要工作(?:和)?成效|过去(?:的)?(?:一|五|\d+)年|[一五]年来|存在(?:的)?(?:主要)?(?:问题|困难)|"
    r"问题和不足|发展基础|发展现状|现状与"
)
_AHEAD = re.compile(
    r"目标|任务|安排|打算|计划|要点|思路|举措|部署|今后|未来|下一步|下半年|展望|发展主要考虑|要求|重点|实事|规划"
)
_TURNS_AHEAD = re.compile(
    r"下一步|下(?:一)?阶段|工作打算|工作安排|工作思路|今后|下半年(?:工作)?|展望|(?:主要|预期|发展)目标"
)
_RESULT = re.compile(r"(?:成就|成效|成绩|问题)$")
_GLOSSARY = re.compile(
    r"^(?:附件?\d*[：、\s]*)?(?:名词解释|名词注释|有关名词解释|有关名词|用语说明|名词术语|注释|术语解释|相关名词解释|相关报道|相关阅读|相关链接|相关新闻|扫一扫|全部评论|验证码)"
)
_ANNEX = re.compile(r"^附(?:件|表|录)\s?[\d一二三四五六七八九十]*\s?[：:]?$")

_CUE_BACK = re.compile(
    r"^(?:“?[一二三四五六七八九十]+是?[、，])?(?:（[一二三四五六七八九十]+）)?(?:各位代表[！，。：])?"
    r"(?:回顾|(?:刚刚)?过去(?:的)?(?:一|五|三|两|几|\d+)年|[一两三五几]年来|这[一五]年|一年来|五年来|去年|上年|上年度|今年以来|上半年，|截至|"
    r"“十[二三四]五”(?:时期|以来|期间)(?!.{0,12}(?:目标|任务))|同时，?我们也?(?:清醒|深刻)|我们也清醒|成绩来之不易|这些成绩)"
)
_CUE_AHEAD = re.compile(
    r"(?:^|。|！)(?:各位代表[！，。：])?(?:做好|今年是|"
    r"今年(?:的)?(?:经济社会|政府工作|全[省市县区镇]|工作|主要|要|将|我们)|"
    r"今后五年|未来五年|展望|新的一年|下一步|本届政府|“十[五六]五”时期|"
    r"围绕(?:上述|以上)目标|《?(?:规划)?纲要)|"
    r"(?:预期|主要|奋斗|发展)目标(?:是|为|：)|总体要求(?:是|：)|总体思路(?:是|：)"
)
# In a review "今年" may be the year under review and "完成了预期目标" a result: only plain words turn it.
_TURNS_PARAGRAPH = re.compile(
    r"^(?:各位代表[！，。：])?(?:做好(?:今年|明年|\d{4}年)|今后五年|未来五年|展望未来|新的一年|“十[五六]五”时期)|"
    r"(?:预期|主要|奋斗|发展)目标(?:是|为)?："
)


def looks_back(norm: str, lines: tuple[Line, ...], plan_year: int | None) -> list[bool]:
    """For each line, whether it looks back (or lies in a glossary)."""
    result: list[bool] = []
    stack: list[tuple[int, bool | None]] = []
    sticky: bool | None = None
    glossary = False
    for line in lines:
        text = norm[line.start : line.end]
        if len(text) <= 40 and _GLOSSARY.match(text):
            glossary = True
        elif glossary and _ANNEX.match(text):
            glossary = False
        if line.level is not None and line.heading_end > line.start and not glossary:
            while stack and stack[-1][0] >= line.level:
                stack.pop()
            within = next((flag for _, flag in reversed(stack) if flag is not None), None)
            judged = _judge(norm[line.body : line.heading_end], plan_year, within)
            if judged is not None or line.level <= 3:
                stack.append((line.level, judged))
                sticky = None
        base = next((flag for _, flag in reversed(stack) if flag is not None), None)
        cue = _cue(text, plan_year, base)
        if cue is not None and (base is None or cue is False or _past_year(text, plan_year)):
            here = cue
            if base is None or cue is False:
                sticky = cue
        else:
            here = sticky if sticky is not None else bool(base)
        result.append(glossary or here)
    return result


def _judge(heading: str, plan_year: int | None, within: bool | None) -> bool | None:
    """True: the heading announces a review; False: work ahead; None: neither, or both at once.

    Under a heading that already decides, only plain words turn the page: "（三）推动重点领域改革" in a review
    stays a review. "加快释放改革开放成效" names a thing to do, though it ends in 成效.
    """
    this_year = plan_year is not None and f"{plan_year}年" in heading
    if within is True:
        return False if _TURNS_AHEAD.search(heading) or (this_year and not _BACK.search(heading)) else None
    back = bool(_BACK.search(heading)) or _past_year(heading, plan_year)
    if back and _RESULT.search(heading) and not _past_year(heading, plan_year) and leading_verb(heading):
        back = False
    if within is False:
        return True if back and not _AHEAD.search(heading) else None
    ahead = bool(_AHEAD.search(heading)) or this_year
    if back and ahead:
        # "2025年工作任务完成情况" speaks of tasks but reviews them
        if re.search(r"(?:完成|执行|落实|进展)情况|回顾", heading) and not re.search(
            r"安排|打算|计划|建议|和.*(?:目标|任务)", heading
        ):
            return True
        return None
    return True if back else False if ahead else None


def _past_year(text: str, plan_year: int | None) -> bool:
    years = [int(y) for y in re.findall(r"(?<!\d)((?:19|20)\d\d)年", text[:16])]
    return bool(years) and plan_year is not None and max(years) < plan_year


def _cue(text: str, plan_year: int | None, base: bool | None) -> bool | None:
    """What a paragraph's opening says, under headings that look back (True), ahead (False) or neither way."""
    head = text[:60]
    if _CUE_BACK.match(head):
        return True
    if (_TURNS_PARAGRAPH if base else _CUE_AHEAD).search(head):
        return False
    if plan_year is not None and re.match(
        rf"(?:[一二三四五六七八九十]+、)?{plan_year}年(?:是|，|的|全|经济|工作|政府)", head
    ):
        return False
    if _past_year(head, plan_year) and re.match(r"(?:19|20)\d\d年(?:，|是|，?全|以来|来)", head):
        return True
    return None


_DONE = re.compile(
    r"已(?:经)?(?:完成|建成|达|有|累计|形成|实现|超过|开工|投入|落实|启动|签约|建立|培育|获|发放|办理|接待|引进)|同比|"
    r"(?:完成|建成|新增|增长|下降|达到|实现|引进|改造|发放|办结|培育|突破|提高|荣获|获评|举办|开展|增加|减少|拆除|化解|落实|争取)了|"
    r"去年|上年(?:度)?(?:，|完成|实现|末)|(?<!比)(?<!较)(?<!于)以来|截至目前|目前(?:，|已)|此前|荣获|获评|被评为"
)
_WILL = re.compile(r"力争|确保|预计|预期|目标|要(?!求|素|点|道)|将|争取|计划|拟|继续|再")


_DONE_AFTER = re.compile(
    r"(?<!个)(?<!家)(?<!处)(?<!座)(?<!条)已(?:全部|全面|基本|经)*(?:建成|完成|投用|开工|竣工|到位)(?:投用|投产)?$"
)


def clause_reports(sentence_before: str, before: str, after: str) -> bool:
    """Whether a number inside a forward part reports what is done: "已建成3个示范点", "同比增长5%".

    What is said of the thing counted does not: "改造5000个已建成自然村的设施".
    """
    if re.search(r"今年以来|截至(?:目前|\d)|一年来|过去一年", sentence_before):
        return True
    found = _DONE.search(before)
    if found is None:
        return _DONE_AFTER.search(after) is not None
    if found[0] == "同比" and re.match(r"左右|以上", after):
        return False
    return not _WILL.search(before[: found.start()]) and not re.search(r"力争|确保|预期目标", sentence_before)
