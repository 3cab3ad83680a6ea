"""The rule that every model carries: how its rows relate to a post. `access` applies it.

It lies this low because models below `access` (the journal's, the jobs') carry one too.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How a model's rows relate to a post; every model carries one as `access_rule`.

    Each of `area`, `unit` and `owner` is a look-up path to an id, or `None` where the model has no
    such side: then that side does not limit it. `shared_units` is a column with the ids of further units that the row
    belongs to as it does to `unit`. `public` selects the rows that anybody may read.
    """

    area: str | None = None
    unit: str | None = None
    shared_units: str | None = None
    owner: str | None = None
    public: Q | None = None
