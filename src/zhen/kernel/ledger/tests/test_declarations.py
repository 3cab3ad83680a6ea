"""Charts and templates: what is wrong with them stops the start with one clear line."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dummy_pack.books import CHART, TEMPLATES

from zhen.kernel.ledger.api import AccountSpec
from zhen.kernel.ledger.declarations import CHARTS, TemplateLine, parse_lines
from zhen.kernel.ledger.declarations import TEMPLATES as REGISTRY
from zhen.kernel.lib.registry import Bundle, Registry


def faults(*items: Any) -> Sequence[str]:
    bundle = Bundle(owner="test", items=items)
    registries: tuple[Registry[Any], ...] = (CHARTS, REGISTRY)
    before = [registry._candidate for registry in registries]
    try:
        for registry in registries:
            registry.gather([bundle])
        return [str(problem) for registry in registries for problem in registry.validate()]
    finally:
        for registry, candidate in zip(registries, before, strict=True):
            registry._candidate = candidate


def test_lines_are_written_as_in_a_textbook() -> None:
    assert parse_lines("Dr 1601=whole Cr {withheld}=kept Cr 8001.01") == (
        TemplateLine(debit=True, account="1601", amount="whole"),
        TemplateLine(debit=False, slot="withheld", amount="kept"),
        TemplateLine(debit=False, account="8001.01"),
    )


@given(st.text())
def test_what_is_no_line_is_said_so(text: str) -> None:
    with suppress(ValueError):
        assert parse_lines(text) or not text.strip()


def test_the_dummys_books_are_right() -> None:
    assert faults(CHART, *TEMPLATES) == []


def test_faults_of_charts_are_told() -> None:
    assets = CHART.classes[0]
    twice = replace(assets, accounts=(*assets.accounts, AccountSpec(code="1", name="Cash")))
    (fault,) = faults(replace(CHART, classes=(twice, *CHART.classes[1:])))
    assert "has the account 1 twice" in fault
    orphan = replace(assets, accounts=(*assets.accounts, AccountSpec(code="99.01", name="Nowhere")))
    (fault,) = faults(replace(CHART, classes=(orphan, *CHART.classes[1:])))
    assert "has no 99 before 99.01" in fault
    (fault,) = faults(replace(CHART, classes=CHART.classes[:4]))
    assert "has the mirror cash on one basis only" in fault


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"chart": "none"}, "uses the unknown chart none"),
        ({"financial": "Dr 1 to 5"}, "is no line such as"),
        ({"financial": "", "budgetary": ""}, "has no line"),
        ({"financial": "Dr 7.01 Cr 5"}, "has 7.01 on the financial side"),
        ({"financial": "Dr 1 Dr 5"}, "has one side only"),
    ],
)
def test_faults_of_templates_are_told(given: dict[str, Any], reason: str) -> None:
    (fault, *_more) = faults(CHART, replace(TEMPLATES[0], **given))
    assert reason in fault
