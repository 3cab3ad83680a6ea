"""The names of units: where a list of them is cut, and which of them name nobody in particular."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from .model import Owner, Role

_SUFFIX_WORDS = """
    局 委 办 部 厅 院 会 社 署 处 科 室 站 所 中心 公司 集团 银行 支行 分行 大队 支队 总队 队 学校 大学
    学院 医院 党校 政府 街道 镇 乡 区 县 市 村 居委会 村委会 办公室 委员会 工会 团委 妇联 残联 科协
    文联 工商联 红十字会 法院 检察院 联社 供销社 档案馆 图书馆 文化馆 博物馆 馆 管委会 开发区 园区
    高新区 新区 经开区 分局 单位 部门 机关 组 专班 指挥部 协会 公安 事务所 服务站 城管 税务 海关 电视台
    台 报社 社区 居民区 村居 网 局属各单位 基地 片区 管理局 人社 民政 司法 街镇 镇街 乡镇 园 厂 场 港
    党委 党支部 支部 总支 工委 纪委 监委 电网 联通 移动 电信 铁塔 供电公司 燃气 水务 服务中心 分公司
    窗口 武装部 派出所 消防 卫生院 农行 农商行 人民银行 人行 各村 三公司 人武部 机关各部门 城投 交投
    国投 文旅投 水投 农投 建投 发投 粮投 控股 委办局 有限责任公司 联合会 城建 农业农村 综治 综合执法
    财政 党政办 经发办 社事办 党建办 平安办 规建办 信访办 各办 指导组 老干部局 研究院 研究室 政协 人大
    县委 市委 区委 省委 工作组 领导小组 服务局 事业发展中心 气象 邮政 烟草 盐业
"""
_SUFFIX = _SUFFIX_WORDS.split()
_UNIT = re.compile(rf"(?:{'|'.join(sorted(map(re.escape, _SUFFIX), key=len, reverse=True))})(?:（[^）]*）)?$")
_SENTENCE = re.compile(r"[的了是和与将把在对为]|加强|推进|建设|完成|开展|提升|实施|落实(?!科)")
_STRICT_WORDS = """
    局 委 办 厅 署 办公室 委员会 中心 公司 集团 人民政府 街道 街道办 管委会 妇联 残联 团委 工会 总队
    支队 大队 部门 单位 宣传部 组织部 统战部 武装部 政法委 编办 法院 检察院 科 各镇 各乡镇 各街道 各区
    各县 各村 站所 镇 乡 分局 工商联 党校 供销社 联社 学院 大学 医院 科协 文联 红十字会 协会 联合会
    学会 商会 慈善总会 基金会 侨联 台联 社联 银行 支行 分行 居委会 村委会 社区 指挥部 研究院 档案馆
    图书馆 文化馆 博物馆 联通 移动 电信
