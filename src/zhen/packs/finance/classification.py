"""The classes (类) of public spending by function and by economic nature, for tables that the town publishes.

Source: 《2020年政府收支分类科目》(财政部), 一般公共预算支出功能分类科目 and 部门预算支出经济分类科目, the first three
digits. A class that is not here stands under its digits.
"""

from __future__ import annotations

FUNCTIONS = {
    "201": "一般公共服务支出",
    "203": "国防支出",
    "204": "公共安全支出",
    "205": "教育支出",
    "206": "科学技术支出",
    "207": "文化旅游体育与传媒支出",
    "208": "社会保障和就业支出",
    "210": "卫生健康支出",
    "211": "节能环保支出",
    "212": "城乡社区支出",
    "213": "农林水支出",
    "214": "交通运输支出",
    "215": "资源勘探工业信息等支出",
    "216": "商业服务业等支出",
    "217": "金融支出",
    "220": "自然资源海洋气象等支出",
    "221": "住房保障支出",
    "222": "粮油物资储备支出",
    "224": "灾害防治及应急管理支出",
    "227": "预备费",
    "229": "其他支出",
}
ECONOMIC = {
    "301": "工资福利支出",
    "302": "商品和服务支出",
    "303": "对个人和家庭的补助",
    "307": "债务利息及费用支出",
    "309": "资本性支出（基本建设）",
    "310": "资本性支出",
    "311": "对企业补助（基本建设）",
    "312": "对企业补助",
    "313": "对社会保障基金补助",
    "399": "其他支出",
}
THRIFT = {"30212": "因公出国（境）费用", "30217": "公务接待费", "30231": "公务用车运行维护费"}
"""The three public expenses (三公经费) by economic class of departments' budgets; the purchase of official cars is
31013, which the lines of assets hold."""


def function_of(code: str) -> str:
    return f"{code[:3]} {FUNCTIONS.get(code[:3], '')}".strip()


def economic_of(code: str) -> str:
    return f"{code[:3]} {ECONOMIC.get(code[:3], '')}".strip()
