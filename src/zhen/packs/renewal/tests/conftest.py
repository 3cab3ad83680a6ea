"""The cast: Alice heads the office, Bob is its clerk, Dora another clerk; Charlie heads another office."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from shapely import box

from zhen.kernel.access.api import ROLES, Actor, ActorKind, Grant
from zhen.kernel.files.api import store
from zhen.kernel.files.testing import an_image, an_upload
from zhen.kernel.identity.models import Unit, User
from zhen.kernel.identity.testing import a_unit, a_user
from zhen.kernel.lib import clock
from zhen.kernel.lib.testing import Hands as Hands
from zhen.kernel.places.api import Kind, NewPlace, Place, create_many
from zhen.kernel.rounds.api import NewCampaign, Visit, lay_checklists, make_campaign, plan_round, start_campaign
from zhen.kernel.rounds.testing import visited
from zhen.packs.renewal.actions import consent, projects, works
from zhen.packs.renewal.actions.rules import lay
from zhen.packs.renewal.models import Consultation, Milestone, Project
from zhen.packs.renewal.sources import PROJECTS

NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
"""A Tuesday, ten in the morning in the town."""
TODAY = date(2026, 9, 15)
SINCE = date(2019, 1, 1)
POINT = (121.385, 31.245)
SYSTEM = Actor.system("test")
QUALITY = {"material": "yes", "work": "yes", "hidden": "yes", "safety": "yes", "neighbours": "yes"}
ACCEPTANCE = {"bill": "yes", "work": "yes", "papers": "yes", "clean": "yes", "contractor": "张工"}


@pytest.fixture
def hands() -> Iterator[Hands]:
    with Hands(NOW) as held:
        yield held


def holding(user: User, role: str, unit: Unit) -> Actor:
    grant = Grant.of(ROLES[role], units=frozenset({unit.pk}))
    return Actor(kind=ActorKind.USER, id=user.pk, name=user.name, grants=(grant,))


def votes(agreed: int, against: int = 0, abstained: int = 0) -> dict[str, Any]:
    """Every household has fifty square metres."""
    counts = {"agreed": agreed, "against": against, "abstained": abstained}
    return {**counts, **{f"area_{name}": Decimal(50 * number) for name, number in counts.items()}}


@dataclass(frozen=True)
class Cast:
    office: Unit
    other: Unit
    area: Place
    alice: Actor
    bob: Actor
    dora: Actor
    charlie: Actor
    hands: Hands

    def project(self, name: str = "北巷小区屋面改造", **given: Any) -> Project:
        facts = {
            "kind": "roof", "name": name, "unit": self.office, "lon": POINT[0], "lat": POINT[1],
            "first_start": date(2026, 8, 1), "first_end": date(2026, 12, 20),
        }  # fmt: skip
        return projects.enter(self.alice, {**facts, **given})

    def asked(self, project: Project, households: int = 100) -> Consultation:
        return consent.open_consultation(self.bob, project, asked=households, area_asked=Decimal(50 * households))

    def cleared(self, project: Project) -> Project:
        """Asked, agreed, hung out, cleared: the clock goes on by ten days."""
        consent.count_votes(self.bob, self.asked(project), votes(90), close=True)
        today = clock.today()
        consent.hang_out(self.bob, project, starts_on=today, ends_on=today + timedelta(days=7), where="公告栏")
        self.hands.go(days=10)
        return consent.clear(self.bob, project)

    def visit(self, project: Project, checklist: str = "renewal.progress", *, two: bool = False, **given: Any) -> Visit:
        """A visit of Bob's to the project, with a photo; with `two`, Dora was there."""
        today = clock.today()
        new = NewCampaign(
            title="x", checklist=checklist, source=PROJECTS, query={"project": str(project.pk)},
            unit_id=self.office.pk, starts_on=today, ends_on=today + timedelta(days=5),
            inspectors={self.bob.id or 0: None},
        )  # fmt: skip
        campaign = start_campaign(self.alice, make_campaign(self.alice, new))
        plan_round(SYSTEM, campaign, today)
        visit = Visit.objects.get(round__campaign=campaign)
        answers = {"renewal.progress": {"stage": "works"}, "renewal.quality": QUALITY, "renewal.acceptance": ACCEPTANCE}
        seed = Visit.objects.count()
        path = "whole" if checklist == "renewal.quality" else "spot"
        wrong = [item for item, answer in given.get("answers", {}).items() if answer == "no"]
        paths = [path, *wrong]
        photos = {one: [store(self.bob, an_upload(an_image(seed=seed * 10 + n)))] for n, one in enumerate(paths)}
        facts: dict[str, Any] = {"answers": answers[checklist], "second": self.dora.id if two else None, **given}
        return visited(self.bob, visit, photos, **facts)

    def milestone(self, project: Project, step: str) -> Milestone:
        return project.milestones.select_related("project").get(step=step)

    def reach_all(self, project: Project) -> None:
        """Everything but the acceptance, today."""
        for step in ("design", "contract"):
            works.reach(self.bob, self.milestone(project, step), on=clock.today(), proof="〔2026〕1号")
        visit = self.visit(project)
        for step in ("begun", "half", "built"):
            works.reach(self.bob, self.milestone(project, step), on=clock.today(), visit=visit)


@pytest.fixture
def cast(db: Any, hands: Hands) -> Cast:
    office, other = a_unit("office"), a_unit("other")
    shape = box(121.38, 31.24, 121.39, 31.25)
    news = [
        NewPlace(kind=Kind.TOWN, code="T", name="T", valid_from=SINCE, shape=shape),
        NewPlace(kind=Kind.NEIGHBOURHOOD, code="N", name="北巷", parent="T", valid_from=SINCE, shape=shape),
    ]
    area = {place.code: place for place in create_many(SYSTEM, news)}["N"]
    lay_checklists()
    lay(SYSTEM)
    return Cast(
        office,
        other,
        area,
        holding(a_user("alice"), "unit_head", office),
        holding(a_user("bob"), "unit_clerk", office),
        holding(a_user("dora"), "unit_clerk", office),
        holding(a_user("charlie"), "unit_head", other),
        hands,
    )
