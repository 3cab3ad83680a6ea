"""Phones in the field that die, with a net that is cut at any byte and clocks that are wrong, against the real web
process: every saved answer arrives once, and where two phones were on one visit, both records are kept and shown.

The phones run the scripts of the field face themselves (phones/run.mjs); a part of the runs is Chromium's.
"""

from __future__ import annotations

import base64
import io
import json
import os
import random
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image
from shapely import box
from tests.dummy_pack.models import Bench

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case, CaseAttachment
from zhen.kernel.identity.api import Unit
from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib import clock
from zhen.kernel.places.api import Kind, NewPlace, Place, create_many
from zhen.kernel.rounds.api import Subject, Visit, lay_checklists

RUN = Path(__file__).with_name("phones") / "run.mjs"
SYSTEM = Actor.system("chaos")
CSRF = "a" * 32
SECONDS_A_RUN = 20


@dataclass
class Plan:
    """What one phone does: a report, or a visit, which another phone may make as well."""

    kind: str
    to: str
    cookie: str
    fields: list[list[str]]
    under: str
    photos: list[str]
    id: str = field(default_factory=lambda: f"run {uuid4()}")
    key: str = field(default_factory=lambda: str(uuid4()))

    def __post_init__(self) -> None:
        self.fields = [*self.fields, ["note" if self.kind != "report" else "text", self.id]]


def the_place(unit: Unit) -> Place:
    since, whole = date(2020, 1, 1), box(121.38, 31.24, 121.4, 31.25)
    news = [
        NewPlace(kind=Kind.TOWN, code="310107102000", name="镇", parent=None, valid_from=since, shape=whole),
        NewPlace(kind=Kind.NEIGHBOURHOOD, code="N", name="甲", parent="310107102000", valid_from=since, shape=whole),
    ]
    return {place.code: place for place in create_many(SYSTEM, news)}["N"]


def photos(count: int, chance: random.Random) -> dict[str, str]:
    """Pictures of noise, which nothing makes small, from one piece to four."""
    made = {}
    for number in range(count):
        side = chance.choice((120, 240, 420))
        image = Image.frombytes("RGB", (side, side), chance.randbytes(side * side * 3))
        written = io.BytesIO()
        image.save(written, "JPEG", quality=90)
        made[f"{number}.jpg"] = base64.b64encode(written.getvalue()).decode()
    return made


def signed_in(user: User) -> str:
    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies['sessionid'].value}"


def plans(runs: int, unit: Unit, place: Place, names: Sequence[str], chance: random.Random) -> list[Plan]:
    people = [a_user(name) for name in ("bob", "carol")]
    for person in people:
        a_post(person, "grid_worker", unit, area=place)
    cookies = [signed_in(person) for person in people]
    made: list[Plan] = []
    today = clock.today()
    for number in range(runs):
        kind = ("visit", "two phones", "visit", "report")[number % 4]
        pictures = chance.sample(list(names), chance.randint(1, 3))
        if kind == "report":
            fields = [["title", "井盖缺失"], ["lon", "121.381"], ["lat", "31.241"]]
            made.append(Plan(kind, "/field/report/", cookies[0], fields, "photos-new", pictures))
            continue
        bench = Bench._default_manager.create(name=f"bench {number}", unit=unit, place=place)
        subject = Subject.objects.create(
            source="dummy_pack.benches", ref=str(bench.pk), name=bench.name, area=place, lon=121.381, lat=31.241
        )
        visit = Visit.objects.create(
            kind=Visit.Kind.AGAIN, subject=subject, checklist="dummy_pack.bench", area=place, unit=unit,
            inspector=people[0], second=people[1], planned_on=today, due_on=today + timedelta(days=9),
        )  # fmt: skip
        fields = [["outcome", "seen"], ["version", "1"], ["lon", "121.381"], ["lat", "31.241"]]
        fields += [["stands", "yes"], ["legs.0.whole", "yes"]]
        for cookie in cookies[: 2 if kind == "two phones" else 1]:
            made.append(Plan(kind, f"/field/visits/{visit.pk}/", cookie, fields, "photo--new", pictures))
    return made


@pytest.mark.parametrize(
    "runs", [pytest.param(10, id="ten"), pytest.param(500, id="five hundred", marks=pytest.mark.chaos)]
)
def test_every_saved_answer_arrives_once_whatever_dies_and_breaks(web: str, runs: int) -> None:
    seed = int(os.environ.get("ZHEN_CHAOS_SEED", "20260930"))
    chance = random.Random(seed)
    unit = a_unit("centre")
    place = the_place(unit)
    lay_checklists()
    pictures = photos(12, chance)
    made = plans(runs * 4 // 5 or 1, unit, place, list(pictures), chance)[:runs]
    task = {"town": web, "seed": seed, "csrf": CSRF, "photos": pictures, "runs": [vars(plan) for plan in made]}
    done = subprocess.run(
        ("node", str(RUN)), input=json.dumps(task), capture_output=True, text=True, timeout=60 + SECONDS_A_RUN * runs
    )
    assert done.returncode == 0, done.stderr[-4000:]
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["run"] for one in told] == [plan.id for plan in made]
    print(table(made, told, seed))
    for plan, one in zip(made, told, strict=True):
        assert one["left"] == [], plan
        assert one["kept"] == 1, f"on the phone it is a draft or a thing that waits, never both, never none: {one}"
        assert arrived(plan) == [len(plan.photos)], plan
    check_conflicts(made)


def arrived(plan: Plan) -> list[int]:
    """How many photos came with each record of what this phone did."""
    if plan.kind == "report":
        return [CaseAttachment.objects.filter(case=case).count() for case in Case.objects.filter(text=plan.id)]
    return [visit.photos.count() for visit in Visit.objects.filter(note=plan.id)]


def check_conflicts(made: Sequence[Plan]) -> None:
    """Of two phones on one visit one made its record, the other one beside it, which waits to be looked at."""
    for to in {plan.to for plan in made if plan.kind == "two phones"}:
        notes = {plan.id for plan in made if plan.to == to}
        kinds = Counter(Visit.objects.filter(note__in=notes).values_list("kind", flat=True))
        assert kinds == Counter({"again": 1, "conflict": len(notes) - 1})
    assert not Visit.objects.filter(kind="conflict", settled_at__isnull=False).exists()


def table(made: Sequence[Plan], told: Sequence[dict[str, Any]], seed: int) -> str:
    lines = [f"\nseed {seed}", "kind        runs  photos  kills  cuts  wrong clocks  sessions ended  arrived once"]
    for kind in ("visit", "two phones", "report"):
        rows = [(plan, one) for plan, one in zip(made, told, strict=True) if plan.kind == kind]
        facts = (
            len(rows), sum(len(plan.photos) for plan, _one in rows), sum(one["kills"] for _plan, one in rows),
            sum(one["cuts"] for _plan, one in rows), sum(one["clock"] != 0 for _plan, one in rows),
            sum(one["expired"] for _plan, one in rows), sum(arrived(plan) == [len(plan.photos)] for plan, _one in rows),
        )  # fmt: skip
        lines.append("{:10}  {:4}  {:6}  {:5}  {:4}  {:12}  {:14}  {:12}".format(kind, *facts))
    return "\n".join(lines)
