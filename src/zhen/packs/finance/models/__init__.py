"""The papers of public money: the budget before it is a quota, and payments before they are vouchers."""

from zhen.packs.finance.models.budget import Budget, BudgetLine, Change, FundingPlan
from zhen.packs.finance.models.payments import Invoice, Payment
from zhen.packs.finance.procurement import models as procurement  # noqa: F401  its models live in this app

__all__ = ["Budget", "BudgetLine", "Change", "FundingPlan", "Invoice", "Payment"]
