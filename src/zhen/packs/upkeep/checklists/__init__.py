"""The checklists that upkeep ships. Their texts are in the town's language, and the town may write its own versions."""

from zhen.packs.upkeep.checklists import environment, flood, households, premises

CHECKLISTS = (*premises.CHECKLISTS, *environment.CHECKLISTS, *flood.CHECKLISTS, *households.CHECKLISTS)

__all__ = ["CHECKLISTS"]
