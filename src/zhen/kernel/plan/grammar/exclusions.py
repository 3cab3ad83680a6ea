"""Numbers in a plan that promise nothing. Each rule is one small function with an example."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .numerals import Quantity
from .units import kind_of_unit


@dataclass(frozen=True, slots=True)
class Site:
    """A number in its clause: `before` and `after` are the clause's text around it, `wide_before` reaches
    back to the start of the sentence."""

    quantity: Quantity
    number: str
    before: str
    after: str
    wide_before: str
    quoted: str | None

    @property
    def unit_kind(self) -> str:
        return kind_of_unit(self.quantity.unit)


Rule = Callable[[Site], bool]

_HARD = re.compile(
    r"(?:不低于|不少于|至少|不超过|超过|超|高于|压缩|压减|缩短|缩减|控制|减少|减至|降至|降低|提速|延长|达到|达|提高|增至|增加|稳定在|保持在|以内|以上|以下)[^，。；]{0,6}$"
)


def in_quotation(site: Site) -> bool:
    """“四百”走访, “优品100”, 《…十二条措施》: a number in a name. “3个100%” is a target, though quoted."""
    if site.quoted is None:
        return False
    whole = re.fullmatch(r"\d+个100%|100%", site.quoted)
    return whole is None and len(site.quoted) < 30


def is_ordinal(site: Site) -> bool:
    """第3批, 前三季度, 2026年: an order or a date. 前3名 is a rank, which may be a goal."""
    if re.search(r"(?:第|No\.?|国道|省道|县道|号)\s?$", site.before):
        return True
    if re.match(r"[届号版强线型代]", site.after) and not site.quantity.unit:
        return True
    if site.quantity.unit == "期" and re.match(r"项目|工程|建设|地块", site.after):
        return True
    return (
        bool(re.search(r"(?:20\d\d|零|一|二|三|四|五|六|七|八|九)年?$", site.before))
        and site.quantity.form == "chinese"
    )


def is_duration(site: Site) -> bool:
    """三年行动, 15分钟生活圈, 再延长30年试点, 24小时开放, 65岁以上: time and age qualify. A limit on them
    is a target: 不低于2小时, 压缩至3个工作日, 人均预期寿命80岁."""
    if site.unit_kind != "duration":
        return False
    unit = site.quantity.unit.lstrip("十百千万亿")
    if "岁" in unit:
        return "寿命" not in site.before
    if site.quantity.form == "chinese" or re.match(
        r"(?:行动|计划|规划|攻坚|试点|以上工龄|生活圈|服务圈|医疗|交通圈|便民|通勤|内|一次|来|后|前|期|的?时间)",
        site.after,
    ):
        return True
    if unit in ("年", "月", "日"):
        return not re.search(r"(?:寿命|平均受教育年限|受教育年限)[^，]{0,8}$", site.before)
    return not (
        _HARD.search(site.before) or re.search(r"(?:时间|时限|天数|时长|学时|课时|环节)[^，。；]{0,10}$", site.before)
    )


_LIMIT = re.compile(r"(?:及)?(?:以上|以下|以内|之内|以上级|级|内|规模|宽|高|长|深)(?:的)?(?=[^，。；、）和与及\s])")
_SIZED = re.compile(
    r"(?:占地(?:面积)?|日处理(?:能力)?|日供水|总?投资(?:额)?|处理能力|产能|年产|容量|库容|装机(?:容量)?|规模|建筑面积|长|宽|深|高|单[笔体个]|"
    r"每(?:个|家|户|人|亩|吨|平方米)|注册资本|产值|营收|约|近|超|超过|达)$"
)
_COUNT_FOLLOWS = re.compile(
    r"(?:以上|以下|左右|多)?(?:的)?(?!建设|完成|新建|实施|改造|打造|引进|培育|，)[^，。；、和及与\d\s]{1,14}?(?:不少于|超|约|\d|[一二两三四五六七八九十]{1,3}[个家座处])"
)
_WHO_IS_MEANT = re.compile(
    r"以[上下](?:的)?(?:自然村|行政村|村|小区|楼|企业|养老机构|机构|医院|单位|景区|聚居|聚集|水厂|餐饮|用工|家庭|会议|活动|经营)"
)


def is_qualifier(site: Site) -> bool:
    """亿元以上项目, 50米内换乘, 总投资2万亿元的389个项目, 200千瓦电站3座, 20户以上自然村: a size that picks
    out the thing counted."""
    kind = site.unit_kind
    if site.after.startswith("级"):
        return True
    if kind == "count":
        return (
            site.quantity.unit in ("户", "人", "名", "张", "床", "层") and _WHO_IS_MEANT.match(site.after) is not None
        )
    if kind != "amount":
        return False
    if _LIMIT.match(site.after) or _COUNT_FOLLOWS.match(site.after):
        return True
    return site.after.startswith("的") and _SIZED.search(site.before) is not None


def is_basis(site: Site) -> bool:
    """从77%提高到80%: the first number is where things stand. 每10万人, 每千人: what a rate is taken on."""
    if re.search(r"每\s?$", site.before):
        return True
    moved = re.match(
        r"[^，。；]{0,16}?(?:提高|提升|扩大|增加|增长|上升|下降|降低|降|压缩|缩短|压减|减少|减|调整|拓展|扩展|上调|扩|增|缩减|缩小)(?:到|至|为)",
        site.after,
    )
    return moved is not None and bool(re.search(r"(?:从|由|自)[^，。；]{0,40}$", site.before))


_STRUCTURE = re.compile(
    r"(?:主要|重点|约束性|预期性|具体|核心|关键|重大|一级|二级|类)*(?:方面|维度|领域|指标|任务|举措|环节|原则|要求|坚持|转变|突破|关系|目标|方向|重点工作|工作要求|部分|板块|层面|抓手|着力点|字|大类|主题|大方面|必须)"
)


def counts_the_text(site: Site) -> bool:
    """10个方面工作, 29项主要指标, 13项任务举措, 十件民生实事: the plan counts its own parts."""
    if site.unit_kind != "count":
        return False
    if re.match(r"(?:[^，。；、]{0,12})?(?:民生)?实事|事(?!故|项|业|件|务|迹)", site.after) or re.search(
        r"(?:指标|任务)$", site.before
    ):
        return True
    if re.search(r"(?:落实|贯彻|执行|用好|兑现)[^，。；]{0,6}$", site.before) and re.match(
        r"(?:措施|政策)", site.after
    ):
        return True
    return bool(_STRUCTURE.match(site.after)) and not re.search(r"(?:突破|攻克|攻关|解决)$", site.before[-3:])


_FOREIGN_NAME = re.compile(r"(?:热线|青少年|妇联|PM|GDP|[A-Za-z])\s?$")


def is_code(site: Site) -> bool:
    """12345热线, 5G, PM2.5, 3+6, 2.0版, 10千伏线路, 8英寸: codes, versions and technical grades."""
    if site.quantity.form != "arabic":
        return False
    if re.match(r"[+×*.]\d|\.0|千伏(?!安)|英寸|纳米|万象", site.after):
        return True
    if site.quantity.unit in ("P", "t", "m", "TB") and not re.search(r"算力|存储|重", site.before):
        return True
    if re.search(r"\d[+×*\-—]$|[A-Za-z]$", site.before) and not site.before.endswith(("GDP", "R&D")):
        return True
    return _FOREIGN_NAME.search(site.before) is not None and site.quantity.unit == ""


def has_no_unit(site: Site) -> bool:
    """500强, 22号线, 8×4: a bare number is a target only as the level that is to be reached: 降至2.54."""
    quantity = site.quantity
    if quantity.unit or quantity.form in ("zero", "multiple", "proportion"):
        return False
    value = quantity.value if isinstance(quantity.value, float) else quantity.value[1]
    if 1900 <= value <= 2100 and value == int(value):
        return True
    reached = re.search(
        r"(?:达到|达|降至|降到|缩小至|缩小到|控制在|提高到|提升到|提升至|突破|升至|保持在|稳定在|不低于|超过|不超过|进入[^，。；]{0,6}前)\s?$",
        site.before,
    )
    closed = re.match(r"\s?(?:左右|以上|以下|以内|$|[（])", site.after)
    return not (reached and closed)


def is_award_or_rule(site: Site) -> bool:
    """给予最高100万元奖励, 每户每年960元奖励扶助: a sum in a rule of payment, no sum to be reached."""
    if site.unit_kind != "amount" or "元" not in site.quantity.unit:
        return False
    if re.search(r"(?<!到)(?<!至)(?<!于)每[^，到至于]{1,6}$", site.before) and re.match(
        r"的?(?:标准|奖|补|扶助|资助|救助|给予|发放)", site.after
    ):
        return True
    return bool(
        re.search(
            r"(?:给予|奖励|补助|补贴|奖补|授信|最高)(?:最高|不超过|一次性|每[^，]{1,4})?(?:不超过)?$",
            site.before,
        )
    ) and bool(re.match(r"(?:以内|以下)?的?(?:一次性)?(?:奖|补|支持|资助|贷款|授信|标准)", site.after))


_DELIVER_WORDS = """
    新建 改建 扩建 改扩建 新改建 新（改）建 建成 完成 新增 增设 改造 开工 竣工 创建 引进 建设 开展 举办
    培育 打造 启动 设置 配备 新设 选派 组建 创成 落地 招引 签约 实施 拆除 整治 打通 推出 承办 组织 培训
    发放 救助 帮扶 安装 加装 更新 提升改造 提供 设立 争创 建立 购置 种植 修缮 维修 铺设 新开 改造提升
    优化提升 开通 增加 盘活 清退 关停 化解 办好 办理 开发 解决 消除 招录 招聘 招募 认定 孵化 销售 出栏
    惠及 慰问 走访 资助 捐助 制定 出台 修订 编制 攻克 突破 转化 获得 获评 入选 评选 表彰 布局 建好 建强
    做强 投放 投用 投运
