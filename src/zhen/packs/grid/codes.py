"""The codes of grid cells and of facilities. Pure.

Cell: 15 digits = county 6 + street or town 3 + community 3 + sequence 3 (GB/T 30428.1, 单元网格).
Facility: 16 digits = county 6 + major class 2 + minor class 2 + sequence 6 (GB/T 30428.2, 部件).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib.refusals import Refused

DIGITS = re.compile(r"[0-9]+", re.ASCII)
PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
    ]
)
"""The first two digits of counties (GB/T 2260)."""


@dataclass(frozen=True, kw_only=True)
class CellCode:
    county: str
    street: str
    community: str
    sequence: str

    def __str__(self) -> str:
        return f"{self.county}{self.street}{self.community}{self.sequence}"

    @property
    def neighbourhood(self) -> str:
        """The statistical code of the community that the cell lies in: 12 digits."""
        return f"{self.county}{self.street}{self.community}"


@dataclass(frozen=True, kw_only=True)
class FacilityCode:
    county: str
    major: str
    minor: str
    sequence: str

    def __str__(self) -> str:
        return f"{self.county}{self.major}{self.minor}{self.sequence}"

    @property
    def class_code(self) -> str:
        """The code of its class in the town's catalogue."""
        return f"B{self.major}{self.minor}"


def cell_code(text: str) -> CellCode:
    """Raises Refused."""
    digits = _digits(text, 15, _("cell code"))
    code = CellCode(county=digits[:6], street=digits[6:9], community=digits[9:12], sequence=digits[12:])
    if "000" in (code.street, code.community, code.sequence):
        raise Refused(
            field=_("cell code"),
            value=text,
            reason=_("a part of it is 000: it names no single cell"),
            remedy=_("Give street, community and sequence, each from 001 to 999"),
        )
    return code


def facility_code(text: str) -> FacilityCode:
    """Raises Refused."""
    digits = _digits(text, 16, _("facility code"))
    code = FacilityCode(county=digits[:6], major=digits[6:8], minor=digits[8:10], sequence=digits[10:])
    if not 1 <= int(code.major) <= 5 or code.minor == "00" or code.sequence == "000000":
        raise Refused(
            field=_("facility code"),
            value=text,
            reason=_("it names no class of facilities, or no single facility"),
            remedy=_("Give a major class from 01 to 05, a minor class and a sequence number from 1 on"),
        )
    return code


def _digits(text: str, length: int, field: object) -> str:
    """Full-width digits and spaces around are what people paste; anything else is refused."""
    digits = text.strip().translate({0xFF10 + digit: str(digit) for digit in range(10)})
    if len(digits) != length or not DIGITS.fullmatch(digits):
        raise Refused(
            field=str(field),
            value=text,
            reason=_("it is not %(length)s digits") % {"length": length},
            remedy=_("Copy it as it stands on the map or on the plate"),
        )
    if digits[:2] not in PROVINCES:
        raise Refused(
            field=str(field),
            value=text,
            reason=_("it does not begin with the code of a county"),
            remedy=_("Begin with the six digits of the county (GB/T 2260)"),
        )
    return digits
