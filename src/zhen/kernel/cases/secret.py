"""The secret with which a reporter follows his case."""

from __future__ import annotations

import hashlib

from zhen.kernel.cases.models import Follow, Reporter


def secret_hash(secret: str) -> bytes:
    """How a secret is kept: it is 128 random bits or more, so a plain hash tells nothing."""
    return hashlib.sha256(secret.encode()).digest()


def case_opened_by(number: str, secret: str) -> int | None:
    """The id of the case that number and secret of its reporter open together: see `_opened`."""
    return _opened(Reporter, number, secret)


def case_followed_by(number: str, secret: str) -> int | None:
    """The id of the case that somebody follows with number and secret: see `_opened`."""
    return _opened(Follow, number, secret)


def _opened(holder: type[Reporter | Follow], number: str, secret: str) -> int | None:
    """The secret alone is looked up, and the number compared with what it opens: whoever guesses causes the same work
    whether there is a case of that number or none, so that the time of an answer tells him nothing."""
    rows = holder.objects.filter(secret_hash=secret_hash(secret)).values_list("case_id", "case__number")
    return next((case_id for case_id, known in rows if known == number), None)
