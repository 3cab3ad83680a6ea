"""The simulator: the same seed tells the same day, and healthy devices measure what is possible."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhen.project.demo.simulation import book as books
from zhen.project.demo.simulation.book import Book, Hub, Member, Range
from zhen.project.demo.simulation.command import SILENT_SHARE, healthy, one_round, play
from zhen.project.demo.simulation.script import DAY, cast, steps
from zhen.project.demo.simulation.values import USUAL, usual

FLAG = Range(0, 1, True)
PROFILES = {
    "fire.hub": {"fault": FLAG},
    "fire.smoke": {
        "smoke": FLAG,
        "temperature": Range(-40, 150, False),
        "battery": Range(0, 100, False),
        "fault": FLAG,
    },
    "fire.heat": {"temperature": Range(-40, 150, False), "fault": FLAG},
    "fire.water_pressure": {"pressure_mpa": Range(0, 2.5, False), "fault": FLAG},
    "security.flooding": {"wet": FLAG, "depth": Range(0, 3_000, False), "fault": FLAG},
    "odd.thing": {"odd": Range(-1_000, 1_000, False), "fault": FLAG},
}


def a_book(houses: int = 40, seed: int = 7) -> Book:
    kinds = (
        ("fire.smoke", "1层厨房"),
        ("fire.heat", "1层厨房"),
        ("fire.smoke", "2层走廊"),
        ("fire.water_pressure", "屋顶"),
        ("security.flooding", "地下室"),
        ("odd.thing", ""),
    )
    members = tuple(
        Member(f"D-{house:03d}-{number}", profile, f"B{house}", spot)
        for house in range(houses)
        for number, (profile, spot) in enumerate(kinds)
    )
    return Book(seed, (Hub("H-1", "fire.hub", "secret", members),), PROFILES)


def test_a_book_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert books.read(tmp_path) is None
    (tmp_path / books.FILE).write_text(books.written(a_book()), encoding="utf-8")
    assert books.read(tmp_path) == a_book()


def test_two_replays_tell_the_same_day() -> None:
    first, second = cast(a_book()), cast(a_book())
    assert first == second
    assert steps(first) == steps(second)
    assert cast(a_book(seed=8)) != first
    assert len(first.codes) == 5


def test_smoke_and_heat_are_in_one_kitchen() -> None:
    found = cast(a_book())
    assert found.smoke is not None
    assert found.heat is not None
    assert (found.smoke.place, found.smoke.spot) == (found.heat.place, found.heat.spot)


def test_the_day_ends_well_but_for_the_battery_and_the_wires() -> None:
    found = cast(a_book())
    last = {step.code: step.metrics for step in steps(found)}
    assert found.smoke is not None
    assert found.heat is not None
    assert found.leak is not None
    assert found.dying is not None
    assert last[found.smoke.code]["smoke"] == 0
    assert last[found.heat.code]["temperature"] < 50
    assert last[found.leak.code]["wet"] == 0
    assert last[found.dying.code]["battery"] < 15
    assert all(0 <= step.minute < DAY for step in steps(found))


def test_only_the_miswired_device_says_what_is_impossible() -> None:
    book = a_book()
    found = cast(book)
    profiles = {member.code: book.profiles[member.profile] for _hub, member in book.devices()}
    outside = {
        step.code
        for step in steps(found)
        for code, value in step.says
        if not profiles[step.code][code].low <= value <= profiles[step.code][code].high
    }
    assert found.miswired is not None
    assert outside == {found.miswired.code}


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_a_healthy_device_is_healthy_at_every_hour(hour: int) -> None:
    book = a_book()
    for _hub, member in book.devices():
        metrics = book.profiles[member.profile]
        said = usual(member, metrics, seed=book.seed, seconds=hour * 3_600)
        assert said == usual(member, metrics, seed=book.seed, seconds=hour * 3_600)
        assert set(said) == set(metrics)
        for code, value in said.items():
            low, high = metrics[code].low, metrics[code].high
            assert low <= value <= high
            if metrics[code].flag:
                assert value == 0
            elif code in USUAL:
                assert USUAL[code][0] - 5 <= value <= USUAL[code][1] + 5


def test_a_round_hears_nearly_every_device_once() -> None:
    said: list[str] = []
    book = a_book()
    one_round(book, lambda code, _metrics: said.append(code), 0)
    everybody = [member.code for _hub, member in book.devices()]
    assert len(said) == len(set(said))
    assert len(everybody) * (1 - 5 * SILENT_SHARE) <= len(said) <= len(everybody)
    assert "H-1" in said


def test_who_plays_is_not_spoken_against() -> None:
    book = a_book()
    played = cast(book)
    assert played.smoke is not None
    assert healthy(book, played.smoke, played.codes) == {"fault": 0.0}


def test_a_day_is_played_in_its_order(capsys: pytest.CaptureFixture[str]) -> None:
    said: list[tuple[str, dict[str, float]]] = []
    day = steps(cast(a_book()))
    play(day, lambda code, metrics: said.append((code, metrics)), 1e9)
    assert [code for code, _metrics in said] == [step.code for step in day]
    assert "11:20" in capsys.readouterr().out
