"""Renewal's part of the demo town: the works that the plan of 2020 promised, and those of this year."""

from zhen.packs.renewal.demo.build import build

__all__ = ["build"]
