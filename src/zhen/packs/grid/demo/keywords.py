"""The words by which the demo town suggests a class while it has no cases yet to learn from."""

from __future__ import annotations

import csv
from importlib.resources import files

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Category, add_keyword
from zhen.packs.grid.catalogue import SCHEME, VALID_FROM

SOURCE = "示范镇的约定"


def lay_keywords(actor: Actor) -> int:
    """Let the words of `keywords.csv` speak for their classes; gives how many. The first time only."""
    text = (files("zhen.packs.grid.demo") / "keywords.csv").read_text(encoding="utf-8")
    categories = {row.code: row for row in Category.objects.filter(scheme=SCHEME, leaf=True, valid_to=None)}
    rows = [row for row in csv.DictReader(text.splitlines()) if row["code"] in categories]
    for row in rows:
        category = categories[row["code"]]
        add_keyword(actor, category, row["word"], weight=int(row["weight"]), valid_from=VALID_FROM, source=SOURCE)
    return len(rows)
