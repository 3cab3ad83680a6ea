"""What the database refuses, said in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib.refusals import Outdated, Refused

Made = Callable[[object], Refused]

REFUSALS: Mapping[str, Made] = {
    "ledger_quota_covered": lambda value: Refused(
        field=_("amount"),
        value=value,
        reason=_("so much is not left of the quota, and what is not budgeted may not be spent"),
        remedy=_("Ask for an adjustment of the budget, or for a smaller amount"),
    ),
    "ledger_quota_not_negative": lambda value: Refused(
        field=_("amount"),
        value=value,
        reason=_("more would be taken back than was given"),
        remedy=_("Look at the quota as it stands"),
    ),
    "ledger_reservation_covered": lambda value: Outdated(
        field=_("reservation"),
        value=value,
        reason=_("so much is no longer held"),
        remedy=_("Look at the reservation as it stands"),
    ),
    "ledger_period_open": lambda value: Refused(
        field=_("date"),
        value=value,
        reason=_("its month is closed"),
        remedy=_("Post it with a date in an open month"),
    ),
    "ledger_voucher_second_person": lambda value: Refused(
        field=_("checked by"),
        value=value,
        reason=_("who prepares a voucher does not check it"),
        remedy=_("Ask somebody else to check it"),
    ),
    "ledger_voucher_reverses_id_key": lambda value: Outdated(
        field=_("voucher"),
        value=value,
        reason=_("it is reversed already"),
        remedy=_("Look at the reversal"),
    ),
}


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
        raise made(value) from fault
