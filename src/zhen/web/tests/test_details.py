"""DetailPage and the forms of its panels."""

from django.test import Client

from zhen.kernel.identity.models import Unit
from zhen.web.tests import dummy


def url(unit: Unit) -> str:
    return f"/desk/dummy/units/{unit.pk}/"


def test_each_form_of_panel_is_drawn(reader: Client, office: Unit) -> None:
    text = reader.get(url(office)).content.decode()

    assert "1,234.56" in text  # money of facts
    assert 'data-label="Code"' in text  # a table
    assert "2026-05-04 09:30" in text  # a timeline, in the town's time
    assert "110,432" in text  # a figure
    assert "Not measurable yet" in text
    assert "nobody asks" in text
    assert "Mend the roof" in text  # a slip
    assert "behind" in text  # … with its word
    assert "Second &lt;b&gt;." in text  # prose is escaped
    assert "It rises." in text  # a chart says what it shows
    assert "not measured" in text  # … and its table shows the gap
    assert "There is no bare thing." in text


def test_a_panel_with_a_permission_is_for_those_who_hold_it(reader: Client, writer: Client, office: Unit) -> None:
    assert 'id="hidden"' not in reader.get(url(office)).content.decode()
    assert 'id="hidden"' in writer.get(url(office)).content.decode()


def test_buttons_are_shown_to_those_who_may_press_them(reader: Client, writer: Client, office: Unit) -> None:
    assert "The unit is closed." not in reader.get(url(office)).content.decode()
    text = writer.get(url(office)).content.decode()

    assert f'href="/desk/dummy/edit/{office.pk}/"' in text
    assert "The unit is closed." in text
    assert "Never" not in text


def test_a_button_asks_and_then_acts(writer: Client, office: Unit) -> None:
    assert "The unit is closed." in writer.post(url(office), {"action": "close"}).content.decode()
    response = writer.post(url(office), {"action": "close", "confirmed": "1"})

    assert response["Location"] == url(office)
    assert [office] == dummy.PRESSED


def test_a_button_that_is_not_offered_now_is_refused(writer: Client, office: Unit) -> None:
    assert writer.post(url(office), {"action": "never"}).status_code == 422
