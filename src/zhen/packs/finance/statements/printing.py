"""Statements, ledgers and vouchers in their official form: PDF to be signed and filed, XLSX to be worked on."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zhen.kernel.access.api import Actor
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib.typesetting import typeset
from zhen.packs.finance.statements import figures
from zhen.packs.finance.statements.reconciling import reconciled
from zhen.packs.finance.statements.tables import RECONCILIATION, STATEMENTS

TEMPLATE = Path(__file__).with_name("paper.typ")
SIGNED = ("单位负责人", "会计主管", "复核", "制表")
FILED = ("会计主管", "记账", "复核", "出纳", "制单")


@dataclass(frozen=True, kw_only=True)
class Line:
    cells: tuple[str | int | None, ...]
    """Amounts are fen."""
    depth: int = 0
    bold: bool = False


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table that is printed: what stands above it, its columns with their widths in mm (0: the rest), its rows."""

    title: str
    above: tuple[str, str, str]
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: Sequence[Line]
    signatures: tuple[str, ...] = SIGNED
    wide: bool = False


def yuan(fen: int | None) -> str:
    """1,234.50; nothing for nothing, as forms are filled in."""
    return f"{fen / 100:,.2f}" if fen else ""


def statement_sheet(actor: Actor, book: ledger.Book, id: str, month: int) -> Sheet:
    """A statement to the end of a month of the books."""
    above = (f"编制单位：{book.unit.name}", _time(book, id, month), "单位：元")
    if id == RECONCILIATION:
        rows = reconciled(book, month=month)
        lines = [Line(cells=(row.label, row.amount), bold=not row.kind) for row in rows]
        return Sheet(
            title="本年盈余与预算结余的差异情况说明", above=above, heads=("项目", "金额"), widths=(0, 36), rows=lines
        )
    statement = STATEMENTS[id]
    shown = figures.made(actor, book, statement, month=month)
    return Sheet(
        title=statement.name,
        above=(above[0], above[1], f"{statement.number}　单位：元"),
        heads=("项目", *statement.columns),
        widths=(0, 38, 38),
        rows=[
            Line(
                cells=(row.label, row.first, row.second),
                depth=row.depth,
                bold=row.first is None or "合计" in row.label or "总计" in row.label or row.depth == 0,
            )
            for row in shown
        ],
    )


def _time(book: ledger.Book, id: str, month: int) -> str:
    at = min(month, 12)
    if id == "balance":
        last = ledger.Period.objects.values_list("last", flat=True).get(book=book, month=at)
        return f"{last.year}年{last.month}月{last.day}日"
    return f"{book.year}年{at}月" if STATEMENTS.get(id) and STATEMENTS[id].monthly else f"{book.year}年"


def account_sheet(actor: Actor, book: ledger.Book, account: ledger.Account) -> Sheet:
    """The page of an account: every line with the balance after it, the months and the year summed (明细账, 日记账)."""
    lines = ledger.lines_of(actor, book, account)
    sign = 1 if account.side == ledger.Account.Side.DEBIT else -1
    side = "借" if sign == 1 else "贷"
    rows: list[Line] = []
    balance = month = debit = credit = in_debit = in_credit = 0

    def close() -> None:
        rows.append(Line(cells=("", "", "本月合计", in_debit, in_credit, side, sign * balance), bold=True))
        rows.append(Line(cells=("", "", "本年累计", debit, credit, side, sign * balance), bold=True))

    for line in lines.iterator(chunk_size=1000):
        period = line.voucher.period.month
        if period and month and period != month:
            close()
            in_debit = in_credit = 0
        month = period
        balance += line.debit - line.credit
        if period == ledger.OPENING:
            if rows:
                rows.pop()
            rows.append(Line(cells=("", "", "上年结转", None, None, side, sign * balance), bold=True))
            continue
        debit, credit = debit + line.debit, credit + line.credit
        in_debit, in_credit = in_debit + line.debit, in_credit + line.credit
        day = f"{line.voucher.date:%m-%d}"
        cells = (
            day,
            f"记{line.voucher.number:04d}",
            line.voucher.summary,
            line.debit,
            line.credit,
            side,
            sign * balance,
        )
        rows.append(Line(cells=cells))
    if month:
        close()
    kind = "日记账" if account.code.startswith(("1001", "1002", "1011")) else "明细账"
    return Sheet(
        title=f"{account.name}{kind}",
        above=(f"单位：{book.unit.name}", f"{book.year}年", f"科目：{account.code} {account.name}　单位：元"),
        heads=("日期", "凭证号", "摘要", "借方", "贷方", "方向", "余额"),
        widths=(16, 20, 0, 32, 32, 12, 34),
        rows=rows,
        signatures=FILED,
        wide=True,
    )


