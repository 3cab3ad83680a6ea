"""The cast of public money, and projects of theirs."""

from __future__ import annotations

from typing import Any

from zhen.packs.finance.projects import actions
from zhen.packs.finance.projects.models import Project
from zhen.packs.finance.tests.conftest import Cast, cast, hands

__all__ = ["cast", "hands"]
NEEDS = ((2026, "30213", 60_000), (2026, "31002", 40_000), (2027, "30213", 20_000))


def proposed(cast: Cast, needs: Any = NEEDS, **given: Any) -> Project:
    facts = {
        "unit": cast.office,
        "name": "Roof",
        "kind": Project.Kind.SPECIFIC,
        "basis": "It leaks",
        "objective": "Nobody needs a bucket",
        "function": "2010301",
        "source": "general",
        "priority": 10,
        **given,
    }
    return actions.propose(cast.alice, facts, needs)


def admitted(cast: Cast, needs: Any = NEEDS, **given: Any) -> Project:
    return actions.admit(cast.frank, proposed(cast, needs, **given).pk)
