"""What other modules may import of packs."""

from zhen.kernel.packs.declarations import DemoBuild, Pack, joined
from zhen.kernel.packs.discovery import discover
from zhen.kernel.packs.loading import KERNEL_MODULES, Packs, load

__all__ = ["KERNEL_MODULES", "DemoBuild", "Pack", "Packs", "discover", "joined", "load"]
