"""Units, accounts and posts of the demo town."""

from __future__ import annotations

import csv
from datetime import date
from importlib.resources import files

from django.contrib.auth.hashers import make_password

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import Unit, User, create_unit, give_post, invite
from zhen.kernel.places.api import by_code

PASSWORD = "changzheng-demo"  # noqa: S105 said in the README and on the sign-in page, for demo accounts only
SINCE = date(2019, 1, 1)


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the demo's tables."""
    text = (files("zhen.project.demo.data") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def build_units(builder: Actor) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for order, row in enumerate(rows("units.csv"), 1):
        units[row["code"]] = create_unit(
            builder,
            code=row["code"],
            name=row["name"],
            under=units[row["parent"]] if row["parent"] else None,
            since=SINCE,
            order=order,
        )
    return units


def build_people(builder: Actor, units: dict[str, Unit]) -> dict[str, User]:
    """The demo's accounts with one post each; all of them have the same, published password."""
    people: dict[str, User] = {}
    posts = rows("people.csv")
    password = make_password(PASSWORD)  # one hash for all: it is published anyway, and Argon2 is slow on purpose
    areas = by_code(row["area"] for row in posts if row["area"])
    for row in posts:
        user, _link = invite(builder, username=row["username"], name=row["name"])
        user.is_demo, user.password = True, password
        user.save(update_fields=["is_demo", "password"])
        give_post(
            builder,
            user=user,
            role=row["role"],
            unit=units[row["unit"]],
            area=areas.get(row["area"]),
            valid_from=SINCE,
        )
        people[row["username"]] = user
    return people
