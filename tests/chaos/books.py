"""A town's books, in a process of their own: `python books.py open URL` and `python books.py audit`.

`open` gives a machine the key with which it reports, a unit what it answers for, and an outside system its webhook at
URL; it prints the key. `audit` prints what the town holds, for comparison with what it has acknowledged.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any

import django

django.setup()

from zhen.kernel.access.api import Actor  # noqa: E402  models need django.setup()
from zhen.kernel.cases.api import Case, CaseUnit, Clock, Reporter, Route  # noqa: E402
from zhen.kernel.cases.models import Serial, Tally  # noqa: E402
from zhen.kernel.identity.api import issue_token  # noqa: E402
from zhen.kernel.identity.testing import LONG_AGO, a_post, a_unit, a_user  # noqa: E402
from zhen.kernel.journal.api import Event, Report, seal_all, verify  # noqa: E402
from zhen.kernel.lib import clock  # noqa: E402
from zhen.kernel.notify.actions import add_webhook  # noqa: E402
from zhen.kernel.notify.models import WebhookCall  # noqa: E402

ACTOR = Actor.system("chaos")
RECEIVED = "cases.received"


def open_books(url: str) -> str:
    unit = a_unit("sweepers")
    machine = a_user("reporter", is_machine=True)
    a_post(machine, "social_worker", unit)
    Route.objects.create(case_type="grid.case", unit=unit, valid_from=LONG_AGO, source="chaos")
    add_webhook(ACTOR, name="outside", url=url, kinds=(RECEIVED,))
    until = clock.now() + timedelta(days=1)
    _token, key = issue_token(ACTOR, machine, name="open311", scopes=("grid.case.create",), expires_at=until)
    return key


def audit() -> dict[str, Any]:
    report = Report()
    seal_all()
    problems = [str(problem) for problem in verify(report)]
    received = Event.objects.filter(kind=RECEIVED)
    return {
        "cases": list(Case.objects.order_by("pk").values_list("number", "title", "pk")),
        "without_date": list(Case.objects.filter(due_at=None).values_list("number", flat=True)),
        "clocks": [
            [number, deadline, due is not None]
            for number, deadline, due in Clock.objects.values_list("case__number", "deadline", "due_at")
        ],
        "received": [data["number"] for data in received.values_list("data", flat=True)],
        "events": list(received.values_list("pk", flat=True)),
        "secrets": {
            number: bytes(digest).hex()
            for number, digest in Reporter.objects.values_list("case__number", "secret_hash")
        },
        "units": list(CaseUnit.objects.values_list("case__number", flat=True)),
        "last": list(Serial.objects.filter(type="grid.case").values_list("last", flat=True)),
        "counted": list(Tally.objects.filter(what=Tally.What.RECEIVED).values_list("event", flat=True)),
        "calls": list(WebhookCall.objects.values_list("event", "state")),
        "journal": problems,
    }


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["open", url]:
            print(open_books(url))
        case ["audit"]:
            print(json.dumps(audit(), default=str))
