"""Identifiers and their rules: pure, with the standard that each follows."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib import masks
from zhen.kernel.lib.refusals import Refused

# Resident identity numbers: GB 11643-1999 公民身份号码

RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_CHECKS = "10X98765432"
PROVINCES = frozenset(
    f"{region}{province}"
    for region, provinces in {1: 5, 2: 3, 3: 7, 4: 6, 5: 4, 6: 5, 7: 1, 8: 3}.items()
    for province in range(1, provinces + 1)
) | {"50"}
"""GB/T 2260, first level; 81, 82 and 83 stand on residence permits of people from Hong Kong, Macau and Taiwan."""
OLDEST = date(1860, 1, 1)


@dataclass(frozen=True)
class ResidentNumber:
    """What an identity number says."""

    number: str
    born_on: date
    is_male: bool


def plain(text: str) -> str:
    """An identifier without spaces and separators, in upper case and half width."""
    return re.sub(r"[\s\-‐-―·]", "", unicodedata.normalize("NFKC", text)).upper()


def resident_check(body: str) -> str:
    """The check character for 17 digits (ISO 7064, MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, RESIDENT_WEIGHTS, strict=True))
    return RESIDENT_CHECKS[total % 11]


def resident_number(text: str, *, today: date) -> ResidentNumber:
    """Read an identity number, or raise Refused, which shows it masked."""
    number = plain(text)

    def refuse(reason: object, remedy: object) -> Refused:
        return Refused(
            field=_("Identity number"), value=masks.identity_number(number), reason=str(reason), remedy=str(remedy)
        )

    if re.fullmatch(r"[0-9]{15}", number):
        raise refuse(
            _("has 15 digits, as cards had before 1999"), _("Enter the number of 18 characters of the present card")
        )
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise refuse(_("is not 17 digits and a check character"), _("Enter all 18 characters as on the card"))
    if number[:2] not in PROVINCES:
        raise refuse(_("begins with no province's code"), _("Compare the first two digits with the card"))
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise refuse(
            _("holds a day of birth that does not exist"), _("Compare the 7th to the 14th digit with the card")
        ) from None
    if not OLDEST <= born_on <= today:
        raise refuse(_("holds a day of birth that cannot be"), _("Compare the 7th to the 14th digit with the card"))
    if resident_check(number[:17]) != number[17]:
        raise refuse(_("does not agree with its check character"), _("Compare every character with the card"))
    return ResidentNumber(number, born_on, int(number[16]) % 2 == 1)


def document_number(text: str) -> str:
    """The number of a passport or another document: 5 to 20 letters and digits."""
    number = plain(text)
    if not re.fullmatch(r"[A-Z0-9]{5,20}", number):
        raise Refused(
            field=_("Document number"),
            value=masks.identity_number(number),
            reason=_("is not 5 to 20 letters and digits"),
            remedy=_("Enter it as it stands on the document"),
        )
    return number


# Unified social credit codes: GB 32100-2015 法人和其他组织统一社会信用代码编码规则

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = tuple(3**place % 31 for place in range(17))
CREDIT_REGISTRARS = frozenset("123456789ANY")


def credit_check(body: str) -> str:
    """The check character for the first 17 characters (GB 32100-2015, annex A; ISO 7064, MOD 31-3)."""
    total = sum(
        CREDIT_ALPHABET.index(character) * weight for character, weight in zip(body, CREDIT_WEIGHTS, strict=True)
    )
    return CREDIT_ALPHABET[-total % 31]


def credit_code(text: str) -> str:
    """Read a unified social credit code, or raise Refused."""
    code = plain(text)

    def refuse(reason: object, remedy: object) -> Refused:
        return Refused(field=_("Unified social credit code"), value=code, reason=str(reason), remedy=str(remedy))

    if len(code) != 18 or set(code) - set(CREDIT_ALPHABET):
        raise refuse(
            _("is not 18 of the characters 0-9 and A-Y without I, O, S, V"),
            _("Enter it as it stands on the licence; a zero often is taken for the letter O"),
        )
    if code[0] not in CREDIT_REGISTRARS:
        raise refuse(_("begins with no registrar's code"), _("Compare the first character with the licence"))
    if credit_check(code[:17]) != code[17]:
        raise refuse(_("does not agree with its check character"), _("Compare every character with the licence"))
    return code


# Contact points


def phone(text: str) -> str:
    """A telephone number in one form: digits, with + before a country's code (YD/T 1034)."""
    raw = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"[\s\-‐-―()（）.]", "", raw)
    digits = re.sub(r"^(\+86|0086)(?=1[0-9]{10}$|0[0-9]{9,11}$)", "", digits)
    if not re.fullmatch(r"\+?[0-9]{3,15}", digits):
        raise Refused(
            field=_("Phone"),
            value=masks.phone(digits),
            reason=_("is no telephone number"),
            remedy=_("Enter digits such as 13800001234 or 021-52560000"),
        )
    return digits


def email(text: str) -> str:
    address = unicodedata.normalize("NFKC", text).strip()
    if len(address) > 254 or not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", address):
        raise Refused(
            field=_("E-mail"),
            value=masks.email(address),
            reason=_("is no e-mail address"),
            remedy=_("Enter one such as name@example.com"),
        )
    name, at, domain = address.rpartition("@")
    return f"{name}{at}{domain.lower()}"


# Purposes

PURPOSE_LENGTHS = range(4, 201)


def purpose(text: str, *, names: tuple[str, ...] = ()) -> str:
    """The stated purpose of a reading, which stays in the journal for ever.

    So it says why and never names the person: no name, no number of six digits or more. Source:
    PIPL article 6 (a clear purpose), article 47 (deletion has to be possible).
    """
    stated = " ".join(text.split())

    def refuse(reason: object, remedy: object) -> Refused:
        return Refused(field=_("Purpose"), value="…", reason=str(reason), remedy=str(remedy))

    if len(stated) not in PURPOSE_LENGTHS:
        raise refuse(_("is not between 4 and 200 characters"), _("Say in a few words what the data is needed for"))
    if any(name and name in stated for name in names) or re.search(r"[0-9]{6,}", plain(stated)):
        raise refuse(
            _("names the person or a number"),
            _("Say only what for: the journal keeps the purpose after the person's data is deleted"),
        )
    return stated
