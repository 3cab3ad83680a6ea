"""Who hears when a case is closed: its reporter, those of its repeats, and all who follow one of them."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.declarations import CaseType
from zhen.kernel.cases.models import Case, Follow, Link, Reporter
from zhen.kernel.identity.api import User
from zhen.kernel.notify.api import MessageTemplate, tell

CLOSED = MessageTemplate(
    id="cases.followed_closed",
    name=_("A report that somebody follows is closed"),
    subject=_("{number} is closed"),
    body=_("What you reported or follow is closed: {number}, {outcome}. {result}"),
    fields=("number", "outcome", "result"),
)


def hearers(case: Case) -> list[User]:
    """Everybody with an account who reported the case or a repeat of it, or follows one of them."""
    repeats = Link.objects.filter(kind=Link.Kind.REPEAT, target=case).values("case_id")
    together = Q(case=case) | Q(case__in=repeats)
    reporters = Reporter.objects.filter(together, wants_answer=True).exclude(user=None).values("user_id")
    followers = Follow.objects.filter(together).exclude(user=None).values("user_id")
    return list(User.objects.filter(Q(pk__in=reporters) | Q(pk__in=followers)).order_by("pk"))


def tell_hearers(_actor: Actor, case: Case, type_: CaseType) -> None:
    """The case is closed: tell those who wait for it, once for each closing."""
    people = hearers(case)
    if not people:
        return
    outcome = next((outcome for outcome in type_.outcomes if outcome.id == case.outcome), None)
    tell(
        CLOSED.id,
        people,
        values={
            "number": case.number,
            "outcome": str(outcome.name) if outcome else str(type_.state(case.state).name),
            "result": case.result if case.visible else "",
        },
        about=case,
        key=f"{CLOSED.id}:{case.pk}:{case.reopened}",
    )
