"""Rounds: planning a campaign, today's list and coverage, over a register of so many premises.

Measures with a tenth of SUBJECTS and with all of them, in an empty town of its own, kept as a living one: vacuumed, its
tallies folded. With --here in the running one, in a transaction that is rolled back: there nothing is vacuumed, which
weighs on the figures. Options: --subjects 100000, --runs 100.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import date, timedelta
from random import Random
from time import perf_counter

from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from bench.harness import figures, in_its_own_town, percentile, timed
from zhen.kernel.access.api import Actor, ActorKind, grants_of
from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib import clock
from zhen.kernel.rounds.api import (
    Campaign,
    NewCampaign,
    Round,
    Visit,
    coverage,
    fold_tallies,
    lay_checklists,
    make_campaign,
    order_days,
    plan_round,
    start_campaign,
    waiting,
)
from zhen.packs.upkeep.models import Premises
from zhen.packs.upkeep.sources import PREMISES

FEWER = 10
INSPECTORS, PER_DAY = 60, 40
DAYS_SEEN = 7
"""So many days of the campaign lie behind: their visits are recorded."""
WEST, SOUTH, WIDE = 121.36, 31.22, 0.06

# Straight into the database, as so many days of visits would leave it.
_SEEN = """
UPDATE rounds_visit SET state = 'done', outcome = CASE WHEN random() < 0.9 THEN 'seen' ELSE 'refused' END,
    done_at = planned_on, recorded_at = planned_on, version_id = %(version)s, findings_count = (random() < 0.1)::int
WHERE round_id = %(round)s AND planned_on < %(today)s
"""
_FOUND = """
INSERT INTO rounds_finding (visit_id, subject_id, round_id, path, title, law, severity, found_at)
SELECT id, subject_id, round_id, 'exits', 'bench', '', 'minor', done_at FROM rounds_visit
WHERE round_id = %(round)s AND findings_count > 0
"""
FILLED = ("rounds_visit", "rounds_subject", "rounds_finding", "rounds_tally", "rounds_round", "upkeep_premises")


def run(options: Mapping[str, object]) -> dict[str, object]:
    small, own = bool(options["small"]), bool(options.get("own"))
    if not (small or own or options.get("here")):
        return in_its_own_town("rounds", options)
    subjects = int(str(options.get("subjects", 2_000 if small else 100_000)))
    runs = int(str(options.get("runs", 20 if small else 100)))
    settings.ALLOWED_HOSTS = ["*"]
    found: dict[str, object] = {}
    medians: list[dict[str, float]] = []
    for many in (subjects // FEWER, subjects):
        with ExitStack() as stack:
            if not own:
                stack.enter_context(transaction.atomic())
            town = Town(many)
            settle("VACUUM ANALYZE" if own else "ANALYZE")
            spent = town.measure(runs)
            if not own:
                transaction.set_rollback(True)
        for name, each in spent.items():
            found |= figures(f"{name}_{many}", each)
            print(
                f"{many} {name}: p50 {percentile(each, 0.5) * 1000:.1f} ms, p99 {percentile(each, 0.99) * 1000:.1f} ms"
            )
        medians.append({name: percentile(each, 0.5) for name, each in spent.items()})
    few, more = medians
    return found | {f"ratio_{name}": round(more[name] / few[name], 2) for name in few}


def settle(how: str) -> None:
    """What autovacuum and the worker's job do in a living town."""
    fold_tallies()
    with connection.cursor() as cursor:
        for table in FILLED:
            cursor.execute(f"{how} {table}")


def _points(chance: Random, count: int) -> Iterator[tuple[float, float]]:
    return ((WEST + chance.random() * WIDE / 2, SOUTH + chance.random() * WIDE / 2) for _ in range(count))


class Town:
    """A register, people who go, and a campaign over all of it that began a week ago."""

    def __init__(self, subjects: int) -> None:
        self.unit = a_unit(f"bench-rounds-{subjects}")
        self.today = clock.today()
        chance = Random(7)
        lay_checklists()
        Premises.objects.bulk_create(
            [
                Premises(kind="restaurant", name=f"饭店{n}", unit=self.unit, since=date(2020, 1, 1), lon=lon, lat=lat)
                for n, (lon, lat) in enumerate(_points(chance, subjects - Premises.objects.count()))
            ],
            batch_size=5_000,
        )
        self.people = [a_user(f"bench-rounds-{subjects}-{n}").pk for n in range(INSPECTORS)]
        self.actor = Actor(kind=ActorKind.USER, id=self.people[0], name="", grants=grants_of(("dispatcher",)))
        self.round = self._planned(subjects)
        self._seen()

    def _planned(self, subjects: int) -> Round:
        first = self.today - timedelta(days=DAYS_SEEN)
        last = first + timedelta(days=max(20, int(1.6 * subjects / INSPECTORS / PER_DAY)))
        new = NewCampaign(
            title="bench", checklist="upkeep.safety", source=PREMISES, unit_id=self.unit.pk, starts_on=first,
            ends_on=last, inspectors=dict.fromkeys(self.people), per_day=PER_DAY,
        )  # fmt: skip
        self.campaign: Campaign = start_campaign(self.actor, make_campaign(self.actor, new))
        start = perf_counter()
        made = plan_round(Actor.system("bench"), self.campaign, first)
        self.planning = [perf_counter() - start]
        assert made is not None
        assert made.visits_planned >= subjects
        return made

    def _seen(self) -> None:
        version = f"(SELECT max(id) FROM rounds_checklistversion WHERE code = '{self.campaign.checklist}')"
        given: dict[str, object] = {"round": self.round.pk, "today": self.today}
        with connection.cursor() as cursor:
            cursor.execute(_SEEN.replace("%(version)s", version), given)  # type: ignore[arg-type]
            cursor.execute(_FOUND, given)
            cursor.execute("ANALYZE rounds_visit")
        start = perf_counter()
        order_days([self.today])
        self.ordering = [perf_counter() - start]

    def measure(self, runs: int) -> dict[str, list[float]]:
        a_post(User.objects.get(pk=self.people[0]), "dispatcher", self.unit)
        client = Client()
        client.force_login(User.objects.get(pk=self.people[0]), backend=settings.AUTHENTICATION_BACKENDS[0])
        actors = [
            Actor(kind=ActorKind.USER, id=one, name="", grants=grants_of(("grid_worker",))) for one in self.people
        ]
        turn = iter(actors * (runs + 10))

        def page(path: str) -> None:
            answer = client.get(path)
            if answer.status_code != 200:
                raise SystemExit(f"{path}: {answer.status_code}")

        visit = Visit.objects.filter(round=self.round).order_by("pk").values_list("pk", flat=True)[0]
        return {
            "planning": self.planning,
            "ordering_today": self.ordering,
            "today": timed(lambda: list(waiting(next(turn), self.today)), runs=runs),
            "coverage": timed(lambda: coverage(self.round, self.today), runs=runs),
            "campaign_page": timed(lambda: page(f"/desk/rounds/campaigns/{self.campaign.pk}/"), runs=max(5, runs // 5)),
            "visits_page": timed(lambda: page("/desk/rounds/visits/"), runs=max(5, runs // 5)),
            "visit_page": timed(lambda: page(f"/desk/rounds/visits/{visit}/"), runs=max(5, runs // 5)),
        }
