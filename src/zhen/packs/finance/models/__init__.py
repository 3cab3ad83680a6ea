"""The papers of public money: the budget before it is a quota, and payments before they are vouchers."""

from zhen.packs.finance.assets import models as assets
from zhen.packs.finance.control import models as control
from zhen.packs.finance.models.bank import BankLine, BankStatement
from zhen.packs.finance.models.budget import Budget, BudgetLine, Change, FundingPlan
from zhen.packs.finance.models.papers import Payroll, Slip, SubsidyBatch
from zhen.packs.finance.models.payments import Invoice, Payment
from zhen.packs.finance.models.publication import Publication
from zhen.packs.finance.performance import models as performance
from zhen.packs.finance.procurement import models as procurement
from zhen.packs.finance.projects import models as projects

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
    "Publication",
    "Slip",
    "SubsidyBatch",
    "assets",
    "control",
    "performance",
    "procurement",
    "projects",
]
