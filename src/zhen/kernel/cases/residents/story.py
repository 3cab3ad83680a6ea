"""The story of a case as its reporter reads it: what was told, what was answered; no names of staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from zhen.kernel.cases.declarations import CASE_TYPES, By, Transition
from zhen.kernel.cases.models import Case, Comment
from zhen.kernel.cases.queries.cases import comments_of
from zhen.kernel.journal import api as journal
from zhen.kernel.pages.api import Tone

MOST = 200
"""Steps that are read, the newest: what happened longer ago on a case with more is left out."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """One thing that happened. `mine`: the reporter said it himself."""

    at: datetime
    text: str
    tone: Tone = Tone.NEUTRAL
    mine: bool = False


def story(case: Case) -> list[Told]:
    """What happened to a case that its reporter has shown to be his, first to last. Two queries."""
    type_ = CASE_TYPES[case.type]
    told = [Told(at=case.received_at, text=_("You reported it."), mine=True)]
    for event in journal.events_about(case).filter(kind="cases.moved")[:MOST]:
        step = type_.transition(str(event.data.get("step", "")))
        if step is not None and step.told:
            told.append(Told(at=event.at, text=str(step.told), tone=step.tone, mine=step.by is By.REPORTER))
    told += [
        Told(at=said.at, text=said.text, mine=said.kind == Comment.Kind.REPORTER)
        for said in comments_of(case, public=True)
    ]
    return sorted(told, key=lambda one: one.at)


def steps_of_reporter(case: Case) -> tuple[Transition, ...]:
    """The steps that are the reporter's own, as the case stands. What is too late is refused when it is tried."""
    return tuple(step for step in CASE_TYPES[case.type].steps_from(case.state) if step.by is By.REPORTER)
