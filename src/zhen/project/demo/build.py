"""Building the demo town, once, in one transaction: an interrupted build leaves nothing behind."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import transaction

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import Unit
from zhen.kernel.packs.api import DemoBuild, Packs
from zhen.project.demo.devices import write_book
from zhen.project.demo.floor_plans import build_floor_plans
from zhen.project.demo.people import build_people, build_units
from zhen.project.demo.plans import bind_coverage, build_plans
from zhen.project.demo.residents import build_organisations, build_residents
from zhen.project.demo.town import build_places
from zhen.runtime import settings as runtime

SEED = 20200420

Say = Callable[[str], object]


def is_empty() -> bool:
    """Whether nothing of a town is there yet. A town of units is somebody's town, and left alone."""
    return not Unit.objects.exists()


def ensure(*, scale: str, say: Say) -> bool:
    """Build the demo town if there is none. Returns whether it was built."""
    if not is_empty():
        return False
    say(f"Building the demo town ({scale}) …")
    with transaction.atomic():
        build(scale=scale, say=say)
        builder = Actor.system("demo")
        book = write_book(builder, runtime.load().home, SEED)
        drawn = build_floor_plans(builder, book)
    say(f"  {sum(1 for _device in book.devices())} devices can be simulated, {drawn} floor plans are drawn")
    return True


def build(*, scale: str, say: Say) -> None:
    builder = Actor.system("demo")
    started = time.monotonic()

    def step(text: str) -> None:
        say(f"  {text} ({time.monotonic() - started:.0f} s)")

    places = build_places(builder, SEED)
    step(", ".join(f"{count} {kind}" for kind, count in places.items()))
    units = build_units(builder)
    people = build_people(builder, units)
    step(f"{len(units)} units, {len(people)} accounts")
    residents = build_residents(builder, scale, SEED)
    organisations = build_organisations(builder, scale, SEED)
    step(f"{residents} persons, {organisations} organisations")
    plan = build_plans(people, SEED)
    step(f"{plan.title}: {plan.measures.count()} measures, {plan.targets.count()} targets")
    for pack in Packs.loaded:
        if pack.demo is not None:
            pack.demo(DemoBuild(seed=SEED, scale=scale, say=step))
    step(f"{bind_coverage(people)} promises measured by devices")
