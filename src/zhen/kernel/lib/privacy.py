"""What every model with personal data says about itself.

A model holds its declaration as `privacy: ClassVar = Privacy(...)`. The check, the page "what is held
about me", active deletion and docs/reference/personal-data.md all read it, so none of them has a list
of its own. PIPL is the Personal Information Protection Law (个人信息保护法) of 2021.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Sensitivity(StrEnum):
    """How much care a field needs. SENSITIVE is the kind of PIPL article 28."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


class Basis(Enum):
    """The legal bases of PIPL article 13, paragraph 1, by their item."""

    CONSENT = 1
    CONTRACT = 2
    STATUTORY_DUTY = 3
    EMERGENCY = 4
    NEWS = 5
    ALREADY_PUBLISHED = 6
    OTHER_LAW = 7

    @property
    def article(self) -> str:
        return f"《个人信息保护法》第十三条第一款第{'一二三四五六七'[self.value - 1]}项"

    @property
    def text(self) -> Text:
        return BASIS_TEXTS[self]


BASIS_TEXTS: Mapping[Basis, Text] = {
    Basis.CONSENT: _("the person has agreed"),
    Basis.CONTRACT: _("needed for a contract with the person, or for personnel matters under labour rules"),
    Basis.STATUTORY_DUTY: _("needed for a duty that the law gives to the town"),
    Basis.EMERGENCY: _("needed in an emergency to protect health, life or property"),
    Basis.NEWS: _("reporting in the public interest"),
    Basis.ALREADY_PUBLISHED: _("the person has published it, or it was lawfully published"),
    Basis.OTHER_LAW: _("another law provides for it"),
}


@dataclass(frozen=True, kw_only=True)
class After:
    """The row goes some time after an event: `field` holds its day and is empty until it happens.

    Without `anonymise` the row is deleted. With it the row stays for statistics, and every personal
    field gets the value that stands here. `source` is the rule that sets the time. The row goes
    earlier where a row goes that one of its foreign keys `along` names.
    """

    field: str
    event: Text
    source: Text
    years: int = 0
    months: int = 0
    days: int = 0
    anonymise: Mapping[str, Any] | None = None
    along: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.anonymise is not None:
            object.__setattr__(self, "anonymise", MappingProxyType(dict(self.anonymise)))

    def until(self, start: date) -> date:
        """The first day on which the row is no longer held."""
        return _months_later(start, self.years * 12 + self.months) + timedelta(days=self.days)

    def cutoff(self, today: date) -> date:
        """Rows that started after this day have not run out `today`.

        Months end on different days, so for the last few days before it `until` decides.
        """
        return _months_later(today - timedelta(days=self.days), -(self.years * 12 + self.months)) + timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class With:
    """The row goes with whichever of the rows that its foreign keys `fields` name goes first."""

    fields: tuple[str, ...]

    @property
    def along(self) -> tuple[str, ...]:
        return self.fields


@dataclass(frozen=True, kw_only=True)
class Forever:
    """The row is an archive by law, named in `source`, and is never deleted."""

    source: Text


Retention = After | With | Forever


@dataclass(frozen=True, kw_only=True)
class Privacy:
    """The personal data of one model: what, for what, by what right, how long, and about whom.

    Every column stands in one of `public`, `internal`, `personal` and `sensitive`, but for the
    primary key. `persons` and `accounts` are look-up paths from a row to the id of a parties.Person
    and of a user account: about these the row says something. `only` narrows the rows to which
    `accounts` applies. Where `listed` is false the person is told how many rows there are, not each.
    """

    purpose: Text
    basis: Basis
    retention: Retention | None
    law: Text = ""
    persons: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    only: Mapping[str, Any] | None = None
    listed: bool = True
    public: tuple[str, ...] = ()
    internal: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.only is not None:
            object.__setattr__(self, "only", MappingProxyType(dict(self.only)))

    def levels(self) -> dict[str, Sensitivity]:
        """Each declared field with its sensitivity."""
        return {name: level for level in Sensitivity for name in getattr(self, level.value)}


@dataclass(frozen=True, kw_only=True)
class NotPersonal:
    """The model only looks as if it held personal data; `because` says why it does not."""

    because: str


_OUTSIDE: dict[str, Privacy | NotPersonal] = {}
"""Declarations for models of other projects' packages, which we cannot edit, by label."""


def declare(label: str, privacy: Privacy | NotPersonal) -> None:
    """Declare for a model of an installed package: `declare("account.emailaddress", Privacy(…))`."""
    _OUTSIDE[label.lower()] = privacy


def privacy_of(model: type[Any]) -> Privacy | NotPersonal | None:
    """What a model declares; `None` where it declares nothing."""
    own = getattr(model, "privacy", None)
    return own if isinstance(own, Privacy | NotPersonal) else _OUTSIDE.get(model._meta.label_lower)


def _months_later(day: date, months: int) -> date:
    """The same day of a later (or earlier) month; the month's last day where it is shorter.

    Source: Civil Code, articles 202 and 203.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9998:
        raise ValueError(f"{months} months from {day} leave the calendar")
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))
