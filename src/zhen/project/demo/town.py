"""The demo town's ground: the real names and codes of its neighbourhoods, and invented lines."""

from __future__ import annotations

from zhen.kernel.access.api import Actor
from zhen.kernel.places.api import Outline, build_town, create_many
from zhen.project.demo.people import SINCE, rows

TOWN = ("310107102000", "长征镇")
PRECINCTS = ("新城", "怒江", "金沙", "梅川", "真光")


def build_places(builder: Actor, seed: int) -> dict[str, int]:
    """Create all places; gives how many there are of each kind.

    The neighbourhoods' names and codes are facts (statistical codes of 2023-06-30); precincts, cells,
    streets and buildings are invented and marked so.
    """
    outline = Outline(
        town=TOWN,
        precincts=[(f"{TOWN[0]}-P{number}", f"{name}片区") for number, name in enumerate(PRECINCTS, 1)],
        neighbourhoods=[(row["code"], row["name"].removesuffix("居委会")) for row in rows("neighbourhoods.csv")],
        valid_from=SINCE,
    )
    news = build_town(outline, seed=seed)
    create_many(builder, news)
    counts: dict[str, int] = {}
    for new in news:
        counts[new.kind] = counts.get(new.kind, 0) + 1
    return counts