"""
_STRICT = re.compile(
    rf"(?:{'|'.join(sorted(_STRICT_WORDS.split(), key=len, reverse=True))}|[市省区县]政府|"
    r"(?<=[\u4e00-\u9fff]{2})(?<![东西南北中内外全总干村乐局支])部)(?:（[^）]*）)?$"
)
_GENERIC = re.compile(
    r"^(?:各(?!界)|其他|其它|相关|有关|全[市省县区镇](?:各|有关)|(?:市|省|区|县|镇|州|旗|级|中央)*(?:级|直)?(?:各)?(?:有关|相关|其他)|成员单位|机关各|所属|属地|责任单位|牵头单位|市直(?:各)?部门)"
)
_FILLER = re.compile(
    r"^(?:由|以及|及|和|等|并|并由|请|其中|牵头|责任单位|配合|会同|以|：)+|(?:等|等单位|等部门|等相关单位|等有关部门)$|(?:（(?:牵头|负责|主办|排名第一[^）]*|按职责分工[^）]*)）)$"
)
_LEAD_MARK = re.compile(r"（(?:牵头|主办|负责|牵头单位)）$")
_TAIL = re.compile(
    r"(?:等)?(?:单位|部门)?(?:分别|共同|联合|按(?:照)?(?:各自)?(?:职责|责任|职能)?(?:分工)?|依职责|各负其责|根据职责(?:分工)?)*(?:牵头)?(?:负责|落实|配合|实施|牵头|组织实施)$"
)


def looks_like_unit(name: str, *, strict: bool = False) -> bool:
    """Whether a name can be a unit's. `strict` is for lists that nothing announces: （市教育局、市财政局）.

    >>> looks_like_unit("市教育局"), looks_like_unit("各镇"), looks_like_unit("加强城市管理局部工作")
    (True, True, False)
    """
    if not 2 <= len(name) <= 30 or re.match(r"[一多几两每数某]个|专人|专业", name):
        return False
    if strict and _GENERIC.match(name) and len(name) <= 20 and _UNIT.search(re.sub(r"（[^）]*）", "", name)):
        return _SENTENCE.search(name) is None
    if strict:
        return _STRICT.search(name) is not None and not re.search(r"[“”的《]", name) and len(name) >= 3
    if _GENERIC.match(name) and len(name) <= 20:
        return True
    bare = re.sub(r"（[^）]*）", "", name)
    joined = re.sub(
        r"发展和改革|住房和城乡|工业和信息|卫生和|自然资源和|规划和|人力资源和|文化和|退役军人|和平|建设局|建设委|建设厅|城乡建设|建设管理|建设中心|建设办|推进办|推进中心|推进局|建设集团|建设公司|建设部门|建设投资",
        "",
        bare,
    )
    return _UNIT.search(bare) is not None and _SENTENCE.search(joined) is None


def is_generic(name: str) -> bool:
    """各相关单位, 市有关部门, 各镇: no unit is named.

    >>> is_generic("各相关单位"), is_generic("市有关部门"), is_generic("市教育局")
    (True, True, False)
    """
    return _GENERIC.match(name) is not None


_RANKING = re.compile(r"下同|(?:排|列|居)[^，。]{0,6}(?:首位|第一|第1|最前|前列)|为(?:总)?牵头(?:单位|部门)")
_LABEL_WORD = re.compile(r"(?:牵头|责任|配合|主办|协办|承办|参与|负责|实施|落实)(?:单位|部门|领导|人|科室)?|序号|备注")


def split_names(norm: str, text: str, start: int, end: int, role: Role, *, person: bool = False) -> tuple[Owner, ...]:
    """The names of a list one by one, in order. Brackets inside a name stay with it."""
    owners: list[Owner] = []
    for left, right in _pieces(norm, start, end):
        marked = _LEAD_MARK.search(norm[left:right])
        left, right = _bare(norm, left, right)
        if right - left < 2:
            continue
        name = "".join(text[left:right].split())
        if (
            _LABEL_WORD.fullmatch(name)
            or _RANKING.search(name)
            or re.fullmatch(r"[\d.、\-—/\s无]+|\d{1,2}月(?:底)?(?:前)?", name)
            or len(name) > 40
        ):
            continue
        owners.append(
            Owner(
                start=left,
                end=right,
                name=name,
                role="lead" if marked else role,
                generic=is_generic(norm[left:right]),
                person=person,
            )
        )
    if not person and role == "lead" and any(_LEAD_MARK.search(norm[a:b]) for a, b in _pieces(norm, start, end)):
        # 市教育局（牵头）、市财政局: the mark sets the others behind
        led = {
            o.start
            for (a, b), o in zip(_pieces(norm, start, end), owners, strict=False)
            if _LEAD_MARK.search(norm[a:b])
        }
        return tuple(o if o.start in led else replace(o, role="cooperating") for o in owners)
    return tuple(owners)


_CUT = re.compile(
    r"[、；，,/\s]|会同|及(?=(?:各|市|省|区|县|镇|其|相|有))|和(?=(?:各|市|省|区|县|镇|其他|相关|有关)[^、，；]{1,16}(?:局|委|办|部|厅|府|单位|部门|街道|镇|会|公司|中心|院))|以及|[。]"
)


def _pieces(norm: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    depth = 0
    begin = start
    i = start
    while i < end:
        sign = norm[i]
        if sign in "（【":
            depth += 1
        elif sign in "）】":
            depth -= 1
        elif depth <= 0:
            cut = _CUT.match(norm, i, end)
            if cut is not None and _really_cuts(norm, begin, i, cut[0], end):
                yield begin, i
                begin = i = cut.end()
                continue
        i += 1
    yield begin, end


def _really_cuts(norm: str, begin: int, at: int, sign: str, end: int) -> bool:
    """和 parts two units only when a whole unit stands before it: 住房和城乡建设局 is one. A blank parts
    names, but "张 三" is one person and "市 教育局" one unit."""
    before = norm[begin:at].strip()
    if sign.startswith(("和", "及")):
        return bool(_STRICT.search(before)) and not before.endswith(("发展", "住房", "工业", "文化", "规划"))
    if sign.isspace():
        rest = norm[at:end].strip()
        following = re.match(r"[^、；，\s]*", rest)
        return len(before) >= 3 and following is not None and len(following[0]) >= 3
    return True


def _bare(norm: str, left: int, right: int) -> tuple[int, int]:
    """A name without the words that only link it to the list."""
    changed = True
    while changed and left < right:
        changed = False
        while left < right and norm[left] in " \n\t　·—-．.":
            left += 1
        while right > left and norm[right - 1] in " \n\t　。；，、.":
            right -= 1
        piece = norm[left:right]
        head = _FILLER.match(piece)
        if (
            head
            and head.start() == 0
            and head.end()
            and len(piece) - head.end() >= 2
            and not piece.startswith("等离子")
        ):
            left += head.end()
            changed = True
            continue
        tail = re.search(
            r"(?:等[^、，；]{0,6}(?:单位|部门)|等|（(?:牵头|负责|主办|牵头单位|按职责分工负责)）)$",
            piece,
        ) or _TAIL.search(piece)
        if tail and tail.start() >= 2 and tail.end() > tail.start():
            right = left + tail.start()
            changed = True
    return left, right
