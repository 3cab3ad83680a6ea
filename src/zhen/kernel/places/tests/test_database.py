"""What the database itself refuses."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from zhen.kernel.places import queries
from zhen.kernel.places.kinds import HIGHEST, NESTING, Kind
from zhen.kernel.places.models import Place, PlaceVersion
from zhen.kernel.places.tests.conftest import FOUNDED, Town

FROM = "SELECT set_config('zhen.places_from', '{}', true); "


def refused(sql: str, *values: int | None) -> str:
    """The constraint that a statement breaks."""

    def run() -> None:
        with connection.cursor() as cursor:
            _execute(cursor, sql, values)

    return broken(run)


def _execute(cursor: Any, sql: str, values: Sequence[int | None]) -> None:
    """What is set up stands before the semicolon, the statement itself behind it."""
    *before, last = sql.split("; ")
    for statement in before:
        cursor.execute(statement)
    cursor.execute(last, values)


def broken(write: Callable[[], object]) -> str:
    with pytest.raises(IntegrityError) as error:
        _to_the_end(write)
    return str(error.value.__cause__.diag.constraint_name)  # type: ignore[union-attr]  # psycopg's error


def _to_the_end(write: Callable[[], object]) -> None:
    with transaction.atomic():
        write()
        connection.check_constraints()


def test_versions_of_one_place_never_overlap(town: Town) -> None:
    again = PlaceVersion.build(place=town["T"], name="镇", valid_from=date(2010, 1, 1))
    with pytest.raises(IntegrityError, match="places_version_apart"), transaction.atomic():
        again.save()


def test_a_version_ends_after_it_begins(town: Town) -> None:
    site = Place.objects.create(kind="site", code="S1")
    day = date(2010, 1, 1)
    with pytest.raises(IntegrityError, match="places_version_dates"), transaction.atomic():
        PlaceVersion.build(place=site, parent=town["T"], name="工地", valid_from=day, valid_to=day).save()


def test_the_past_is_out_of_reach_without_an_action(town: Town) -> None:
    assert refused("UPDATE places_placeversion SET name = 'x' WHERE place_id = %s", town["N1"].pk) == "places_past"
    assert refused("DELETE FROM places_placeversion WHERE place_id = %s", town["B1"].pk) == "places_past"


def test_an_action_reaches_only_the_days_it_names(town: Town) -> None:
    change = FROM.format("2020-07-01") + "UPDATE places_placeversion SET {} WHERE place_id = %s"
    assert refused(change.format("valid_to = '2020-06-30'"), town["B1"].pk) == "places_past"
    assert refused(change.format("valid_to = '2020-07-01', name = 'x'"), town["B1"].pk) == "places_past"
    with connection.cursor() as cursor:
        _execute(cursor, change.format("valid_to = '2020-07-01'"), [town["B1"].pk])


def test_a_kind_code_and_id_are_for_life(town: Town) -> None:
    assert refused("UPDATE places_place SET kind = 'cell' WHERE id = %s", town["N1"].pk) == "places_identity"
    assert refused("UPDATE places_place SET code = 'x' WHERE id = %s", town["N1"].pk) == "places_identity"


def test_a_child_stands_below_the_kinds_it_may(town: Town) -> None:
    move = FROM.format("1999-01-01") + "UPDATE places_placeversion SET parent_id = %s WHERE place_id = %s"
    assert refused(move, town["C1a"].pk, town["N1"].pk) == "places_nesting"
    assert refused(move, None, town["N1"].pk) == "places_nesting"


def test_a_parent_lives_as_long_as_its_children(town: Town) -> None:
    end = FROM.format("2020-07-01") + "UPDATE places_placeversion SET valid_to = '2020-07-01' WHERE place_id = %s"
    assert refused(end, town["N1"].pk) == "places_life"
    site = Place.objects.create(kind="site", code="S1")
    early = PlaceVersion.build(place=site, parent=town["T"], name="工地", valid_from=date(1999, 1, 1))
    assert broken(early.save) == "places_life"


def test_the_table_of_nesting_is_the_one_of_the_rules(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT child, parent FROM places_nesting")
        held = set(cursor.fetchall())
    declared = {(str(child), str(parent)) for child, parents in NESTING.items() for parent in parents}
    assert held == declared | {(str(kind), None) for kind in HIGHEST}


def test_no_kind_can_come_to_stand_below_itself() -> None:
    def above(kind: Kind, seen: tuple[Kind, ...] = ()) -> None:
        assert kind not in seen
        for parent in NESTING[kind]:
            above(parent, (*seen, kind))

    for kind in Kind:
        above(kind)


def test_every_change_raises_the_edition_and_a_rolled_back_one_is_never_seen_again(town: Town) -> None:
    before = queries.edition()
    seen = []
    for _ in range(2):
        with transaction.atomic():
            site = Place.objects.create(kind="site", code="S1")
            PlaceVersion.build(place=site, parent=town["T"], name="工地", valid_from=FOUNDED).save()
            seen.append(queries.edition())
            transaction.set_rollback(True)
    assert before < seen[0] < seen[1]
    assert queries.edition() == before


def test_the_migrations_say_what_the_models_say(db: None) -> None:
    call_command("makemigrations", "places", check=True, dry_run=True, verbosity=0)
