"""FormPage: drafts, errors, and every word kept."""

from django.test import Client

from zhen.kernel.identity.models import Unit
from zhen.web.models import Draft


def url(unit: Unit) -> str:
    return f"/desk/dummy/edit/{unit.pk}/"


def test_a_form_starts_with_what_is_there(writer: Client, office: Unit) -> None:
    assert office.name in writer.get(url(office)).content.decode()


def test_a_valid_form_saves_and_goes_on(writer: Client, office: Unit) -> None:
    response = writer.post(url(office), {"name": "新的名字", "order": "3"})

    assert response["Location"] == f"/desk/dummy/units/{office.pk}/"
    assert Unit.objects.get(pk=office.pk).name == "新的名字"


def test_errors_stand_beside_the_field_and_in_the_summary_and_no_word_is_lost(writer: Client, office: Unit) -> None:
    response = writer.post(url(office), {"name": "", "order": "1000", "note": "a long thought"})
    text = response.content.decode()

    assert response.status_code == 422
    assert "2 things need correcting" in text
    assert 'href="#id_order"' in text
    assert 'aria-invalid="true"' in text
    assert "a long thought" in text
    assert 'value="1000"' in text


def test_a_refusal_of_the_action_stands_beside_the_field_that_it_names(writer: Client, office: Unit) -> None:
    response = writer.post(url(office), {"name": "taken", "order": "3"})

    assert response.status_code == 422
    assert response.context["form"].errors["name"] == ["The name “taken” is taken. Choose another."]


def test_a_draft_comes_back_and_goes_when_the_form_is_sent(writer: Client, office: Unit) -> None:
    kept = writer.post(f"/drafts/dummy.edit/?key={office.pk}", {"name": "half a na", "csrfmiddlewaretoken": "x"})
    again = writer.get(url(office)).content.decode()

    assert kept.status_code == 204
    assert "half a na" in again
    assert "This is your draft of" in again
    assert Draft.objects.get().data == {"name": ["half a na"]}

    writer.post(url(office), {"name": "whole", "order": "3"})

    assert not Draft.objects.exists()


def test_a_draft_can_be_thrown_away(writer: Client, office: Unit) -> None:
    writer.post(f"/drafts/dummy.edit/?key={office.pk}", {"name": "half"})
    writer.post(url(office), {"draft": "discard"})

    assert not Draft.objects.exists()
    assert Unit.objects.get(pk=office.pk).name == office.name


def test_a_draft_needs_the_right_to_the_form(reader: Client, office: Unit) -> None:
    assert reader.post(f"/drafts/dummy.edit/?key={office.pk}", {"name": "x"}).status_code == 403


def test_a_draft_without_end_is_refused(writer: Client) -> None:
    assert writer.post("/drafts/dummy.edit/?key=1", {"note": "字" * 200_001}).status_code == 413
