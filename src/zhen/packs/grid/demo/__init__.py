"""The grid's part of the demo town: four months of reports, told through the very actions that people use."""

from __future__ import annotations

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.packs.api import DemoBuild
from zhen.packs.grid.catalogue import lay_classes, lay_routes
from zhen.packs.grid.demo.keywords import lay_keywords
from zhen.packs.grid.demo.life import Life
from zhen.packs.grid.demo.stage import Stage

CASES = {"small": 150, "town": 3_000}
"""Each case is some six actions, a tenth of a second in all: more of them would keep whoever tries the town waiting."""


def build(town: DemoBuild) -> None:
    builder = Actor.system("demo")
    lay_classes(builder)
    lay_routes(builder, source="示范镇的约定")
    lay_keywords(builder)
    stage = Stage.of(clock.now(), town.seed)
    if stage is None:
        return
    for at in stage.moments(CASES[town.scale]):
        Life(stage, at).tell()
    town.say(f"{CASES[town.scale]} grid cases")
