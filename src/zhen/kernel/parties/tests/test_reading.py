"""Clear values only for a stated purpose; what is held about me, and who looked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.template import Context, Template

from zhen.kernel.access.api import Denied
from zhen.kernel.journal.api import Event, reads_of
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing
from zhen.kernel.parties import api as parties
from zhen.kernel.parties import holding, queries
from zhen.kernel.parties.models import DataRequest, Reading
from zhen.kernel.parties.screens import mine, people
from zhen.kernel.parties.tests.conftest import NOW, ZHANG, Cast

PURPOSE = "办理高龄津贴"


def test_a_template_cannot_open_a_value(cast: Cast) -> None:
    text = Template("{{ p.id_number }}|{{ p.id_number.clear }}").render(Context({"p": cast.zhang}))
    assert text == f"310***********{ZHANG[-4:]}|"


def test_without_a_purpose_nothing_is_opened(cast: Cast) -> None:
    with pytest.raises(Refused):
        parties.reveal(cast.alice, cast.zhang.pk, ["id_number"])
    assert not reads_of(cast.zhang).exists()


def test_a_reading_is_an_event_with_purpose_post_and_fields_and_without_the_value(cast: Cast) -> None:
    assert parties.reveal(cast.alice.for_purpose(PURPOSE), cast.zhang.pk, ["id_number"]) == {"id_number": ZHANG}
    event = reads_of(cast.zhang).get()
    assert event.data == {
        "purpose": PURPOSE,
        "fields": ["id_number"],
        "roles": ["social_worker"],
        "units": ["梅岭北路居委会"],
    }


def test_a_purpose_that_names_the_person_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused):
        parties.reveal(cast.alice.for_purpose("给张三丰办理津贴"), cast.zhang.pk, ["id_number"])


def test_who_may_not_read_sensitive_data_is_denied_even_with_a_purpose(cast: Cast) -> None:
    grant = replace(cast.alice.grants[0], permissions=frozenset({"parties.person.view"}))
    with pytest.raises(Denied):
        parties.open_reading(replace(cast.alice, grants=(grant,)), cast.zhang.pk, PURPOSE)
    with pytest.raises(Missing):
        parties.open_reading(cast.bob, cast.zhang.pk, PURPOSE)


def test_an_opened_reading_is_for_its_reader_alone_and_closes(cast: Cast) -> None:
    opened = parties.open_reading(cast.alice, cast.zhang.pk, PURPOSE)
    assert ("身份证号码", ZHANG) in [(str(k), v) for k, v in people._clear_values(cast.alice, opened)] or ZHANG in [
        value for _label, value in people._clear_values(cast.alice, opened)
    ]
    assert queries.reading(cast.alice, opened.pk) == opened
    for reader in (cast.olga, cast.stranger):
        with pytest.raises(Missing):
            queries.reading(reader, opened.pk)
    with clock.frozen(NOW + timedelta(minutes=10)), pytest.raises(Missing):
        queries.reading(cast.alice, opened.pk)


def test_a_reading_of_single_values_does_not_open_everything(cast: Cast) -> None:
    opened = parties.open_reading(cast.alice, cast.zhang.pk, PURPOSE)
    with pytest.raises(Missing):
        parties.disclosure(cast.alice, opened.pk)


def filled(cast: Cast) -> None:
    parties.link_account(cast.alice, cast.zhang.pk, 50)
    parties.add_contact(cast.alice, cast.zhang.pk, kind="phone", value="12600000001")
    parties.add_address(cast.alice, cast.zhang.pk, text="梅岭北路1号", place=cast.n1)
    household = parties.add_household(cast.alice, area=cast.n1, address="梅岭北路1号")
    parties.join_household(cast.alice, household.pk, cast.zhang.pk, kin="head", on=NOW.date())
    parties.hold(cast.olga, cast.zhang.pk, reason="民事诉讼证据", approved_by="普陀区人民法院 2020-17")
    parties.open_reading(cast.alice, cast.zhang.pk, PURPOSE)


@pytest.fixture
def me(cast: Cast) -> Any:
    filled(cast)
    return replace(cast.stranger, id=50, name="张三丰")


def test_my_data_shows_what_is_held_why_until_when_and_who_looked(cast: Cast, me: Any) -> None:
    found = parties.dossier(parties.whose(me), clear=True, now=NOW)
    values = {item.value for item in found.held}
    assert {"张三丰", ZHANG, "12600000001", "梅岭北路1号"} <= values
    number = next(item for item in found.held if item.value == ZHANG)
    assert "第十三条" in number.basis
    assert "3" in number.until
    assert all(item.purpose and item.basis and item.until for item in found.held)
    assert [(look.purpose, "梅岭北路居委会" in look.who) for look in found.looks] == [(PURPOSE, True)]
    assert [hold.approved_by for hold in found.holds] == ["普陀区人民法院 2020-17"]


def test_my_data_says_nothing_about_others(cast: Cast, me: Any) -> None:
    assert parties.dossier(parties.whose(cast.stranger), clear=True, now=NOW).records == []
    other = parties.add_person(cast.alice, name="李四", area=cast.n1)
    text = json.dumps(parties.as_json(parties.dossier(parties.whose(me), clear=True, now=NOW)), ensure_ascii=False)
    assert "李四" not in text
    assert str(other.pk) not in text


def test_masked_unless_clear(cast: Cast, me: Any) -> None:
    found = parties.dossier(parties.whose(me), clear=False, now=NOW)
    assert ZHANG not in {item.value for item in found.held}
    assert found.records == []


def test_each_model_costs_one_query_however_many_rows(cast: Cast, me: Any, django_assert_num_queries: Any) -> None:
    whose = parties.whose(me)
    models = [model for model, privacy in parties.declared_models() if whose.condition(privacy) is not None]
    holding.held_about(whose, clear=True)
    with django_assert_num_queries(len(models)):
        few, _records = holding.held_about(whose, clear=True)
    for n in range(5):
        parties.add_contact(cast.alice, cast.zhang.pk, kind="phone", value=f"1260000010{n}")
    with django_assert_num_queries(len(models)):
        many, _records = holding.held_about(whose, clear=True)
    assert len(many) > len(few)


def test_the_page_shows_one_line_for_each_record(cast: Cast, me: Any) -> None:
    panels = {panel.id: panel.source(me, {}) for panel in mine.MINE.panels}
    line = next(row for row in panels["held"] if ZHANG in row.what)
    assert "张三丰" in line.what
    assert len(panels["looks"]) == 1
    assert len(panels["holds"]) == 1


def test_a_clerk_shows_a_person_everything_only_for_a_purpose(cast: Cast, me: Any) -> None:
    opened = parties.open_disclosure(cast.alice, cast.zhang.pk, "本人到窗口查询")
    panels = {panel.id: panel.source(cast.alice, opened) for panel in mine.DISCLOSURE.panels}
    assert any(ZHANG in row.what for row in panels["held"])
    assert [event.data["fields"] for event in reads_of(cast.zhang)] == [["*"], ["contacts", "id_number"]]
    with pytest.raises(Missing):
        parties.disclosure(cast.bob, opened.pk)


def test_the_export_is_json(cast: Cast, me: Any) -> None:
    data = json.loads(json.dumps(parties.as_json(parties.dossier(parties.whose(me), clear=True, now=NOW))))
    assert data["format"] == "zhen-personal-data-1"
    assert {record["model"] for record in data["records"]} >= {"parties.person", "parties.contactpoint"}


# Requests


def test_a_request_is_recorded_answered_and_closed(cast: Cast, me: Any) -> None:
    asked = parties.ask(me, kind="correct", text="我的出生日期不对")
    assert asked.due_on == (NOW + timedelta(days=30)).date()
    assert queries.request(cast.alice, asked.pk) == asked
    with pytest.raises(Refused):
        parties.decide(cast.alice, asked.pk, outcome="refused", answer=" ")
    parties.decide(cast.alice, asked.pk, outcome="granted", answer="已更正")
    with pytest.raises(Refused):
        parties.decide(cast.alice, asked.pk, outcome="granted", answer="x")
    assert [(row.outcome, row.answer) for row in holding.requests_of(parties.whose(me))] == [("granted", "已更正")]


def test_a_request_of_another_area_is_not_found(cast: Cast, me: Any) -> None:
    asked = parties.ask(me, kind="copy", text="请给我一份")
    with pytest.raises(Missing):
        parties.decide(cast.bob, asked.pk, outcome="granted", answer="")


def test_the_journal_keeps_no_word_of_a_request(cast: Cast, me: Any) -> None:
    parties.ask(me, kind="delete", text="请删除我的电话")
    assert not [event for event in Event.objects.all() if "电话" in json.dumps(event.data, ensure_ascii=False)]
    assert DataRequest.objects.get().text == "请删除我的电话"


def test_a_program_cannot_hold_a_reading_open(cast: Cast) -> None:
    with pytest.raises(Refused):
        parties.open_reading(parties_system(), cast.zhang.pk, PURPOSE)
    assert not Reading.objects.exists()


def parties_system() -> Any:
    from zhen.kernel.access.api import Actor

    return Actor.system("import")
