"""A post ends, and open cases stay with somebody who is gone: the head of his unit is told, and hands them over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.cases.models import Case
from zhen.kernel.identity.api import Post, User, posts_on
from zhen.kernel.jobs.api import Job
from zhen.kernel.journal import api as journal
from zhen.kernel.journal.api import EventKind
from zhen.kernel.lib import clock
from zhen.kernel.notify.api import MessageTemplate, tell

SYSTEM = Actor.system("cases")
LOOKED_BACK = 14
"""Days: a worker that was down for so long still tells; whoever was told is not told again."""
LEFT_BEHIND = MessageTemplate(
    id="cases.left_behind",
    name=_("open cases of somebody whose post has ended"),
    subject=_("{person} leaves {count} open cases behind"),
    body=_("The post of {person} in {unit} has ended. {count} open cases still name this person: {url}"),
    fields=("person", "unit", "count", "url"),
)
EVENTS = (EventKind(id="cases.left_behind", text=_("told of {count} open cases that {person} leaves behind")),)


def tell_lately() -> None:
    """The job's run."""
    tell_of_left_behind(SYSTEM, clock.today())


@action(None, silent=True)
def tell_of_left_behind(actor: Actor, day: date) -> int:
    """Tell the heads of the units in which somebody with open cases holds no post any more; gives how many ended posts
    they were told of. Where a unit has no head, the operations centre is told."""
    ended = Post.objects.filter(valid_to__gt=day - timedelta(days=LOOKED_BACK), valid_to__lte=day)
    posts = list(ended.select_related("user", "unit").order_by("valid_to", "pk"))
    held = set(posts_on(day).filter(user__in={post.user_id for post in posts}).values_list("user_id", "unit_id"))
    gone = [post for post in posts if (post.user_id, post.unit_id) not in held]
    open_cases = _open_cases(post.user_id for post in gone)
    heads = _heads(day, {post.unit_id for post in gone})
    told = 0
    for post in gone:
        count = open_cases.get((post.user_id, post.unit_id), 0)
        if count and _tell(post, count, heads.get(post.unit_id) or heads.get(None, [])):
            told += 1
            facts = {"person": str(post.user), "count": count}
            journal.record("cases.left_behind", by=actor, subject=post, unit=post.unit_id, data=facts)
    return told


def _open_cases(people: Iterable[int]) -> dict[tuple[int, int | None], int]:
    """How many open cases each of them has, by person and unit."""
    rows = Case.objects.filter(open=True, person_id__in=set(people)).values_list("person_id", "unit_id")
    return {(person, unit): n for person, unit, n in rows.annotate(n=Count("pk")).order_by() if person is not None}


def _heads(day: date, units: set[int]) -> dict[int | None, list[User]]:
    """The heads of the units, and under None the operations centre."""
    found: dict[int | None, list[User]] = {}
    posts = posts_on(day).filter(role__in=("unit_head", "dispatcher")).select_related("user").order_by("pk")
    for post in posts:
        if post.role == "dispatcher":
            found.setdefault(None, []).append(post.user)
        elif post.unit_id in units:
            found.setdefault(post.unit_id, []).append(post.user)
    return found


def _tell(post: Post, count: int, people: list[User]) -> bool:
    """Whether anybody was told who had not been before."""
    url = f"/desk/cases/people/{post.user_id}/"
    others = {user.pk: user for user in people if user.pk != post.user_id}.values()
    values = {"person": str(post.user), "unit": str(post.unit), "count": str(count), "url": url}
    key = f"{LEFT_BEHIND.id}:{post.pk}:{post.valid_to}"
    return bool(tell(LEFT_BEHIND.id, others, values=values, about=post, url=url, key=key))


JOBS = (Job(id="cases.left_behind", name=_("Tell of cases left behind"), run=tell_lately, every="30 7 * * *"),)
ITEMS = (LEFT_BEHIND, *EVENTS, *JOBS)
