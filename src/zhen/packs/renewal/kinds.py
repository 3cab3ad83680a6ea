"""Kinds of renewal projects, each with its milestones: in which order, when, with what weight, on what evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Text = str | Promise


class Kind(models.TextChoices):
    ROOF = "roof", pgettext_lazy("kind of renewal project", "roofs and what belongs to them")
    DRAINAGE = "drainage", pgettext_lazy("kind of renewal project", "rain and waste water separated")
    COMPREHENSIVE = "comprehensive", pgettext_lazy("kind of renewal project", "comprehensive renewal")
    ROAD = "road", pgettext_lazy("kind of renewal project", "landscape road")
    KEY = "key", pgettext_lazy("kind of renewal project", "key project")
    REBUILD = "rebuild", pgettext_lazy("kind of renewal project", "rebuilt in place")


class Matter(models.TextChoices):
    """What the owners decide on together (民法典 第二百七十八条)."""

    NONE = "none", pgettext_lazy("matter of consent", "no consent of owners needed")
    FUND = "fund", pgettext_lazy("matter of consent", "use of the maintenance fund, and other common matters")
    ALTER = "alter", pgettext_lazy("matter of consent", "alteration or rebuilding of the building")


class Evidence(StrEnum):
    """What shows that a milestone is reached.

    PAPER: the number of a document. CLEARED: consent and publicity, by the action that clears the project for works.
    VISIT: a visit that saw it, with a photo. ACCEPTANCE: the acceptance by two people.
    """

    PAPER = "paper"
    CLEARED = "cleared"
    VISIT = "visit"
    ACCEPTANCE = "acceptance"


@dataclass(frozen=True, kw_only=True)
class Step:
    """A milestone of a kind, due by `share` % of the time; `weight` is its part of the work."""

    id: str
    name: Text
    share: int
    weight: int
    evidence: Evidence


@dataclass(frozen=True, kw_only=True)
class ProjectKind:
    steps: tuple[Step, ...]
    matter: Matter = Matter.NONE
    doors: bool = False
    """Whether households move out for it."""

    def step(self, id: str) -> Step:
        return next(step for step in self.steps if step.id == id)


BEGUN, ACCEPTED, CLEARED = "begun", "accepted", "cleared"
DESIGN = Step(
    id="design",
    name=pgettext_lazy("milestone of a renewal project", "survey and design approved"),
    share=15,
    weight=5,
    evidence=Evidence.PAPER,
)
CONSENT = Step(
    id=CLEARED,
    name=pgettext_lazy("milestone of a renewal project", "residents agree, publicity over"),
    share=28,
    weight=10,
    evidence=Evidence.CLEARED,
)
CONTRACT = Step(
    id="contract",
    name=pgettext_lazy("milestone of a renewal project", "contract signed"),
    share=35,
    weight=5,
    evidence=Evidence.PAPER,
)
BEGIN = Step(
    id=BEGUN,
    name=pgettext_lazy("milestone of a renewal project", "works begun"),
    share=40,
    weight=10,
    evidence=Evidence.VISIT,
)
HALF = Step(
    id="half",
    name=pgettext_lazy("milestone of a renewal project", "half of the works done"),
    share=68,
    weight=30,
    evidence=Evidence.VISIT,
)
BUILT = Step(
    id="built",
    name=pgettext_lazy("milestone of a renewal project", "works done"),
    share=92,
    weight=30,
    evidence=Evidence.VISIT,
)
ACCEPT = Step(
    id=ACCEPTED,
    name=pgettext_lazy("milestone of a renewal project", "accepted"),
    share=100,
    weight=10,
    evidence=Evidence.ACCEPTANCE,
)
EMPTY = Step(
    id="empty",
    name=pgettext_lazy("milestone of a renewal project", "all households have moved out"),
    share=38,
    weight=10,
    evidence=Evidence.VISIT,
)
ON_ESTATES = (DESIGN, CONSENT, CONTRACT, BEGIN, HALF, BUILT, ACCEPT)
WITHOUT_CONSENT = (DESIGN, CONTRACT, BEGIN, HALF, BUILT, ACCEPT)

KINDS: Mapping[Kind, ProjectKind] = {
    Kind.ROOF: ProjectKind(steps=ON_ESTATES, matter=Matter.FUND),
    Kind.DRAINAGE: ProjectKind(steps=ON_ESTATES, matter=Matter.FUND),
    Kind.COMPREHENSIVE: ProjectKind(steps=ON_ESTATES, matter=Matter.ALTER),
    Kind.ROAD: ProjectKind(steps=WITHOUT_CONSENT),
    Kind.KEY: ProjectKind(steps=WITHOUT_CONSENT),
    Kind.REBUILD: ProjectKind(
        steps=(DESIGN, CONSENT, CONTRACT, EMPTY, BEGIN, HALF, BUILT, ACCEPT), matter=Matter.ALTER, doors=True
    ),
}