"""
_DELIVER = "|".join(sorted(_DELIVER_WORDS.split(), key=len, reverse=True))
_GOVERNED = re.compile(
    rf"(?:{_DELIVER})(?:完成|建成|好)?(?:[^，。；\d]{{0,24}}等)?(?:不少于|不低于|至少|超过|超|近|约|共|总计|合计)?"
    r"(?:[一二两三四五六七八九十]{1,3}[个家所座条项处名套台辆栋][^，。；、]{2,16}[、和])*$"
)
"""新建三所幼儿园、两个服务中心: the verb governs the second number across the first."""
_ABSTRACT = re.compile(
    r"[^，。；]{0,6}?(?:方面|体系|机制|关系|举措|战略|精神|意识|文章|底线|红线|关口|关键|中心任务|转变|建设年|主线|标准|层次|台阶|目标|任务|行动|计划|战役|硬仗|环节|"
    r"保障|补贴|文明|力量|优势|特色|链条|坚持|确保|高地|模式|联动|结合|并举|统筹|同步|循环|制度|支撑|责任|清单|机遇|改革|普查|全覆盖|专项|台账|队伍|措施|政策|路子|作用|区域|片区主题|清零|到位|服务圈)"
)
_ONE = re.compile(r"(?:新建|建成|新增|改造|扩建|改建|改扩建|新开)$")
_ONE_UNITS = {"所", "座", "处", "家", "条", "栋", "幢", "间", "台", "辆"}


def is_rhetorical(site: Site) -> bool:
    """三大攻坚战, 两个关键小事, 一批项目, 十方面工作, 六个一批: small Chinese numerals mostly name a fixed
    set. They promise something only right behind a verb of delivery: 新建三所幼儿园, 完成两座泵站改造."""
    quantity = site.quantity
    if quantity.form != "chinese" or site.unit_kind in ("rate",):
        return False
    if re.match(r"(?:一批|大(?!关)|方面|统筹|并举)", site.after) or quantity.unit.endswith("方面"):
        return True
    if re.search(r"(?:这|那|上述|以上|以下|前|上|下|后|各|每|某|同|另|哪|几|数|整|头|首|全)$", site.before):
        return True
    if site.unit_kind == "amount" and site.number.startswith(("百", "千", "万", "亿")):
        return False  # 突破百亿元: left to the rule on magnitudes
    large = quantity.unit[:1] in ("万", "亿") or (isinstance(quantity.value, float) and quantity.value > 10)
    if large and not site.number.startswith(("百", "千", "万", "亿")):
        return False
    governed = _GOVERNED.search(site.before)
    if quantity.value == 1.0 and not large:
        return not (
            _ONE.search(site.before)
            and quantity.unit in _ONE_UNITS
            and not re.match(r"(?:龙|体|批|流|站式|键)", site.after)
        )
    if governed is None or quantity.unit in (
        "层",
        "道",
        "面",
        "级",
        "路",
        "轮",
        "步",
        "次",
        "期",
        "起",
        "位",
        "门",
        "口",
        "集",
        "出",
        "对",
        "首",
        "段",
    ):
        return True
    return bool(_ABSTRACT.match(site.after)) and not re.match(r"[^，。；]{0,8}(?:项目|企业|人才|小区|学校)", site.after)


def is_bare_magnitude(site: Site) -> bool:
    """千亿级产业, 超百亿元企业: magnitude as a rank. 培训万名青年 is 1 万名, 突破百亿元 a level."""
    if site.quantity.form != "chinese" or not site.number.startswith(("百", "千", "万", "亿")):
        return False
    if site.unit_kind != "count":
        reached = re.search(r"(?:突破|超过|超|达到|达|上|过|跨越)$", site.before)
        return not (reached and re.match(r"(?:以上|大关|台阶|规模|左右|[，。；、）]|$)", site.after))
    return bool(re.match(r"[^，。；]{0,8}(?:行动|工程|计划|活动|示范)", site.after))


def is_zero_name(site: Site) -> bool:
    """零就业家庭, 零碳园区, 零增长 as a name: only a zero to be reached is a goal: 动态清零, 零事故."""
    return (
        site.quantity.form == "zero"
        and bool(re.search(r"(?:“|实现$|防止|杜绝).{0,2}$", site.before))
        and site.quoted is not None
    )


def restates(site: Site) -> bool:
    """确定4.5%左右的增长目标: the text speaks about a target that stands elsewhere."""
    return bool(re.match(r"(?:左右|以上|以内|以下)?的?(?:预期|增长|年度|发展|经济)*目标", site.after))


def is_forecast(site: Site) -> bool:
    """高校毕业生预计达1222万人: what is expected to come, whatever is done."""
    return bool(re.search(r"预计[^，。；]{0,12}$", site.before))


def is_rhythm(site: Site) -> bool:
    """每月召开1次调度会: how often, not how many."""
    return site.quantity.value == 1.0 and bool(
        re.search(r"每(?:个)?(?:月|周|季度|季|年|天|半年|旬|日)[^，。；]{0,8}$", site.before)
    )


def belongs_to_pair(site: Site) -> bool:
    """“3个100%”: the count of the hundreds is part of the name, the hundred per cent is the target."""
    return bool(re.match(r"\d+(?:\.\d+)?%", site.after)) and site.unit_kind == "count"


def is_distance(site: Site) -> bool:
    """长江沿线1公里地块: how far a zone reaches."""
    return site.unit_kind == "amount" and bool(re.search(r"(?:沿线|沿岸|周边|半径|方圆|两侧|岸线|范围)$", site.before))


_PROJECT = re.compile(r"[^，。；\d]{2,30}?等?[^，。；、\d]{0,8}(?:项目|工程|生产线|基地)")
_CAPACITY = re.compile(r"(?:年产|日产|年加工|年处理|日处理|年屠宰|年出栏|产能)(?:量|能力)?$")
_FURTHERED = re.compile(r"(?:^|，)[^，]{0,10}?(?:推进|推动|加快|抓好|谋划|服务|促进|跟踪|盯紧|加速|力促|确保)")


def names_a_project(site: Site) -> bool:
    """推动年产10万台电机、20亿元锂电材料等项目建设: size and capacity in the name of a project."""
    if site.quantity.form not in ("arabic", "chinese"):
        return False
    if _CAPACITY.search(site.before):
        return re.match(r"[^，。；]{2,40}?(?:项目|工程|生产线|基地)", site.after) is not None
    if site.unit_kind != "amount" or not _PROJECT.match(site.after) or site.before.endswith("等"):
        return False
    return re.match(r"[^，。；\d]{2,30}?等[^，。；、\d]{0,6}(?:项目|工程)", site.after) is not None or (
        _FURTHERED.search(site.before) is not None
        and re.match(r"[^，。；、\d]{2,16}(?:项目|工程)", site.after) is not None
    )


RULES: tuple[Rule, ...] = (
    in_quotation,
    is_ordinal,
    is_duration,
    is_qualifier,
    is_basis,
    counts_the_text,
    is_code,
    has_no_unit,
    is_award_or_rule,
    is_rhetorical,
    is_bare_magnitude,
    is_zero_name,
    restates,
    is_forecast,
    is_rhythm,
    belongs_to_pair,
    is_distance,
    names_a_project,
)


def excluded_by(site: Site) -> str | None:
    """The name of the first rule that takes a number for no target, None where all let it pass."""
    return next((rule.__name__ for rule in RULES if rule(site)), None)
