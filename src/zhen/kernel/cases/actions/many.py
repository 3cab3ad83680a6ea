"""The same for many cases at once: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.cases.actions.moving import MOST_AT_ONCE
from zhen.kernel.cases.actions.working import assign, comment
from zhen.kernel.cases.models import Case, Comment
from zhen.kernel.lib.refusals import Refused


@action(None, asks="assign")
def assign_many(
    actor: Actor, seen: Mapping[int, int], *, person_id: int | None = None, unit_id: int | None = None, reason: str = ""
) -> tuple[Case, ...]:
    """Give cases (id → revision seen) to a person or a unit: all of them or none."""
    check_many(len(seen))
    return tuple(
        assign(actor, case_id, seen[case_id], person_id=person_id, unit_id=unit_id, reason=reason)
        for case_id in sorted(seen)
    )


@action(None, asks="comment")
def comment_many(actor: Actor, case_ids: tuple[int, ...], text: str, *, public: bool = False) -> tuple[Comment, ...]:
    """Say the same on many cases."""
    check_many(len(case_ids))
    return tuple(comment(actor, case_id, text, public=public) for case_id in sorted(case_ids))


def check_many(count: int) -> None:
    """Raises Refused for none or too many."""
    if not 1 <= count <= MOST_AT_ONCE:
        raise Refused(
            field=_("cases"),
            value=count,
            reason=_("that is none, or too many at once"),
            remedy=_("Choose one to %(most)s") % {"most": MOST_AT_ONCE},
        )
