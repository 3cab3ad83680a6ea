"""Django's own checks and those that modules register with it, as lines of ours."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from django.core import checks
from django.db.models import Model

from zhen.kernel.lib.problems import Problem


def problems() -> Iterator[Problem]:
    ours = checks.run_checks(tags=["privacy"], include_deployment_checks=True)
    for message in (*checks.run_checks(), *ours):
        if message.is_silenced():
            continue
        if message.level < checks.ERROR:
            print(f"note: {message.msg}", file=sys.stderr)
            continue
        yield _problem(message)


def _problem(message: checks.CheckMessage) -> Problem:
    remedy = (message.hint or f"See {message.id} in the documentation of Django's checks").rstrip(".")
    subject, what = message.obj, _one_line(message.msg)
    where, separator, rest = what.partition(": ")
    if subject is None and separator and str(message.id).startswith("zhen."):
        what = rest  # checks of ours say in the message where it is
    elif isinstance(subject, type) and issubclass(subject, Model):
        where = subject._meta.label
    else:
        where = str(subject) if subject is not None else "settings"
    return Problem(where=where, what=what, remedy=_one_line(remedy))


def _one_line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
