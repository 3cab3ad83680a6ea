"""Foreign clients: GDAL's OAPIF driver over the loop-back, and schemathesis against the description."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pyogrio
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings

from zhen.gateways.ogc.tests.conftest import found
from zhen.kernel.places.api import NewPlace, Place

# In a process of its own: GDAL waits for the answer while it holds the lock that our server needs.
READ = """
import json, sys, pyogrio
address = sys.argv[1]
layers = sorted(str(name) for name, _ in pyogrio.list_layers(address))
meta, _, shapes, values = pyogrio.raw.read(address, layer="building")
columns = {name: [str(value) for value in column] for name, column in zip(meta["fields"], values)}
print(json.dumps({"layers": layers, "crs": meta["crs"], "count": len(shapes), "codes": columns["code"]}))
"""


@pytest.mark.django_db(transaction=True)
def test_gdal_reads_every_building_through_its_oapif_driver(live_server: Any, plan: list[NewPlace]) -> None:
    if "OAPIF" not in pyogrio.list_drivers():
        pytest.skip("this build of GDAL has no OAPIF driver")
    found(plan)
    run = subprocess.run(
        [sys.executable, "-c", READ, f"OAPIF:{live_server.url}/api/ogc/"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    read = json.loads(run.stdout)
    assert {"town", "neighbourhood", "cell", "building"} <= set(read["layers"])
    assert read["crs"] in ("EPSG:4326", "OGC:CRS84")
    assert read["count"] == Place.objects.filter(kind="building").count()
    assert set(read["codes"]) == set(Place.objects.filter(kind="building").values_list("code", flat=True))


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Requests of a foreign client leave the test's database connection open, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.usefixtures("_one_connection")
def test_schemathesis_finds_nothing_against_the_description(town: dict[str, Place]) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/ogc/openapi", get_wsgi_application())
    declared: Any = list(schema.get_all_operations())
    operations = [result.ok() for result in declared]
    assert {operation.path for operation in operations} == set(schema.raw_schema["paths"]) - {"/api/ogc/openapi"}
    for operation in operations:

        @settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def check(case: Any) -> None:
            case.call_and_validate()

        check()
