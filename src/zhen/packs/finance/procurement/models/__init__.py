"""The papers of a procurement."""

from zhen.packs.finance.procurement.models.bids import Bid, Criterion, KeyHolder, Member, Score, Share
from zhen.packs.finance.procurement.models.contracts import Acceptance, Contract, ContractChange, Instalment
from zhen.packs.finance.procurement.models.figures import Figure
from zhen.packs.finance.procurement.models.needs import Item, Objection, Paper, Procurement
from zhen.packs.finance.procurement.models.suppliers import Exclusion, Invitation, Qualification, Supplier

__all__ = [
    "Acceptance",
    "Bid",
    "Contract",
    "ContractChange",
    "Criterion",
    "Exclusion",
    "Figure",
    "Instalment",
    "Invitation",
    "Item",
    "KeyHolder",
    "Member",
    "Objection",
    "Paper",
    "Procurement",
    "Qualification",
    "Score",
    "Share",
    "Supplier",
]
