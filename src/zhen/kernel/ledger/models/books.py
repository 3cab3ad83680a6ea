"""Books with their periods, the accounts they are kept in, and the balances that follow from their vouchers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import Unit
from zhen.kernel.lib.privacy import NotPersonal

OPENING, CLOSING = 0, 13
"""The periods before January and after December: balances brought forward, and the closing of the year."""


class Basis(models.TextChoices):
    """The two sides of dual-basis bookkeeping (平行记账): accrual and cash."""

    FINANCIAL = "financial", _("financial accounting")
    BUDGETARY = "budgetary", _("budgetary accounting")


class Level(models.TextChoices):
    """The fiscal level that the rules of an entry depend on."""

    TOWN = "town", _("town")
    COUNTY = "county", _("county or district")
    CITY = "city", _("city")
    PROVINCE = "province", _("province")
    CENTRAL = "central", _("central")


class UnitType(models.TextChoices):
    ADMINISTRATION = "administration", _("administrative unit")
    INSTITUTION = "institution", _("public institution")
    COLLECTIVE = "collective", _("collective")


class Account(models.Model):
    """An account of a chart. First-level accounts are declared; sub-accounts below them are the town's.

    Accounts of the two bases with the same `mirror` always hold the same: 1011 and 8001.01. `nominal` accounts are
    emptied when a year closes.
    """

    class Side(models.TextChoices):
        DEBIT = "debit", _("debit")
        CREDIT = "credit", _("credit")

    chart = models.CharField(_("chart of accounts"), max_length=60)
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("class"), max_length=30)
    basis = models.CharField(_("basis"), max_length=10, choices=Basis.choices)
    side = models.CharField(_("normal side"), max_length=6, choices=Side.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    mirror = models.CharField(max_length=20, blank=True)
    nominal = models.BooleanField(_("emptied at year-end"), default=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    parent_id: int | None
    access_rule: ClassVar = Rule(public=Q())

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["chart", "code"], name="ledger_account_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Dimensions(models.Model):
    """What an amount is for, besides its account: one combination, made once and never changed."""

    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    project = models.CharField(_("project"), max_length=40, blank=True)
    function = models.CharField(_("function class"), max_length=20, blank=True)
    economic = models.CharField(_("economic class"), max_length=20, blank=True)
    source = models.CharField(_("funding source"), max_length=20, blank=True)

    unit_id: int | None
    access_rule: ClassVar = Rule(unit="unit_id")

    class Meta:
        verbose_name = _("dimensions")
        verbose_name_plural = _("dimensions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "project", "function", "economic", "source"],
                nulls_distinct=False,
                name="ledger_dimensions_once",
            )
        ]

    def __str__(self) -> str:
        return " · ".join(part for part in (self.project, self.function, self.economic, self.source) if part)


class Book(models.Model):
    """The books of a unit for a year."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="books", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"))
    chart = models.CharField(_("chart of accounts"), max_length=60)
    level = models.CharField(_("fiscal level"), max_length=10, choices=Level.choices)
    unit_type = models.CharField(_("type of the unit"), max_length=20, choices=UnitType.choices)

    unit_id: int
    access_rule: ClassVar = Rule(unit="unit_id")

    class Meta:
        verbose_name = _("books")
        verbose_name_plural = _("books")
        ordering: ClassVar = ["-year", "unit"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "year"], name="ledger_book_once"),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2100), name="ledger_book_year"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}"


class Period(models.Model):
    """A month of a book; 0 holds what was brought forward, 13 the closing of the year.

    `last_number` is kept by the database: a voucher takes the next one when it is written. A closed period takes no
    voucher and is not opened again.
    """

    book = models.ForeignKey(Book, models.PROTECT, related_name="periods", verbose_name=_("books"))
    month = models.PositiveSmallIntegerField(_("month"))
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    last_number = models.PositiveIntegerField(_("last number"), default=0, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    book_id: int
    access_rule: ClassVar = Rule(unit="book__unit_id")

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering: ClassVar = ["book", "month"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["book", "month"], name="ledger_period_once"),
            models.CheckConstraint(condition=Q(month__lte=CLOSING, last__gte=F("first")), name="ledger_period_month"),
        ]

    def __str__(self) -> str:
        return f"{self.first:%Y}-{self.month:02d}"


class Balance(models.Model):
    """What was debited and credited in a period, by account and dimensions. Only the database writes it."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="balances", verbose_name=_("period"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"))
    dimensions = models.ForeignKey(Dimensions, models.PROTECT, null=True, related_name="+")
    debit = models.BigIntegerField(_("debit"))
    credit = models.BigIntegerField(_("credit"))

    access_rule: ClassVar = Rule(unit="period__book__unit_id")
    privacy: ClassVar = NotPersonal(because="Sums of money by account")

    class Meta:
        verbose_name = _("balance")
        verbose_name_plural = _("balances")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period", "account", "dimensions"], nulls_distinct=False, name="ledger_balance_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.period_id} {self.account_id}: {self.debit} {self.credit}"
