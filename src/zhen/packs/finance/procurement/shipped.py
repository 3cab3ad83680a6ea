"""The figures that Zhen ships, each with its source. Rows that nobody has confirmed hold, and are shown as such."""

from __future__ import annotations

from datetime import date

from zhen.packs.finance.procurement.models import Figure

YUAN = 100
WAN = 10_000 * YUAN
LAW = "《政府采购法》"
RULES = "《政府采购法实施条例》"
BIDDING = "《政府采购货物和服务招标投标管理办法》（财政部令第87号）"
OTHERS = "《政府采购非招标采购方式管理办法》（财政部令第74号）"
CENTRAL = "《中央预算单位政府集中采购目录及标准（2020年版）》"
CITY = "上海市政府采购集中采购目录和采购限额标准（2020年），待核对"
TO_CHECK = "，待核对"

C, U = Figure.Code, Figure.Unit
ROWS: tuple[tuple[str, str, str, int, str, date, str], ...] = (
    (C.LIMIT, "goods", "central", 100 * WAN, U.FEN, date(2020, 1, 1), CENTRAL),
    (C.LIMIT, "services", "central", 100 * WAN, U.FEN, date(2020, 1, 1), CENTRAL),
    (C.LIMIT, "works", "central", 120 * WAN, U.FEN, date(2020, 1, 1), CENTRAL),
    (C.OPEN, "goods", "central", 200 * WAN, U.FEN, date(2020, 1, 1), CENTRAL),
    (C.OPEN, "services", "central", 200 * WAN, U.FEN, date(2020, 1, 1), CENTRAL),
    (C.OPEN, "works", "central", 400 * WAN, U.FEN, date(2018, 6, 1), f"《必须招标的工程项目规定》第五条{TO_CHECK}"),
    (C.OPEN, "goods", "city", 400 * WAN, U.FEN, date(2020, 1, 1), CITY),
    (C.OPEN, "services", "city", 400 * WAN, U.FEN, date(2020, 1, 1), CITY),
    (C.TENDER_DAYS, "", "central", 20, U.DAYS, date(2003, 1, 1), f"{LAW}第三十五条{TO_CHECK}"),
    (
        C.CONSULTATION_DAYS,
        "",
        "central",
        10,
        U.DAYS,
        date(2015, 1, 1),
        f"《政府采购竞争性磋商采购方式管理暂行办法》第十条{TO_CHECK}",
    ),
    (
        C.NEGOTIATION_DAYS,
        "",
        "central",
        3,
        U.WORKING_DAYS,
        date(2014, 2, 1),
        f"{OTHERS}第二十九条、第四十五条{TO_CHECK}",
    ),
    (C.SUPPLIERS, "", "central", 3, U.COUNT, date(2003, 1, 1), f"{LAW}第三十六条{TO_CHECK}"),
    (C.COMMITTEE, "", "central", 3, U.COUNT, date(2014, 2, 1), f"{OTHERS}第七条{TO_CHECK}"),
    (C.SPLIT_DAYS, "", "central", 365, U.DAYS, date(2015, 3, 1), f"{RULES}第二十八条：一个财政年度内{TO_CHECK}"),
    (C.OBJECTION_DAYS, "", "central", 7, U.WORKING_DAYS, date(2003, 1, 1), f"{LAW}第五十二条{TO_CHECK}"),
    (C.CONTRACT_DAYS, "", "central", 30, U.DAYS, date(2003, 1, 1), f"{LAW}第四十六条{TO_CHECK}"),
    (C.CHANGE_PERCENT, "", "central", 10, U.PERCENT, date(2003, 1, 1), f"{LAW}第四十九条{TO_CHECK}"),
    (C.RETENTION_PERCENT, "", "central", 10, U.PERCENT, date(2015, 3, 1), f"{RULES}第四十八条{TO_CHECK}"),
)


def bring() -> None:
    """Bring the rows into the database; what is there stays as the town has it."""
    Figure.objects.bulk_create(
        (
            Figure(
                code=code,
                category=category,
                level=level,
                amount=amount,
                unit=unit,
                valid_from=valid_from,
                source=source,
            )
            for code, category, level, amount, unit, valid_from, source in ROWS
        ),
        ignore_conflicts=True,
    )
