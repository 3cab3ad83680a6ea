"""Open contracting data: what is published is valid by the official schema, and says nothing too early."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from zhen.kernel.lib import clock
from zhen.packs.finance.actions import payments
from zhen.packs.finance.procurement.actions import contracts, tendering
from zhen.packs.finance.procurement.tests.conftest import WAN, Market

pytestmark = pytest.mark.django_db
SCHEMAS = Path(__file__).parent / "schema"
OCID = "ocds-000000-cg-2026-"


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    return found


RELEASE, PACKAGE = schema("release-schema.json"), schema("release-package-schema.json")
REGISTRY: Any = Registry().with_resource(RELEASE["id"], Resource.from_contents(RELEASE, default_specification=DRAFT4))
PACKAGES = Draft4Validator(PACKAGE, registry=REGISTRY, format_checker=FormatChecker())
RELEASES = Draft4Validator(RELEASE, registry=REGISTRY, format_checker=FormatChecker())


def problems(validator: Draft4Validator, value: Any) -> list[str]:
    return [f"{fault.json_path}: {fault.message}"[:200] for fault in validator.iter_errors(value)]


def get(address: str) -> Any:
    response = Client().get(address)
    assert response.status_code == 200, address
    return json.loads(response.content)


def test_the_validator_finds_what_is_wrong() -> None:
    """A test that cannot fail would say nothing."""
    assert problems(PACKAGES, {"uri": "http://a", "version": "1.1", "releases": [{"ocid": 7}]})


def test_every_step_is_a_valid_release_and_the_record_comes_to_all_of_them(market: Market) -> None:
    procurement = market.awarded(market.cast.funded(100 * WAN))
    contract = market.signed(procurement)
    contracts.accept(market.vera, contract.pk, on=clock.today(), findings="Seen")
    (part,) = contract.instalments.all()
    payment = contracts.ask_payment(market.cast.alice, part.pk, kind="expense", method="authorised")
    payments.approve(market.cast.bob, payment.pk)
    payments.pay(market.cast.carla, payment.pk, on=clock.today(), bank_reference="B-1")
    package = get(f"/ocds/releases/{procurement.pk}.json")
    assert problems(PACKAGES, package) == []
    tags = [release["tag"] for release in package["releases"]]
    assert tags == [["tender"], ["award"], ["contract"], ["implementation"]]
    assert package["releases"][0]["ocid"] == f"{OCID}{procurement.pk:06d}"
    award = package["releases"][1]["awards"][0]
    assert (award["value"], award["suppliers"][0]["name"]) == ({"amount": 270000.0, "currency": "CNY"}, "Firm 2")
    transaction = package["releases"][3]["contracts"][0]["implementation"]["transactions"][0]
    assert (transaction["id"], transaction["payee"]["name"]) == (str(payment), "Firm 2")
    records = get(f"/ocds/records/{procurement.pk}.json")
    assert {"uri", "version", "publishedDate", "publisher", "records"} <= set(records)
    (record,) = records["records"]
    assert [one["tag"] for one in record["releases"]] == tags
    compiled = record["compiledRelease"]
    assert problems(RELEASES, compiled) == []
    assert (compiled["tag"], compiled["tender"]["status"]) == (["compiled"], "complete")
    roles = {party["name"]: party["roles"] for party in compiled["parties"]}
    assert roles["Firm 2"] == ["payee", "supplier", "tenderer"]


def test_amounts_are_yuan_with_two_decimals(market: Market) -> None:
    procurement = market.tendering(market.cast.funded(100 * WAN), (27 * WAN,), amount=30 * WAN + 5)
    content = Client().get(f"/ocds/releases/{procurement.pk}.json").content
    assert b'"amount":300000.05,"currency":"CNY"' in content


def test_before_the_award_nobody_is_told_who_bids(market: Market) -> None:
    procurement = market.tendering(market.cast.funded(100 * WAN), (27 * WAN, 28 * WAN))
    content = Client().get(f"/ocds/records/{procurement.pk}.json").content.decode()
    assert "Firm" not in content
    assert "numberOfTenderers" not in content
    assert problems(PACKAGES, get(f"/ocds/releases/{procurement.pk}.json")) == []


def test_what_failed_is_said_so(market: Market) -> None:
    procurement = market.tendering(market.cast.funded(100 * WAN), (27 * WAN,))
    market.hands.go(days=30)
    tendering.fail(market.betty, procurement.pk, reason="No bid fits")
    package = get("/ocds/releases.json")
    assert problems(PACKAGES, package) == []
    assert package["releases"][-1]["tender"]["status"] == "unsuccessful"


def test_pages_are_bounded_and_what_is_not_published_is_not_there(
    market: Market, django_assert_max_num_queries: Any
) -> None:
    line = market.cast.funded(500 * WAN)
    need = market.need(line, WAN)
    for address in ("/ocds/releases.json", f"/ocds/releases/{need.pk}.json", f"/ocds/records/{need.pk}.json"):
        assert Client().get(address).status_code == 404
    for number in range(3):
        market.tendering(line, (WAN,), amount=WAN, catalogue=f"A{number}")
        market.hands.go(minutes=1)
    with django_assert_max_num_queries(9):
        assert len(get("/ocds/records.json")["records"]) == 3
    for page in ("2", "0", "-1", "x", "1" * 30):
        assert Client().get(f"/ocds/records.json?page={page}").status_code == 404
