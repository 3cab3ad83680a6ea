"""What of assets is kept."""

from zhen.packs.finance.assets.models.cards import Asset, AssetPhoto, Wear, WearRun
from zhen.packs.finance.assets.models.classes import AssetClass, classes_on
from zhen.packs.finance.assets.models.papers import Disposal, Lease, Rent, Transfer

__all__ = [
    "Asset",
    "AssetClass",
    "AssetPhoto",
    "Disposal",
    "Lease",
    "Rent",
    "Transfer",
    "Wear",
    "WearRun",
    "classes_on",
]
