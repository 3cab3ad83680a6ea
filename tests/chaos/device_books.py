"""A town's books of devices, in a process of their own: `python device_books.py open READERS ALARMS` and `… audit`.

`open` enters devices that measure, in one building, and devices that will alarm, each in a building of its own; it
prints their credentials. `audit` prints what the town holds, for comparison with what it has acknowledged.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402  models need django.setup()

from zhen.kernel.cases.api import Case  # noqa: E402
from zhen.kernel.identity.testing import a_unit  # noqa: E402
from zhen.kernel.telemetry.api import Device  # noqa: E402
from zhen.kernel.telemetry.devices.credentials import issue  # noqa: E402
from zhen.kernel.telemetry.models import Alarm  # noqa: E402
from zhen.kernel.telemetry.parameters import set_parameter  # noqa: E402
from zhen.kernel.telemetry.storage.summing import sum_up  # noqa: E402
from zhen.kernel.telemetry.testing import TESTER, a_device, a_place  # noqa: E402

RULE = "too_heavy"
READINGS = """
SELECT device.code, (extract(epoch FROM reading.at) * 1000)::bigint FROM telemetry_reading reading
JOIN telemetry_device device ON device.id = reading.device_id
"""
SUMMED = "SELECT coalesce(sum(count), 0) FROM telemetry_minute"


def open_books(readers: int, alarms: int) -> dict[str, str]:
    """Secrets by the device's code. The rule's time is taken away, so that the first reading above the limit counts."""
    unit = a_unit("bench")
    set_parameter(TESTER, profile="dummy_pack.seat", rule=RULE, parameter="lasting", value=0, source="chaos")
    hall = a_place("hall")
    found = [a_device(f"R-{number}", hall, unit, messages_per_minute=60_000) for number in range(readers)]
    found += [
        a_device(f"A-{number}", a_place(f"A{number}"), unit, messages_per_minute=60_000) for number in range(alarms)
    ]
    return {device.code: issue(TESTER, device).secret for device in found}


def audit() -> dict[str, Any]:
    sum_up()
    with connection.cursor() as cursor:
        cursor.execute(READINGS)
        readings = cursor.fetchall()
        cursor.execute(SUMMED)
        (summed,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM telemetry_rejected")
        (rejected,) = cursor.fetchone()
    return {
        "readings": readings,
        "summed": int(summed),
        "rejected": rejected,
        "alarms": list(Alarm.objects.filter(rule=RULE).values_list("device__code", flat=True)),
        "with_case": list(
            Alarm.objects.filter(rule=RULE, incident__case__isnull=False).values_list("device__code", flat=True)
        ),
        "cases": Case.objects.filter(type="dummy_pack.repair").count(),
        "devices": Device.objects.count(),
    }


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["open", readers, alarms]:
            print(json.dumps(open_books(int(readers), int(alarms))))
        case ["audit"]:
            print(json.dumps(audit()))
