"""`@action`: permission, write and journal event in one transaction. Nothing else writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.actor import Actor, ActorKind
from zhen.kernel.access.declarations import SEPARATIONS
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import once
from zhen.kernel.lib.refusals import Refused

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class ActionSpec:
    """An action as the rights table lists it: its name and the permission it asks for.

    `asks`: what it asks for instead, in the words of its module, where that depends on the row it is done to.
    """

    name: str
    permission: str | None
    asks: str = ""


ACTIONS: dict[str, ActionSpec] = {}


class Unjournalled(AssertionError):
    """An action wrote nothing to the journal. Remedy: call `journal.record` in it."""


def action(
    permission: str | None, *, silent: bool = False, asks: str = ""
) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Mark a function as an action on behalf of its first argument, the actor.

    `permission` is required before the function runs; the function itself still restricts the rows
    it touches. `None` is for actions that everybody may do on what is their own, and which check
    that themselves; where the row decides which permission they need, `asks` says so to the rights
    table. `silent` is for actions that may find nothing to do.
    """

    def mark(function: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
        name = f"{function.__module__}.{function.__qualname__}"
        ACTIONS[name] = ActionSpec(name=name, permission=permission, asks=asks)

        @wraps(function)
        def run(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if permission is not None:
                actor.require(permission)
                _keep_apart(actor, permission)
            with once.writing(), transaction.atomic(), journal.counting() as count:
                result = function(actor, *args, **kwargs)
                if not silent and not count():
                    raise Unjournalled(f"{name} recorded no event")
                return result

        return run

    return mark


def _keep_apart(actor: Actor, permission: str) -> None:
    """Refuse what does not go with another duty of the actor's, in whatever post he holds that: also as a deputy."""
    if actor.kind is ActorKind.SYSTEM:
        return
    for separation in SEPARATIONS:
        wrong = separation.other_side({permission}) if separation.always else frozenset()
        if any(wrong & grant.permissions for grant in actor.grants):
            raise Refused(
                field=_("duty"),
                value=actor.name,
                reason=_("%(reason)s (rule %(rule)s)") % {"reason": separation.reason, "rule": separation.rule},
                remedy=_("Ask somebody else"),
            )
