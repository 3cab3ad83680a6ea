"""What the database refuses, said in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib.refusals import Outdated, Refused

REFUSALS: Mapping[str, tuple[type[Refused], Promise, Promise, Promise]] = {
    "ledger_quota_covered": (
        Refused,
        _("amount"),
        _("so much is not left of the quota, and what is not budgeted may not be spent"),
        _("Ask for an adjustment of the budget, or for a smaller amount"),
    ),
    "ledger_quota_not_negative": (
        Refused,
        _("amount"),
        _("more would be taken back than was given"),
        _("Look at the quota as it stands"),
    ),
    "ledger_reservation_covered": (
        Outdated,
        _("reservation"),
        _("so much is no longer held"),
        _("Look at the reservation as it stands"),
    ),
    "ledger_period_open": (
        Refused,
        _("date"),
        _("its month is closed"),
        _("Post it with a date in an open month"),
    ),
    "ledger_voucher_second_person": (
        Refused,
        _("checked by"),
        _("who prepares a voucher does not check it"),
        _("Ask somebody else to check it"),
    ),
    "ledger_voucher_reverses_id_key": (
        Outdated,
        _("voucher"),
        _("it is reversed already"),
        _("Look at the reversal"),
    ),
}
"""What is raised where a constraint refuses: the kind of refusal, field, reason and remedy."""


def constraint_of(fault: IntegrityError) -> str:
    """The constraint that a fault names; the empty text where it names none."""
    diagnosis = getattr(fault.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


@contextmanager
def in_words(value: object) -> Iterator[None]:
    """Within it, what the database refuses for a known reason is raised as a Refused about `value`."""
    try:
        yield
    except IntegrityError as fault:
        made = REFUSALS.get(constraint_of(fault))
        if made is None:
            raise
        kind, field, reason, remedy = made
        raise kind(field=field, value=value, reason=reason, remedy=remedy) from fault
