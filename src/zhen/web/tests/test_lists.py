"""ListPage: filters, search, order, pages, files, bulk actions, saved views."""

import csv
import io
from datetime import date

import pytest
from django.test import Client
from openpyxl import load_workbook

from zhen.kernel.identity.models import Unit
from zhen.kernel.identity.testing import a_unit
from zhen.web.models import SavedFilter
from zhen.web.pages.exports import safe
from zhen.web.tests import dummy

URL = "/desk/dummy/units/"


@pytest.fixture
def units(office: Unit) -> list[Unit]:
    made = [a_unit(f"u{n:03}", f"Unit {n:03}") for n in range(60)]
    Unit.objects.filter(code__in=["u001", "u002"]).update(closed_on=date(2026, 1, 1))
    return made


def rows_of(client: Client, query: str = "") -> list[str]:
    return [row.key for row in client.get(URL + query).context["rows"]]


def test_a_page_holds_fifty_rows_and_says_how_many_there_are(reader: Client, units: list[Unit]) -> None:
    response = reader.get(URL)

    assert len(response.context["rows"]) == 50
    assert "1–50 of 61" in response.content.decode()
    assert len(rows_of(reader, "?page=2")) == 11


def test_the_number_of_queries_does_not_grow_with_the_rows(
    reader: Client, office: Unit, django_assert_max_num_queries: object
) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(20) as captured:  # type: ignore[operator]  # pytest-django's type
            reader.get(URL)
        return len(captured)

    reader.get(URL)  # what a process remembers is remembered now
    few = queries()
    for n in range(40):
        a_unit(f"v{n}")

    assert queries() == few


def test_a_filter_of_the_address_narrows_the_list(reader: Client, units: list[Unit]) -> None:
    assert len(rows_of(reader, "?state=closed")) == 2


def test_the_search_of_the_address_narrows_the_list(reader: Client, units: list[Unit]) -> None:
    assert len(rows_of(reader, "?q=Unit+00")) == 10


def test_a_column_sorts_both_ways(reader: Client, units: list[Unit]) -> None:
    up, down = rows_of(reader, "?sort=name&q=Unit"), rows_of(reader, "?sort=-name&q=Unit")

    assert up[0] == str(units[0].pk)
    assert down[0] == str(units[-1].pk)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?state=nonsense", "The filter “State” has no choice “nonsense”"),
        ("?sort=secret", "cannot be sorted by “secret”"),
        ("?page=0", "Page 0 cannot be shown"),
        ("?page=201", "Page 201 cannot be shown"),
        ("?page=x", "Page x cannot be shown"),
        ("?export=exe", "cannot be saved as “exe”"),
        ("?q=" + "x" * 201, "longer than 200 characters"),
        ("?q=%00", "a character that no text has"),
    ],
)
def test_a_wrong_value_is_named_with_its_remedy(reader: Client, query: str, said: str) -> None:
    response = reader.get(URL + query)

    assert response.status_code == 422
    assert said in response.content.decode()


def test_an_empty_list_teaches(reader: Client) -> None:
    Unit.objects.update(closed_on=None)

    assert "Nothing matches" in reader.get(URL + "?state=closed").content.decode()


def test_csv_holds_the_narrowed_rows_without_sensitive_columns(reader: Client, units: list[Unit]) -> None:
    a_unit("evil", "=HYPERLINK(0)")
    response = reader.get(URL + "?export=csv&state=open&sort=name")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # a streaming answer
    lines = list(csv.reader(io.StringIO(text)))

    assert lines[0] == ["Name", "Code", "Order", "Closed on", "State"]
    assert len(lines) == 1 + 60
    assert "'=HYPERLINK(0)" in {line[0] for line in lines}


def test_xlsx_keeps_numbers_as_numbers(reader: Client, office: Unit) -> None:
    response = reader.get(URL + "?export=xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active  # type: ignore[attr-defined]  # likewise

    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:3] == [office.name, office.code, office.order]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM", "\t=1", "\r=1", "＝1"])
def test_no_text_becomes_a_formula(text: str) -> None:
    assert safe(text) == f"'{text}"


def test_numbers_below_zero_stay_numbers() -> None:
    assert safe(-5) == -5


def test_a_bulk_action_is_confirmed_and_gets_the_chosen_rows(writer: Client, units: list[Unit]) -> None:
    data = {"action": "close", "key": [units[0].pk, units[3].pk]}
    asked = writer.post(URL, data)

    assert "2 units close." in asked.content.decode()
    assert dummy.PRESSED == []

    done = writer.post(URL, {**data, "confirmed": "1"})

    assert done.status_code == 302
    assert dummy.PRESSED == [["u000", "u003"]]


def test_a_bulk_action_needs_its_own_permission(reader: Client, units: list[Unit]) -> None:
    assert reader.post(URL, {"action": "close", "key": [units[0].pk]}).status_code == 403


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"action": "burn"}, "no action “burn”"),
        ({"action": "close"}, "No row is chosen"),
        ({"action": "close", "key": ["x"]}, "no valid number"),
        ({"action": "close", "key": [str(n) for n in range(501)]}, "At most 500"),
    ],
)
def test_a_wrong_bulk_action_is_refused(writer: Client, data: dict[str, object], said: str) -> None:
    response = writer.post(URL, data)

    assert response.status_code == 422
    assert said in response.content.decode()


def test_a_view_is_saved_shown_and_deleted(reader: Client, office: Unit) -> None:
    reader.post("/saved/dummy.units/", {"name": "closed ones", "query": "state=closed&page=3"})
    saved = SavedFilter.objects.get()

    assert saved.query == "state=closed"
    assert "closed ones" in reader.get(URL).content.decode()

    reader.post(f"/saved/{saved.pk}/delete/")

    assert not SavedFilter.objects.exists()


def test_nobody_deletes_the_view_of_somebody_else(reader: Client, writer: Client) -> None:
    reader.post("/saved/dummy.units/", {"name": "mine", "query": "state=closed"})

    assert writer.post(f"/saved/{SavedFilter.objects.get().pk}/delete/").status_code == 404
