"""How the pack reaches people: a reminder of benches, and a board in the park that nobody has put up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from tests.dummy_pack.models import Bench
from zhen.kernel.identity.api import User
from zhen.kernel.lib.problems import Problem
from zhen.kernel.notify.api import Channel, Due, Letter, MessageTemplate, NotSent, ReminderSource

LOOK = MessageTemplate(
    id="dummy_pack.look",
    name=_("Look at a bench"),
    subject=_("Look at {bench}"),
    body=_("Please look at {bench} by {due}."),
    fields=("bench", "due"),
)


def to_be_looked_at(first: date, last: date) -> Iterable[Due]:
    for bench in Bench.objects.filter(look_at_on__gte=first, look_at_on__lte=last).exclude(state=Bench.State.GONE):
        assert bench.look_at_on is not None
        yield Due(
            subject=("dummy_pack.bench", str(bench.pk)),
            due=bench.look_at_on,
            units=frozenset({bench.unit_id}),
            values={"bench": bench.name},
            url=f"/desk/dummy_pack/benches/{bench.pk}/",
        )


def pin(address: str, letter: Letter) -> None:
    raise NotSent("there is no board in the park", final=True)


def place_on_the_board(user: User) -> str:
    return user.username


def what_the_board_lacks() -> list[Problem]:
    return [Problem(where="dummy_pack: board", what="there is no board in the park", remedy="Put one up")]


BOARD = Channel(
    id="dummy_pack.board",
    name=_("Board in the park"),
    send=pin,
    address_of=place_on_the_board,
    check_config=what_the_board_lacks,
)
REMINDER = ReminderSource(
    id="dummy_pack.look", name=_("Benches to be looked at"), template=LOOK.id, due=to_be_looked_at
)
