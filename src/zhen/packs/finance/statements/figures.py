"""The figures of the statements, from the balances that the database keeps; each knows the accounts it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhen.kernel.access.api import Actor
from zhen.kernel.ledger import api as ledger
from zhen.packs.finance.statements.tables import STATEMENTS, Of, Row, Statement

DECEMBER = 12


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A row as it stands in a statement: its two figures in fen, empty for headings."""

    number: int
    label: str
    depth: int
    first: int | None
    second: int | None


@dataclass(frozen=True, kw_only=True)
class Part:
    """An account that a figure adds up, with its share."""

    account: ledger.Account
    amount: int


def made(actor: Actor, book: ledger.Book, statement: Statement, *, month: int = ledger.CLOSING) -> list[Shown]:
    """A statement to the end of a month of the books."""
    columns = _columns(actor, book, statement, month)
    return [
        Shown(
            number=number,
            label=row.label,
            depth=row.depth,
            first=_amount(row, columns[0][0], columns[0][1]) if row.accounts else None,
            second=_amount(row, columns[1][0], columns[1][1]) if row.accounts else None,
        )
        for number, row in enumerate(statement.rows, 1)
    ]


Column = tuple[Mapping[str, ledger.Standing], Of | None]
"""Standings by code, and which amount is taken where it is not the row's own."""


def _columns(actor: Actor, book: ledger.Book, statement: Statement, month: int) -> tuple[Column, Column]:
    if statement.id == "balance":
        now = _standings(actor, book, 1, month)
        return (now, Of.END), (now, Of.OPENING)
    so_far = _with_closing(actor, book, month)
    if statement.monthly:
        at = min(month, DECEMBER)
        return (_standings(actor, book, at, at), None), (so_far, None)
    before = ledger.books(actor).filter(unit=book.unit_id, year=book.year - 1).first()
    return (so_far, None), (_with_closing(actor, before, ledger.CLOSING) if before else {}, None)


def _with_closing(actor: Actor, book: ledger.Book, month: int) -> dict[str, ledger.Standing]:
    """What moved until December, and what stands after the closing, where it is asked for."""
    year = _standings(actor, book, 1, min(month, DECEMBER))
    if month <= DECEMBER:
        return year
    closed = _standings(actor, book, 1, month)
    return {
        code: ledger.Standing(
            account=standing.account,
            opening=standing.opening,
            before=standing.end - standing.opening - _turned(year.get(code)),
            debit=year[code].debit if code in year else 0,
            credit=year[code].credit if code in year else 0,
        )
        for code, standing in closed.items()
    }


def _turned(standing: ledger.Standing | None) -> int:
    return standing.debit - standing.credit if standing else 0


def _standings(actor: Actor, book: ledger.Book, first: int, last: int) -> dict[str, ledger.Standing]:
    return {row.account.code: row for row in ledger.trial_balance(actor, book, first=first, last=last)}


def _of(standing: ledger.Standing, of: Of) -> int:
    if of is Of.OPENING:
        return standing.opening
    return standing.end if of is Of.END else standing.debit - standing.credit


def _parts(row: Row, standings: Mapping[str, ledger.Standing], of: Of | None) -> list[Part]:
    sign = row.sign if row.debit else -row.sign
    return [
        Part(account=standing.account, amount=sign * amount)
        for code, standing in standings.items()
        if row.takes(code) and (amount := _of(standing, of or row.of))
    ]


def _amount(row: Row, standings: Mapping[str, ledger.Standing], of: Of | None) -> int:
    return sum(part.amount for part in _parts(row, standings, of))


def parts_of(actor: Actor, book: ledger.Book, statement: str, month: int, number: int) -> Sequence[Part]:
    """The accounts that the first figure of a row adds up. Raises IndexError where there is no such row."""
    declared = STATEMENTS[statement]
    (standings, of), _second = _columns(actor, book, declared, month)
    return _parts(declared.rows[number - 1], standings, of)
