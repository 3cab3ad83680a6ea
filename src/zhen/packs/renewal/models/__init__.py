"""The rows of renewal."""

from zhen.packs.renewal.models.consent import Consultation, Objection, Publicity
from zhen.packs.renewal.models.dated import ConsentRule, DelayReason, WarrantyTerm, valid_on
from zhen.packs.renewal.models.doors import Door, DoorFact
from zhen.packs.renewal.models.projects import Delay, Milestone, Project
from zhen.packs.renewal.models.works import Measured, Pair, Picture, Quantity

__all__ = [
    "ConsentRule",
    "Consultation",
    "Delay",
    "DelayReason",
    "Door",
    "DoorFact",
    "Measured",
    "Milestone",
    "Objection",
    "Pair",
    "Picture",
    "Project",
    "Publicity",
    "Quantity",
    "WarrantyTerm",
    "valid_on",
]
