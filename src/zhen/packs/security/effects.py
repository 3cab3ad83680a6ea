"""Who is called in for a security alarm: the grid's people of the place."""

from __future__ import annotations

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case, Move
from zhen.kernel.identity.api import posts_on
from zhen.kernel.lib import clock
from zhen.kernel.notify.api import tell
from zhen.kernel.places import api as places

GRID = ("grid_worker", "neighbourhood_secretary")


def call_in_grid(_actor: Actor, case: Case, given: Move) -> None:
    """The units of those who work in the area read along and help, and the people are told at once."""
    today = clock.today()
    where = case.place_id or case.area_id
    around = [version.place_id for version in places.ancestors(where, today)] if where else []
    posts = list(posts_on(today).filter(role__in=GRID, area__in=[*around, where]).select_related("user"))
    units = {post.unit_id for post in posts} - {case.unit_id}
    case.shared_units = sorted({*case.shared_units, *units})
    case.save(update_fields=["shared_units"])
    people = {post.user_id: post.user for post in posts}
    tell(
        "security.called_in",
        list(people.values()),
        values={"number": case.number, "title": case.title, "address": case.address, "reason": given.reason},
        about=case,
        url=f"/desk/cases/{case.number}/",
    )
