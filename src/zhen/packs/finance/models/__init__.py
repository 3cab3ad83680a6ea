"""The papers of public money: the budget before it is a quota, and payments before they are vouchers."""

from zhen.packs.finance.models.bank import BankLine, BankStatement
from zhen.packs.finance.models.budget import Budget, BudgetLine, Change, FundingPlan
from zhen.packs.finance.models.papers import Payroll, Slip, SubsidyBatch
from zhen.packs.finance.models.payments import Invoice, Payment

__all__ = [
    "BankLine",
    "BankStatement",
    "Budget",
    "BudgetLine",
    "Change",
    "FundingPlan",
    "Invoice",
    "Payment",
    "Payroll",
    "Slip",
    "SubsidyBatch",
]
