"""Fire safety's part of the demo town: detectors in nearly every building, and the files of some."""

from zhen.packs.fire.demo.build import build

__all__ = ["build"]
