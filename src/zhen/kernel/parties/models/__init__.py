"""Persons, households, organisations; and the records that guard what is held about them."""

from zhen.kernel.parties.models.guarding import Account, DataRequest, Deletion, Hold, Reading, RetiredKey
from zhen.kernel.parties.models.links import Address, ContactPoint, Membership, Relation
from zhen.kernel.parties.models.people import Household, Organisation, Person

__all__ = [
    "Account",
    "Address",
    "ContactPoint",
    "DataRequest",
    "Deletion",
    "Hold",
    "Household",
    "Membership",
    "Organisation",
    "Person",
    "Reading",
    "Relation",
    "RetiredKey",
]
