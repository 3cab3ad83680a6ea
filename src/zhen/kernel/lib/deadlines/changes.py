"""What happens to a clock: it is stopped, goes on, is extended, starts again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from zhen.kernel.lib.deadlines.values import MOST, Clock
from zhen.kernel.lib.refusals import Refused


class AlreadyPaused(Refused):
    """The clock stands still already. Remedy: let it go on first."""

    def __init__(self, since: datetime) -> None:
        super().__init__(
            field=_("pause"),
            value=since.isoformat(timespec="minutes"),
            reason=_("the clock has stood still since then"),
            remedy=_("Let it go on first"),
        )


class NotPaused(Refused):
    """The clock runs. Remedy: nothing is to be done."""

    def __init__(self) -> None:
        super().__init__(
            field=_("pause"), value="", reason=_("the clock runs"), remedy=_("Nothing is to be done: it goes on")
        )


class AlreadyExtended(Refused):
    """A limit is extended once. Remedy: decide within the time there is."""

    def __init__(self, by: int) -> None:
        super().__init__(
            field=_("extension"),
            value=by,
            reason=_("this limit was extended already, and the law allows it once"),
            remedy=_("Decide within the time there is"),
        )


class ExtensionOutOfBounds(Refused):
    """An extension by nothing, or by more than any limit has. Remedy: give a number in between."""

    def __init__(self, amount: int) -> None:
        super().__init__(
            field=_("extension"),
            value=amount,
            reason=_("it is out of bounds"),
            remedy=_("Give a number from 1 to %(most)s") % {"most": MOST},
        )


def pause(clock: Clock, now: datetime) -> Clock:
    if clock.paused:
        raise AlreadyPaused(clock.pauses[-1][0])
    # two machines differ by some milliseconds: a pause cannot begin before the last one ended
    since = max(now, *(moment for _, moment in clock.pauses[-1:] if moment), clock.started_at)
    return replace(clock, pauses=(*clock.pauses, (since, None)))


def resume(clock: Clock, now: datetime) -> Clock:
    if not clock.paused:
        raise NotPaused
    since = clock.pauses[-1][0]
    return replace(clock, pauses=(*clock.pauses[:-1], (since, max(now, since))))


def extend(clock: Clock, amount: int) -> Clock:
    """Longer by `amount` of the limit's own unit; once (Regulations on petitions, article 34, and others)."""
    if clock.extension:
        raise AlreadyExtended(clock.extension)
    if not 1 <= amount <= MOST:
        raise ExtensionOutOfBounds(amount)
    return replace(clock, extension=amount)


def restart(clock: Clock, now: datetime) -> Clock:
    """The whole limit again from now, as if received now: neither pauses nor an extension are carried over."""
    return Clock(now, clock.limit)
