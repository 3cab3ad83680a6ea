"""Statements of the bank, line by line, and which line of the books each of theirs is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import User
from zhen.kernel.ledger.api import Account, Book, Line
from zhen.kernel.lib.privacy import NotPersonal
from zhen.packs.finance.models.common import signed


class BankStatement(models.Model):
    """A statement of an account for some days, as the bank's file has it. First a preview, then taken over."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("preview")
        TAKEN = "taken", _("taken over")

    book = models.ForeignKey(Book, models.PROTECT, related_name="bank_statements", verbose_name=_("books"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"))
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    closing = models.BigIntegerField(_("balance at the bank"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PREVIEW)
    read_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("read by"))
    read_at = models.DateTimeField(_("read at"))

    book_id: int
    account_id: int
    access_rule: ClassVar = Rule(unit="book__unit_id")
    privacy: ClassVar = signed(
        "read_by",
        internal=("book", "account", "file_name", "sha256", "first", "last", "closing", "state", "read_at"),
    )

    class Meta:
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        ordering: ClassVar = ["-last", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="finance_bank_days"),
            models.UniqueConstraint(fields=["book", "account", "sha256"], name="finance_bank_file_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account.name} {self.first:%Y-%m-%d} – {self.last:%Y-%m-%d}"


class BankLine(models.Model):
    """A line of a statement: fen, above zero where money came in. `line` is the line of the books that it is."""

    statement = models.ForeignKey(BankStatement, models.CASCADE, related_name="lines", verbose_name=_("bank statement"))
    position = models.PositiveIntegerField(_("line"))
    on = models.DateField(_("date"))
    amount = models.BigIntegerField(_("amount"))
    party = models.CharField(_("from or to"), max_length=100, blank=True)
    reference = models.CharField(_("bank reference"), max_length=60, blank=True)
    what = models.CharField(_("summary"), max_length=200, blank=True)
    line = models.OneToOneField(Line, models.PROTECT, null=True, blank=True, related_name="bank_line")

    statement_id: int
    line_id: int | None
    access_rule: ClassVar = Rule(unit="statement__book__unit_id")
    privacy: ClassVar = NotPersonal(because="A line of the account of a public body")

    class Meta:
        verbose_name = _("line of a bank statement")
        verbose_name_plural = _("lines of bank statements")
        ordering: ClassVar = ["statement", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement", "position"], name="finance_bank_line_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="finance_bank_line_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.what}"
