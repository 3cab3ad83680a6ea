"""Active deletion: what runs out goes, and leaves a proof in which nothing can be read."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.journal.api import Event
from zhen.kernel.lib import clock
from zhen.kernel.lib.privacy import After
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.parties import api as parties
from zhen.kernel.parties import holding
from zhen.kernel.parties.models import ContactPoint, DataRequest, Deletion, Hold, Household, Person, Reading
from zhen.kernel.parties.tests.conftest import NOW, SYSTEM, ZHANG, Add, Cast
from zhen.kernel.parties.tests.dump import dump

LATER = datetime(2023, 7, 1, tzinfo=UTC)
PHONE = "12600000001"


def secrets_of(cast: Cast) -> list[str]:
    return [
        "张三丰",
        "张三",
        ZHANG,
        PHONE,
        "梅岭北路1弄2号",
        "独居老人",
        "zhang1",
        "zhangsanfeng",
        "我的电话不对",
        "已经更正",
    ]


def leave(cast: Cast) -> None:
    """Give Zhang a full record, which then ends."""
    zhang = cast.zhang.pk
    parties.link_account(cast.alice, zhang, 50)
    parties.add_contact(cast.alice, zhang, kind="phone", value=PHONE)
    parties.add_address(cast.alice, zhang, text="梅岭北路1弄2号")
    household = parties.add_household(cast.alice, area=cast.n1, address="梅岭北路1弄2号")
    membership = parties.join_household(cast.alice, household.pk, zhang, kin="head", on=date(2010, 1, 1))
    parties.leave_household(cast.alice, membership.pk, on=date(2020, 5, 30))
    asked = parties.ask_for(cast.alice, zhang, kind="correct", text="我的电话不对")
    parties.decide(cast.alice, asked.pk, outcome="granted", answer="已经更正")
    parties.reveal(cast.alice.for_purpose("办理高龄津贴"), zhang, ["id_number"])
    parties.open_reading(cast.alice, zhang, "办理高龄津贴")
    parties.end_person(cast.alice, zhang, on=date(2020, 5, 30), ending="left")


def test_before_its_time_nothing_goes(cast: Cast) -> None:
    leave(cast)
    early = datetime(2023, 5, 29, 15, 0, tzinfo=UTC)
    outcome = parties.run_retention(SYSTEM, early)
    assert outcome.deleted == Counter({"parties.reading": 1})
    assert Person.objects.filter(pk=cast.zhang.pk).exists()


def test_what_has_run_out_goes_with_everything_and_no_content_stays_anywhere(cast: Cast, tmp_path: Path) -> None:
    leave(cast)
    exported = parties.as_json(parties.dossier(parties.Whose(person=cast.zhang.pk), clear=True, now=NOW))
    before = dump()
    assert all(secret in before for secret in secrets_of(cast) if secret not in (ZHANG, PHONE))

    with clock.frozen(LATER):
        outcome = parties.run_retention(SYSTEM, LATER)

    assert outcome.anonymised == Counter({"parties.datarequest": 1})
    assert outcome.deleted == Counter(
        {
            "parties.person": 1,
            "parties.contactpoint": 1,
            "parties.address": 1,
            "parties.account": 1,
            "parties.membership": 1,
            "parties.household": 1,
            "parties.reading": 1,
        }
    )
    after = dump()
    assert [secret for secret in secrets_of(cast) if secret in after] == []
    assert DataRequest.objects.get().kind == "correct"

    # The person kept his export: it proves each deletion.
    proved = {record["model"]: bool(deletion) for record, deletion in parties.prove_deletion(exported["records"])}
    assert all(proved.values())
    assert {"parties.person", "parties.contactpoint", "parties.membership", "parties.household"} <= set(proved)

    path = tmp_path / "export.json"
    path.write_text(json.dumps(exported), encoding="utf-8")
    out = StringIO()
    call_command("parties", "prove-deletion", str(path), stdout=out)
    assert out.getvalue().count("2023") == len(exported["records"])


def test_a_record_with_one_other_letter_proves_nothing(cast: Cast) -> None:
    leave(cast)
    exported = parties.as_json(parties.dossier(parties.Whose(person=cast.zhang.pk), clear=True, now=NOW))
    parties.run_retention(SYSTEM, LATER)
    record = next(record for record in exported["records"] if record["model"] == "parties.person")
    assert parties.prove_deletion([record])[0][1] is not None
    record["fields"]["name"] = "张三封"
    assert parties.prove_deletion([record])[0][1] is None


def test_the_proof_is_bound_to_the_journal(cast: Cast) -> None:
    leave(cast)
    parties.run_retention(SYSTEM, LATER)
    event = Event.objects.filter(kind="parties.retention.deleted", data__counts__has_key="parties.person").get()
    digests = sorted(bytes(row.digest) for row in Deletion.objects.filter(run=event.subject_id))
    assert event.data["digests"] == hashlib.sha256(b"".join(digests)).hexdigest()
    assert event.data["count"] == len(digests)
    assert event.data["period"] == {"from": "2020-05", "to": "2020-05"}


def test_a_legal_hold_keeps_everything_and_shows_until_it_ends(cast: Cast) -> None:
    leave(cast)
    parties.hold(cast.olga, cast.zhang.pk, reason="民事诉讼证据", approved_by="法院 17 号", valid_to=date(2024, 1, 1))
    outcome = parties.run_retention(SYSTEM, LATER)
    assert outcome.deleted == Counter()
    assert Household.objects.exists()
    assert [hold.reason for hold in holding.holds_of(parties.Whose(person=cast.zhang.pk), LATER)] == ["民事诉讼证据"]
    assert parties.run_retention(SYSTEM, datetime(2024, 1, 2, tzinfo=UTC)).deleted["parties.person"] == 1
    assert not Hold.objects.exists()


def test_a_hold_needs_a_reason_and_somebody_who_approved_it(cast: Cast) -> None:
    with pytest.raises(Refused):
        parties.hold(cast.olga, cast.zhang.pk, reason="诉讼", approved_by=" ")


def test_an_open_request_keeps_the_person_until_it_is_answered_and_its_time_is_over(cast: Cast) -> None:
    parties.ask_for(cast.alice, cast.zhang.pk, kind="copy", text="请给我一份")
    parties.end_person(cast.alice, cast.zhang.pk, on=date(2020, 5, 30), ending="died")
    assert parties.run_retention(SYSTEM, LATER).deleted == Counter()


def test_a_granted_deletion_is_done_at_once_and_only_the_request_stays(cast: Cast) -> None:
    leave(cast)
    asked = parties.ask_for(cast.olga, cast.zhang.pk, kind="delete", text="请删除张三丰的全部信息")
    with pytest.raises(Refused):
        parties.erase_person(cast.olga, cast.zhang.pk, request=asked.pk)
    parties.decide(cast.olga, asked.pk, outcome="granted", answer="同意张三丰的申请")
    counts = parties.erase_person(cast.olga, cast.zhang.pk, request=asked.pk)
    assert counts["parties.person"] == 1
    # The household lives on, so its address may; nothing else of the person does.
    left = dump()
    assert [secret for secret in secrets_of(cast) if secret in left] == ["梅岭北路1弄2号"]
    assert sorted((row.kind, row.text, row.person) for row in DataRequest.objects.all()) == [
        ("correct", "", None),
        ("delete", "", None),
    ]


def test_a_hold_stands_above_a_granted_deletion(cast: Cast) -> None:
    asked = parties.ask_for(cast.olga, cast.zhang.pk, kind="delete", text="请删除")
    parties.decide(cast.olga, asked.pk, outcome="granted", answer="")
    parties.hold(cast.olga, cast.zhang.pk, reason="民事诉讼证据", approved_by="法院 17 号")
    with pytest.raises(Refused):
        parties.erase_person(cast.olga, cast.zhang.pk, request=asked.pk)
    assert Person.objects.filter(pk=cast.zhang.pk).exists()


def test_a_merged_double_goes_with_the_person(cast: Cast) -> None:
    double = parties.add_person(cast.alice, name="张三丰", area=cast.n1)
    parties.merge_persons(cast.alice, cast.zhang.pk, double.pk)
    parties.end_person(cast.alice, cast.zhang.pk, on=date(2020, 5, 30), ending="died")
    assert parties.run_retention(SYSTEM, LATER).deleted == Counter({"parties.person": 2})


def test_the_relation_goes_with_whichever_side_goes_and_the_other_side_stays(cast: Cast, add: Add) -> None:
    wife = add("李四")
    parties.relate(SYSTEM, wife.pk, kind="spouse", other=cast.zhang.pk)
    parties.end_person(cast.alice, cast.zhang.pk, on=date(2020, 5, 30), ending="died")
    assert parties.run_retention(SYSTEM, LATER).deleted == Counter({"parties.person": 1, "parties.relation": 1})
    assert list(Person.objects.all()) == [wife]


def test_steps_are_bounded_and_a_second_run_finds_nothing(cast: Cast, add: Add) -> None:
    for n in range(25):
        parties.end_person(SYSTEM, add(f"李{n}").pk, on=date(2020, 5, 1), ending="left")
    outcome = parties.run_retention(SYSTEM, LATER, batch=10)
    assert outcome.deleted == Counter({"parties.person": 25})
    counts = [event.data["count"] for event in Event.objects.filter(kind="parties.retention.deleted").order_by("id")]
    assert counts == [10, 10, 5]
    assert parties.run_retention(SYSTEM, LATER).deleted == Counter()


def test_readings_that_are_over_go_after_a_day(cast: Cast) -> None:
    parties.open_reading(cast.alice, cast.zhang.pk, "办理高龄津贴")
    assert parties.run_retention(SYSTEM, NOW).deleted == Counter()
    assert parties.run_retention(SYSTEM, NOW + timedelta(days=2)).deleted == Counter({"parties.reading": 1})
    assert not Reading.objects.exists()


def test_an_anonymous_request_is_not_made_anonymous_again(cast: Cast) -> None:
    asked = parties.ask_for(cast.alice, cast.zhang.pk, kind="copy", text="请给我一份")
    parties.decide(cast.alice, asked.pk, outcome="granted", answer="")
    assert parties.run_retention(SYSTEM, LATER).anonymised == Counter({"parties.datarequest": 1})
    assert parties.run_retention(SYSTEM, LATER).anonymised == Counter()


def test_contact_points_of_the_living_stay(cast: Cast) -> None:
    parties.add_contact(cast.alice, cast.zhang.pk, kind="phone", value=PHONE)
    parties.run_retention(SYSTEM, datetime(2090, 1, 1, tzinfo=UTC))
    assert ContactPoint.objects.exists()


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 50), st.integers(0, 24), st.integers(0, 90))
def test_the_cutoff_leaves_out_nothing_that_has_run_out(start: date, years: int, months: int, days: int) -> None:
    after = After(field="x", event="x", source="x", years=years, months=months, days=days)
    end = after.until(start)
    assert start <= after.cutoff(end)
    assert start <= after.cutoff(end + timedelta(days=1))


def test_a_month_that_is_shorter_ends_on_its_last_day() -> None:
    after: Any = After(field="x", event="x", source="x", months=1)
    assert after.until(date(2020, 1, 31)) == date(2020, 2, 29)
    assert After(field="x", event="x", source="x", years=1).until(date(2020, 2, 29)) == date(2021, 2, 28)
