"""The units of plans: what stands between a number and the thing it counts.

Grouped by what they measure, because the kind of a target follows from it.
"""

from __future__ import annotations

import re

RATES = ("%", "‰", "个百分点", "百分点", "个点", "倍", "成", "番")
MONEY = """
    元 美元 欧元 港元 日元 英镑 澳门元 元人民币 块钱
"""
AREA = """
    平方米 平方公里 平方千米 平米 平方 m² ㎡ km² 亩 公亩 公顷 平
"""
LENGTH = """
    公里 千米 海里 延米 米 车道公里 里 km KM m 皮长公里 芯公里
"""
WEIGHT = """
    吨 斤 公斤 千克 克 担 吨标准煤 吨标煤 吨油当量 载重吨 吨公里 t
"""
POWER = """
    千瓦 千瓦时 瓦 瓦时 兆瓦 兆瓦时 吉瓦 吉瓦时 度 度电 kW MW GW kWh MWh GWh 千伏安 兆伏安 卡 P PFlops
    PFLOPS EFlops EFLOPS PF TB PB 蒸吨 吉焦 焦耳
"""
VOLUME = """
    立方米 立方 方 m³ 升 毫升 桶 毫米 吨/日 吨/天
"""
CONCENTRATION = """
    微克 毫克 贝克 分贝
"""
DURATION = """
    年 个月 月 周 天 日 小时 个小时 分钟 秒 秒钟 工作日 个工作日 周岁 岁 个年度 学时 课时 刻钟 毫秒
    个季度 个周期
"""
COUNTS = """
    个 家 所 座 条 项 处 名 人 人次 户 户次 件 场 场次 套 台 台套 辆 架 架次 艘 艘次 只 头 羽 匹 株 棵
    张 间 栋 幢 片 块 宗 起 次 批 批次 期 篇 部 本 册 份 类 种 款 支 对 口 眼 盏 根 杆 道 段 层 班 班次
    列 列次 位 例 剂 枚 颗 标箱 标准箱 TEU 床 车次 辆次 孔 门 组 团 窝 粒 箱 家次 件次 套次 人日 尾
    台次 扇 面 朵 顶 轮 幅 首 集 卷 种类 人份 剂次 人天 厂次 件套 台份 端口 频次 笔 筐 帧 柜 堂 席 亩次
"""
"""Measure words only: a noun such as 平台 would swallow the thing counted."""

KIND_OF: dict[str, str] = {}
for _kind, _group in (
    ("count", COUNTS.split()),
    ("duration", DURATION.split()),
    ("ratio", CONCENTRATION.split()),
    ("amount", (MONEY + AREA + LENGTH + WEIGHT + POWER + VOLUME).split()),
    ("rate", RATES),
):
    for _unit in _group:
        KIND_OF[_unit] = _kind

_ALL = sorted(KIND_OF, key=len, reverse=True)
_SIMPLE = "|".join(re.escape(unit) for unit in _ALL)
_PAREN = "|".join(
    re.escape(u) for u in sorted((u for u in KIND_OF if KIND_OF[u] in ("count", "duration")), key=len, reverse=True)
)
_DENOMINATOR = (
    r"(?:[十百千万亿\d]*(?:立方米|平方米|平方公里|公顷|亩|人|户|元|美元|吨|公里|年|日|天|月|小时|升|千瓦时|"
    r"个|件|次|辆|床|学生|生|m³|标准煤))"
)

# 个点位 is 个 + 点位 and 平 needs 万 before it; a Latin unit must not run into a longer word.
UNIT = (
    rf"(?:(?!个点[位子])(?!平(?:方)?[台安均衡等整原均])(?!成[都立功为效果本])(?!方[案式向便面法针米])(?!里程)(?!卡(?:口|点|车|级))"
    rf"(?!点位)(?!层级)(?!度假)(?!路)(?!面积)(?!位于)(?!段时)(?!组织)(?!人才市)(?!克难)"
    rf"(?:{_SIMPLE})(?![A-Za-z]))"
    rf"(?:（(?:{_PAREN})）)?(?:/{_DENOMINATOR})*"
)


def kind_of_unit(unit: str) -> str:
    """What a unit measures: count, amount, rate, ratio, duration; "" where there is no unit.

    >>> kind_of_unit("万平方米"), kind_of_unit("万元/人"), kind_of_unit("条（个）"), kind_of_unit("%")
    ('amount', 'ratio', 'count', 'rate')
    """
    if "/" in unit:
        head, _, tail = unit.partition("/")
        # 万吨/年 is a capacity: as much as the tonnes alone say
        return kind_of_unit(head) if tail in {"年", "日", "天", "月", "小时"} else "ratio"
    bare = unit.partition("（")[0]
    while bare and bare not in KIND_OF and bare[0] in "十百千万亿":
        bare = bare[1:]
    return KIND_OF.get(bare, "count" if unit else "")
