"""Papers beside payments: payrolls, subsidies to residents in batches, and slips of cash and of the own account."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import User
from zhen.kernel.ledger.api import Book
from zhen.packs.finance.models.budget import BudgetLine
from zhen.packs.finance.models.common import signed, two_people


class Decided(models.Model):
    """What somebody asks for and somebody else decides on."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("asked for by"))
    asked_at = models.DateTimeField(_("asked for at"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))

    asked_by_id: int | None
    decided_by_id: int | None

    class Meta:
        abstract = True


DECIDED = ("state", "reason", "asked_at")


class Payroll(Decided):
    """The totals of a month's payroll list. Who gets how much stays in the list of the personnel office.

    Approved, pay and contributions are owed and the withheld parts are booked; two payments, of the net pay and of
    tax and contributions, are asked for with it and approved with it.
    """

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="payrolls", verbose_name=_("budget line"))
    month = models.PositiveSmallIntegerField(_("month"))
    method = models.CharField(_("way of payment"), max_length=10)
    list_number = models.CharField(_("number of the list"), max_length=40)
    people = models.PositiveIntegerField(_("number of people"))
    pay = models.BigIntegerField(_("gross pay"))
    insurance = models.BigIntegerField(_("employer's social insurance"))
    housing = models.BigIntegerField(_("employer's housing fund"))
    tax = models.BigIntegerField(_("income tax withheld"))
    own_insurance = models.BigIntegerField(_("social insurance withheld"))
    own_housing = models.BigIntegerField(_("housing fund withheld"))

    line_id: int
    access_rule: ClassVar = Rule(unit="line__unit_id", owner="asked_by_id")
    privacy: ClassVar = signed(
        "asked_by",
        "decided_by",
        internal=(
            "line",
            "month",
            "method",
            "list_number",
            "people",
            "pay",
            "insurance",
            "housing",
            "tax",
            "own_insurance",
            "own_housing",
            *DECIDED,
        ),
    )

    class Meta:
        verbose_name = _("payroll")
        verbose_name_plural = _("payrolls")
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            two_people("asked_by", "decided_by", "finance_payroll_second_person"),
            models.CheckConstraint(
                condition=Q(
                    month__gte=1,
                    month__lte=12,
                    people__gte=1,
                    insurance__gte=0,
                    housing__gte=0,
                    tax__gte=0,
                    own_insurance__gte=0,
                    own_housing__gte=0,
                    pay__gt=F("tax") + F("own_insurance") + F("own_housing"),
                ),
                name="finance_payroll_amounts",
            ),
            models.UniqueConstraint(
                fields=["line", "list_number"], condition=~Q(state="refused"), name="finance_payroll_once"
            ),
        ]

    def __str__(self) -> str:
        return f"GZ-{self.asked_at:%Y}-{self.pk:04d}"

    @property
    def withheld(self) -> int:
        return self.tax + self.own_insurance + self.own_housing

    @property
    def net(self) -> int:
        return self.pay - self.withheld

    @property
    def remitted(self) -> int:
        """What goes to the tax office, to social insurance and to the housing fund."""
        return self.withheld + self.insurance + self.housing

    @property
    def whole(self) -> int:
        return self.pay + self.insurance + self.housing


class SubsidyBatch(Decided):
    """A batch of subsidies to residents. Zhen holds how many, how much and the fingerprint of the list, not the list.

    The list itself, with names and accounts, is paid by the bank and kept where it was made; its SHA-256 shows
    whether a list is the one that was approved.
    """

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="batches", verbose_name=_("budget line"))
    name = models.CharField(_("subsidy"), max_length=100)
    basis = models.CharField(_("basis"), max_length=200)
    people = models.PositiveIntegerField(_("number of people"))
    amount = models.BigIntegerField(_("amount"))
    fingerprint = models.CharField(_("fingerprint of the list"), max_length=64)
    bank = models.CharField(_("paid out by"), max_length=100)
    bank_account = models.CharField(_("account that is paid out from"), max_length=40)

    line_id: int
    access_rule: ClassVar = Rule(unit="line__unit_id", owner="asked_by_id")
    privacy: ClassVar = signed(
        "asked_by",
        "decided_by",
        internal=("line", "name", "basis", "people", "amount", "fingerprint", "bank", "bank_account", *DECIDED),
    )

    class Meta:
        verbose_name = _("batch of subsidies")
        verbose_name_plural = _("batches of subsidies")
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            two_people("asked_by", "decided_by", "finance_batch_second_person"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, people__gte=1, fingerprint__regex="^[0-9a-f]{64}$"),
                name="finance_batch_amount",
            ),
            models.UniqueConstraint(
                fields=["fingerprint"], condition=~Q(state="refused"), name="finance_batch_list_once"
            ),
        ]

    def __str__(self) -> str:
        return f"BT-{self.asked_at:%Y}-{self.pk:04d}"


class Slip(Decided):
    """Money that moves without a payment quota: cash spent, money for the treasury, deposits; see `slips.KINDS`.

    The cashier enters it, the accountant confirms it, and it is booked.
    """

    book = models.ForeignKey(Book, models.PROTECT, related_name="+", verbose_name=_("books"))
    line = models.ForeignKey(
        BudgetLine, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("budget line")
    )
    kind = models.CharField(_("kind"), max_length=30)
    on = models.DateField(_("date"))
    amount = models.BigIntegerField(_("amount"))
    what = models.CharField(_("summary"), max_length=150)
    party = models.CharField(_("from or to"), max_length=100)
    reference = models.CharField(_("receipt or bank reference"), max_length=60)

    book_id: int
    access_rule: ClassVar = Rule(unit="book__unit_id", owner="asked_by_id")
    privacy: ClassVar = signed(
        "asked_by",
        "decided_by",
        internal=("book", "line", "kind", "on", "amount", "what", "party", "reference", *DECIDED),
    )

    class Meta:
        verbose_name = _("cash slip")
        verbose_name_plural = _("cash slips")
        ordering: ClassVar = ["-on", "-pk"]
        constraints: ClassVar = [
            two_people("asked_by", "decided_by", "finance_slip_second_person"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="finance_slip_amount"),
            models.UniqueConstraint(
                fields=["book", "kind", "reference"], condition=~Q(state="refused"), name="finance_slip_once"
            ),
        ]

    def __str__(self) -> str:
        return f"SZ-{self.on:%Y}-{self.pk:05d}"
