"""The papers of public money: the budget before it is a quota, and payments before they are vouchers."""

from zhen.packs.finance.control.models import (
    ApprovalRow,
    Cover,
    Finding,
    Resolution,
    RiskSetting,
    Sample,
    Step,
)
from zhen.packs.finance.models.budget import Budget, BudgetLine, Change, FundingPlan
from zhen.packs.finance.models.payments import Invoice, Payment

__all__ = [
    "ApprovalRow",
    "Budget",
    "BudgetLine",
    "Change",
    "Cover",
    "Finding",
    "FundingPlan",
    "Invoice",
    "Payment",
    "Resolution",
    "RiskSetting",
    "Sample",
    "Step",
]
