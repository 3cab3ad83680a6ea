"""Codes of cells and facilities: read, refused with a reason, and written as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.lib.refusals import Refused
from zhen.packs.grid.codes import cell_code, facility_code

PART = st.integers(1, 999).map(lambda number: f"{number:03d}")


def test_a_cell_code_has_four_parts() -> None:
    code = cell_code("310107102009003")
    assert (code.county, code.street, code.community, code.sequence) == ("310107", "102", "009", "003")
    assert code.neighbourhood == "310107102009"


def test_a_facility_code_names_its_class() -> None:
    code = facility_code("3101070102000017")
    assert (code.class_code, code.sequence) == ("B0102", "000017")


def test_what_people_paste_is_understood() -> None:
    assert str(cell_code(" ３１０１０７１０２００９００３ ")) == "310107102009003"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "15 digits"),
        ("31010710200900", "15 digits"),
        ("3101071020090033", "15 digits"),
        ("31010710200900A", "15 digits"),
        ("310107102009٠٠٣", "15 digits"),
        ("990107102009003", "county"),
        ("310107000009003", "000"),
        ("310107102009000", "000"),
    ],
)
def test_what_is_no_cell_code_is_refused_with_its_reason(text: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        cell_code(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("310107010200001", "16 digits"),
        ("3101070602000017", "no class"),
        ("3101070100000017", "no class"),
        ("3101070102000000", "no single facility"),
    ],
)
def test_what_is_no_facility_code_is_refused_with_its_reason(text: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        facility_code(text)


@given(PART, PART, PART)
def test_every_cell_code_is_written_as_it_was_read(street: str, community: str, sequence: str) -> None:
    text = f"310107{street}{community}{sequence}"
    assert str(cell_code(text)) == text


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (cell_code, facility_code):
        try:
            code = read(text)
        except Refused:
            continue
        assert str(code).isdecimal()
