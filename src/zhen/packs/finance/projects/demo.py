"""Projects of the demo town: some that the year's budget is drawn from, some that wait for the next one."""

from __future__ import annotations

from collections.abc import Mapping

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import Unit
from zhen.packs.finance.projects import actions
from zhen.packs.finance.projects.models import Project

YUAN = 100
SOURCE = "一般公共预算"
FOUNDED = {
    "社区活动室修缮": ("镇人大代表票决实事项目", "修缮后对外开放，居民无障碍进出", 20),
    "消防设施维护": ("《消防法》第十六条；消防设施检测报告", "重点建筑消防设施完好，故障按期修复", 10),
    "绿化养护": ("绿化养护作业合同", "养护面积和考核分达到合同约定", 40),
    "办公设备购置": ("资产清查结果；办公设备配置标准", "到期设备按标准更新，不超配", 60),
}
"""Basis, objective and priority of the lines of this year's budget that are projects."""
WAITING = (
    ("operations", "城运平台机房改造", "镇党政联席会纪要", "平台连续运行，故障可切换", "2120199", 30,
     ((0, "31007", 450_000), (1, "30213", 60_000)), "admitted", ""),
    ("community", "居委会服务站适老化改造", "居民代表会议决议", "老人和轮椅能自己进出", "2120303", 15,
     ((1, "30213", 620_000),), "admitted", ""),
    ("welfare", "社区助餐点设备更新", "助餐服务协议", "日供餐能力不减，设备安全", "2081004", 25,
     ((1, "31002", 180_000),), "asked", ""),
    ("safety", "老旧小区电动自行车充电棚", "火灾隐患清单", "楼道内停放充电清零", "2240299", 12,
     ((1, "31005", 900_000), (2, "31005", 400_000)), "returned", "请补充选址意见和三家报价"),
    ("planning", "口袋公园新建", "绿化专项计划", "服务半径内居民步行可达", "2120501", 50,
     ((1, "31005", 1_200_000),), "asked", ""),
    ("office", "会议室音响更新", "设备使用年限到期", "会议正常召开", "2010301", 90,
     ((0, "31002", 80_000),), "ended", "与机房改造合并实施"),
)  # fmt: skip
"""Unit, name, basis, objective, function class, priority, needs (years from now), what became of it and why."""


class Library:
    """`clerk` proposes, `officer` admits; what stands in the year's lines is proposed with the sum of its line."""

    def __init__(self, clerk: Actor, officer: Actor, year: int, units: Mapping[str, Unit]) -> None:
        self.clerk, self.officer, self.year, self.units = clerk, officer, year, units

    def of_line(self, unit: str, name: str, function: str, economic: str, fen: int) -> Project:
        basis, objective, priority = FOUNDED[name]
        made = self._propose(unit, name, basis, objective, function, priority, [(self.year, economic, fen)])
        return actions.admit(self.officer, made.pk)

    def waiting(self) -> None:
        for unit, name, basis, objective, function, priority, needs, became, why in WAITING:
            given = [(self.year + ahead, economic, yuan * YUAN) for ahead, economic, yuan in needs]
            made = self._propose(unit, name, basis, objective, function, priority, given)
            if became == "returned":
                actions.send_back(self.officer, made.pk, said=why)
            elif became != "asked":
                actions.admit(self.officer, made.pk)
            if became == "ended":
                actions.end(self.officer, made.pk, said=why)

    def _propose(
        self, unit: str, name: str, basis: str, objective: str, function: str, priority: int, needs: list[actions.Given]
    ) -> Project:
        given = {
            "unit": self.units[unit],
            "name": name,
            "kind": Project.Kind.SPECIFIC,
            "basis": basis,
            "objective": objective,
            "function": function,
            "source": SOURCE,
            "priority": priority,
        }
        return actions.propose(self.clerk, given, needs)
