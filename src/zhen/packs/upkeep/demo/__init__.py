"""Upkeep's part of the demo town."""

from zhen.packs.upkeep.demo.build import build

__all__ = ["build"]
