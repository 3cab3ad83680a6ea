"""The checklists that upkeep ships. Their texts are in the town's language, and the town may write its own versions."""

from zhen.packs.upkeep.checklists import environment, premises

CHECKLISTS = (*premises.CHECKLISTS, *environment.CHECKLISTS)

__all__ = ["CHECKLISTS"]
