"""Each pair of the table is asked about by the action that does the one act or the other, whatever post is acted in."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import translation

from zhen.kernel.access.api import ROLES, Actor, permissions_of
from zhen.kernel.identity.api import actor_for
from zhen.kernel.identity.testing import LONG_AGO, a_post, a_unit, a_user
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.packs.finance import duties
from zhen.packs.finance.duties import ACTS, PAIRS, Pair

pytestmark = pytest.mark.django_db
PACK = Path(__file__).resolve().parents[2]
ASKED = re.compile(r'duties\.(?:check|always)\(\s*actor, "([a-z._]+)"|\balways\(actor, "([a-z._]+)"')


def asked() -> set[str]:
    """The acts about which actions ask the table."""
    texts = (path.read_text(encoding="utf-8") for path in PACK.rglob("*.py") if "tests" not in path.parts)
    return {first or second for text in texts for first, second in ASKED.findall(text)}


def test_no_pair_stands_in_the_table_without_an_action_that_asks_for_it() -> None:
    acts = asked()
    assert acts <= set(ACTS)
    assert [pair.rule for pair in PAIRS if not {pair.first, pair.second} & acts] == []


def test_rules_are_numbered_once_and_without_a_gap() -> None:
    assert [pair.rule for pair in PAIRS] == [f"N{number:02d}" for number in range(1, len(PAIRS) + 1)]


def a_role(act: str) -> str | None:
    wanted = ACTS[act].permissions
    return next((role.id for role in ROLES if wanted & permissions_of(role)), None)


def directly(pair: Pair) -> Actor:
    user, office = a_user("one"), a_unit("office")
    for role in {a_role(pair.first), a_role(pair.second)} - {None}:
        a_post(user, str(role), office)
    return actor_for(user, day=clock.today())


def as_deputy(pair: Pair) -> Actor:
    """The post of the second act is another's, whom he stands in for."""
    user, office = a_user("one"), a_unit("office")
    role = a_role(pair.second)
    if role is not None:
        a_post(user, role, office, deputises=a_post(a_user("holder"), role, office))
    return actor_for(user, day=clock.today())


def after_a_change(pair: Pair) -> Actor:
    """He has given up the post of the first act, and holds that of the second since."""
    user, office, tomorrow = a_user("one"), a_unit("office"), clock.today() + timedelta(days=1)
    for role, since, until in ((a_role(pair.first), LONG_AGO, tomorrow), (a_role(pair.second), tomorrow, None)):
        if role is not None:
            a_post(user, role, office, since=since, until=until)
    return actor_for(user, day=tomorrow)


@pytest.mark.parametrize("way", [directly, as_deputy, after_a_change], ids=lambda way: way.__name__)
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.rule)
def test_who_did_the_one_is_refused_the_other_by_its_rule(pair: Pair, way: object) -> None:
    actor = way(pair)  # type: ignore[operator]
    for act, other in ((pair.second, pair.first), (pair.first, pair.second)):
        with translation.override("zh-hans"), pytest.raises(Refused) as refused:
            duties.check(actor, act, {other: actor.user_id})
        told = str(refused.value.reason)
        assert pair.rule in told
        assert not re.search("[a-z]{3}", told), "in Chinese"
        duties.check(actor, act, {other: None})
        duties.check(actor, act, {other: (actor.user_id or 0) + 1})