def voucher_sheet(voucher: ledger.Voucher) -> Sheet:
    """A voucher with both sides, as it is bound (记账凭证)."""
    rows: list[Line] = []
    for basis in ledger.Basis:
        lines = [line for line in voucher.lines.all() if line.account.basis == basis]
        if lines:
            name = "财务会计" if basis is ledger.Basis.FINANCIAL else "预算会计"
            rows.append(Line(cells=(name, "", None, None), bold=True))
            rows += [
                Line(cells=(voucher.summary, str(line.account), line.debit, line.credit), depth=1) for line in lines
            ]
            total = (sum(line.debit for line in lines), sum(line.credit for line in lines))
            rows.append(Line(cells=("合计", "", *total), bold=True))
    people = tuple(name for name in (voucher.made_by_name, voucher.checked_by_name) if name)
    return Sheet(
        title="记账凭证",
        above=(
            f"单位：{voucher.period.book.unit.name}",
            f"{voucher.date:%Y年%m月%d日}",
            f"记字第{voucher.number:04d}号",
        ),
        heads=("摘要", "科目", "借方金额（元）", "贷方金额（元）"),
        widths=(70, 0, 36, 36),
        rows=rows,
        signatures=FILED if not people else (*FILED[:-1], f"制单　{people[0]}"),
        wide=True,
    )


def pdf(sheet: Sheet) -> bytes:
    numbers = _numbers(sheet)
    return typeset(
        TEMPLATE,
        {
            "title": sheet.title,
            "above": sheet.above,
            "heads": sheet.heads,
            "widths": sheet.widths,
            "numbers": numbers,
            "wide": sheet.wide,
            "signatures": sheet.signatures,
            "rows": [
                {
                    "cells": [yuan(cell) if isinstance(cell, int) or cell is None else cell for cell in line.cells],
                    "depth": line.depth,
                    "bold": line.bold,
                }
                for line in sheet.rows
            ],
        },
    )


def _numbers(sheet: Sheet) -> list[int]:
    """The columns that hold amounts."""
    return [
        column for column in range(len(sheet.heads)) if any(isinstance(line.cells[column], int) for line in sheet.rows)
    ]


def xlsx(sheet: Sheet) -> bytes:
    """The same as a workbook: amounts are numbers in yuan."""
    # Imported at first use: it takes 40 MB in every process, for a button that few press.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet.title[:31]
    last = len(sheet.heads)
    page.append([sheet.title])
    page.append([sheet.above[0], *[None] * (last - 2), sheet.above[2]])
    page.append([sheet.above[1]])
    page.append(list(sheet.heads))
    thin = Side(style="thin")
    for line in sheet.rows:
        page.append(["　" * line.depth + str(line.cells[0]), *(_cell(cell) for cell in line.cells[1:])])
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=last)
    page["A1"].font, page["A1"].alignment = Font(bold=True, size=16), Alignment(horizontal="center")
    for row, line in zip(page.iter_rows(min_row=5, max_col=last), sheet.rows, strict=True):
        for cell, value in zip(row, line.cells, strict=True):
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            cell.font = Font(bold=line.bold)
            if isinstance(value, int):
                cell.number_format = "#,##0.00"
    for number, width in enumerate(sheet.widths, 1):
        page.column_dimensions[get_column_letter(number)].width = (width or 90) / 2
    page.freeze_panes = "A5"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(value: str | int | None) -> str | float | None:
    return value / 100 if isinstance(value, int) else value
