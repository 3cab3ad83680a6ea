"""Work orders: read from a file with a reason for each refused row, taken once, brought up to date, answered."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from zhen.kernel.access.api import Denied
from zhen.kernel.cases.api import Case, Category, Clock, Move, Order, Reporter, Taken, comment, move, take_order
from zhen.kernel.cases.models import OrderFile
from zhen.kernel.cases.orders import rules
from zhen.kernel.cases.orders.replying import answer, closed_since, write_reply
from zhen.kernel.cases.orders.taking import bring_file, leave_file, take_file
from zhen.kernel.cases.orders.values import Reply
from zhen.kernel.cases.tests.conftest import RIGHTS, Cast, Hands, an_actor
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.journal.api import Event
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.pages.api import Missing

NOW = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
SENDER = "park_line"
TAKER = RIGHTS | {"cases.orders.take", "cases.orders.answer"}
HEAD = "工单编号,标题,内容,答复期限,类别编码,电话,是否紧急,受理时间\n"


def read(text: str, **more: Any) -> rules.Sheet:
    given = {"classes": frozenset({"0101"}), "areas": frozenset({"310107102001"}), "now": NOW, **more}
    return rules.read(text.encode(), file_name="orders.csv", **given)


def test_a_row_becomes_an_order() -> None:
    sheet = read(HEAD + "A-1,路灯不亮,三天了,5个工作日,0101,12600000001,是,2026-09-14 10:30\n")
    (line,) = sheet.lines
    assert line.order == Order(
        ref="A-1",
        title="路灯不亮",
        text="三天了",
        answer_days=5,
        class_code="0101",
        phone="12600000001",
        urgent=True,
        received_at=line.order.received_at,
    )
    assert line.order.received_at == datetime(2026, 9, 14, 2, 30, tzinfo=UTC)
    assert line.row == 2


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (",路灯,,,,,,", "number of the order", "missing"),
        ("A-1,,,,,,,", "title", "missing"),
        ("A-1,路灯,,7,,,,", "answer within", "not 1, 5 or 15"),
        ("A-1,路灯,,,9999,,,", "code of the class", "9999"),
        ("A-1,路灯,,,,打我电话,,", "phone", "no phone number"),
        ("A-1,路灯,,,,,也许,", "urgent", "neither yes nor no"),
        ("A-1,路灯,,,,,,昨天", "received at", "no time"),
        ("A-1,路灯,,,,,,2026-13-01", "received at", "no time"),
        ("A-1,路灯,,,,,,2027-01-01", "received at", "future"),
        ("A-1," + "灯" * 201 + ",,,,,,", "title", "200"),
    ],
)
def test_a_row_that_is_no_order_is_refused_with_its_field_and_reason(row: str, field: str, reason: str) -> None:
    sheet = read(HEAD + row + "\nA-2,长椅坏了,,,,,,\n")
    (fault,) = sheet.faults
    assert (fault.row, str(fault.field)) == (2, field)
    assert reason in str(fault.reason)
    assert [line.order.ref for line in sheet.lines] == ["A-2"]


def test_an_order_that_stands_in_the_file_twice_is_refused_the_second_time() -> None:
    sheet = read(HEAD + "A-1,路灯,,,,,,\nA-1,路灯,,,,,,\n")
    assert [fault.row for fault in sheet.faults] == [3]


def test_a_refused_row_repeats_no_phone() -> None:
    (fault,) = read(HEAD + "A-1,路灯,,,,王 12600000001,,\n").faults
    assert "126" not in f"{fault.field}{fault.reason}{fault.ref}"


def test_a_workbook_is_read_below_its_title_and_numbers_stay_numbers() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["本周工单"],
        ["工单编号", "标题（必填）", "电话", "受理时间"],
        [20260915001.0, "路灯", 12600000001.0, None],
    ):
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    found = rules.read(data.getvalue(), file_name="a.xlsx", classes=frozenset(), areas=frozenset(), now=NOW)
    assert [(line.order.ref, line.order.phone) for line in found.lines] == [("20260915001", "12600000001")]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", HEAD])
def test_what_is_no_table_of_orders_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(Refused):
        read(text)


@given(st.lists(st.lists(st.text(max_size=12), max_size=9), max_size=6))
def test_any_rows_are_read_or_refused(rows: list[list[str]]) -> None:
    text = HEAD + "\n".join(",".join(cell.replace(",", " ") for cell in row) for row in rows)
    try:
        sheet = read(text)
    except (Refused, UnicodeEncodeError):
        return
    assert all(line.order.ref and line.order.title for line in sheet.lines)


def an_order(**given: Any) -> Order:
    return Order(**{"ref": "A-1", "title": "The bench wobbles", "phone": "12600000001", "answer_days": 5, **given})


@pytest.mark.django_db
def test_an_order_is_taken_once_and_its_own_limit_holds(cast: Cast, hands: Hands) -> None:
    case, taken = take_order(cast.dispatcher, SENDER, an_order(class_code="0101"))
    assert (taken, case.source, case.source_ref, case.category) == (Taken.CREATED, SENDER, "A-1", cast.bench)
    assert Clock.objects.get(case=case, deadline="whole").amount == 5
    events = Event.objects.count()
    assert take_order(cast.dispatcher, SENDER, an_order(class_code="0101"))[1] is Taken.UNCHANGED
    assert (Case.objects.count(), Reporter.objects.count(), Event.objects.count()) == (1, 1, events)


@pytest.mark.django_db
def test_an_order_sent_again_with_other_words_brings_its_case_up_to_date(cast: Cast, hands: Hands) -> None:
    case, _new = take_order(cast.dispatcher, SENDER, an_order())
    again, taken = take_order(cast.dispatcher, SENDER, an_order(text="Both legs", urgent=True))
    assert (taken, again.pk, again.text, again.urgent) == (Taken.UPDATED, case.pk, "Both legs", True)
    assert Event.objects.filter(kind="cases.edited").count() == 1


@pytest.mark.django_db
def test_a_closed_case_is_not_written_over(cast: Cast, hands: Hands) -> None:
    case, _new = take_order(cast.dispatcher, SENDER, an_order())
    move(cast.dispatcher, case.pk, case.revision, "void", Move(reason="No bench", outcome="void"))
    assert take_order(cast.dispatcher, SENDER, an_order())[1] is Taken.UNCHANGED
    with pytest.raises(Outdated, match="is closed"):
        take_order(cast.dispatcher, SENDER, an_order(text="Again"))


@pytest.mark.django_db
def test_what_cannot_be_taken_is_refused(cast: Cast) -> None:
    for wrong, reason in (
        ({"class_code": "9"}, "cannot have it"),
        ({"area_code": "9"}, "no such area"),
        ({"answer_days": 3}, "1, 5 or 15"),
    ):
        with pytest.raises(Refused, match=reason):
            take_order(cast.dispatcher, SENDER, an_order(**wrong))
    with pytest.raises(Refused, match="takes no orders"):
        take_order(cast.dispatcher, "nobody", an_order())
    with pytest.raises(Denied):
        take_order(an_actor(a_user("eve"), rights=frozenset({"dummy_pack.view"})), SENDER, an_order())
    assert not Case.objects.exists()


def brought(cast: Cast, text: str) -> OrderFile:
    taker = an_actor(a_user("tara"), rights=TAKER)
    return bring_file(taker, SENDER, (HEAD + text).encode(), "week.csv")


@pytest.mark.django_db
def test_a_file_is_looked_at_first_and_then_taken(cast: Cast, hands: Hands) -> None:
    take_order(cast.dispatcher, SENDER, an_order())
    file = brought(cast, "A-1,The bench wobbles,new,5,,,,\nA-2,Broken,,,0101,12600000001,,\n,None,,,,,,\n")
    assert (file.readable, len(file.faults), Case.objects.count()) == (2, 1, 1)
    assert b"12600000001" not in bytes(str(OrderFile.objects.values().get()), "utf-8")
    taker = an_actor(a_user("theo"), rights=TAKER)
    file = take_file(taker, file.pk)
    assert (file.created, file.updated, file.state, file.content) == (1, 1, "taken", None)
    assert Case.objects.count() == 2
    with pytest.raises(Outdated, match="dealt with"):
        take_file(taker, file.pk)


@pytest.mark.django_db
def test_a_file_that_is_left_is_forgotten(cast: Cast, hands: Hands) -> None:
    file = brought(cast, "A-2,Broken,,,,,,\n")
    file = leave_file(an_actor(a_user("theo"), rights=TAKER), file.pk)
    assert (file.state, file.content, Case.objects.count()) == ("left", None, 0)


@pytest.mark.django_db
def test_an_answer_says_who_was_contacted_or_why_not(cast: Cast, hands: Hands) -> None:
    case, _new = take_order(cast.dispatcher, SENDER, an_order())
    writer = an_actor(a_user("wanda"), rights=TAKER)
    reply = Reply(demand="A bench", facts="It is mended", site_visit=True, publish=True)
    with pytest.raises(Refused, match="no contact"):
        write_reply(writer, case.pk, reply)
    comment(writer, case.pk, "Called her", kind="contact")
    write_reply(writer, case.pk, reply)
    case.refresh_from_db()
    case = move(cast.dispatcher, case.pk, case.revision, "dispatch", Move(unit_id=cast.carpenters.pk))
    case = move(cast.alice, case.pk, case.revision, "mended", Move(result="A new leg"))
    assert not answer(writer, SENDER, "A-1").complete
    move(cast.dispatcher, case.pk, case.revision, "close", Move(outcome="solved"))
    form = answer(writer, SENDER, "A-1").as_json()
    assert form["complete"]
    assert form["contacted_first"]["by"] == "Wanda"
    assert (form["resolved"], form["result"], form["site_visit"], form["publish"]) == (True, "A new leg", True, True)
    (one,) = closed_since(writer, SENDER, hands.now)
    assert one.case.number == case.number
    assert closed_since(writer, SENDER, hands.now, after=case.number) == []


@pytest.mark.django_db
def test_a_unit_answers_its_own_orders_only(cast: Cast, hands: Hands) -> None:
    case, _new = take_order(cast.dispatcher, SENDER, an_order())
    case = move(cast.dispatcher, case.pk, case.revision, "dispatch", Move(unit_id=cast.carpenters.pk))
    reply = Reply(demand="A bench", facts="Mended", site_visit=False, not_contacted="No phone")
    bob = an_actor(a_user("bert"), unit=cast.painters, rights=TAKER)
    with pytest.raises(Case.DoesNotExist):
        write_reply(bob, case.pk, reply)
    with pytest.raises(Missing):
        answer(bob, SENDER, "A-1")
    write_reply(an_actor(a_user("anna"), unit=cast.carpenters, rights=TAKER), case.pk, reply)


@pytest.mark.django_db
def test_a_dispatcher_brings_and_takes_a_file_on_the_desk_and_a_clerk_answers(client: Client) -> None:
    centre, planning = a_unit("centre"), a_unit("planning")
    dora, clea = a_user("dora"), a_user("clea")
    a_post(dora, "dispatcher", centre)
    a_post(clea, "unit_clerk", planning)
    Category.objects.create(scheme="grid", code="B0110", name="路灯", valid_from=date(2020, 1, 1), source="test")
    client.force_login(dora)
    data = (HEAD + "H-1,路灯不亮,,1,B0110,12600000001,,\nH-2,,,,,,,\n").encode("gb18030")
    sent = client.post(
        "/desk/cases/order_file_new/", {"sender": "hotline", "file": SimpleUploadedFile("week.csv", data)}
    )
    assert sent.status_code == 302, sent.content.decode()
    page = client.get(sent["Location"]).content.decode()
    assert "路灯不亮" in page
    assert "H-2" in page
    assert "12600000001" not in page
    client.post(sent["Location"], {"action": "take", "confirmed": "yes"})
    case = Case.objects.get()
    assert (case.type, case.source_ref) == ("grid.case", "H-1")
    assert client.get("/desk/cases/order_files/").status_code == 200
    move_on = an_actor(dora, rights=frozenset({"grid.case.view", "grid.case.dispatch"}))
    move(move_on, case.pk, case.revision, "dispatch", Move(unit_id=planning.pk))
    client.force_login(clea)
    assert "H-1" in client.get("/desk/cases/orders/").content.decode()
    written = client.post(
        f"/desk/cases/order_reply/{case.number}/",
        {"demand": "修路灯", "facts": "已修好", "site_visit": "on", "not_contacted": "无人接听"},
    )
    assert written.status_code == 302, written.content.decode()
    assert "已修好" in client.get(written["Location"]).content.decode()
    assert client.get("/desk/cases/order_files/").status_code == 403
