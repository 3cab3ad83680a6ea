"""Files of cases: who may attach, see, black out and remove them; and the answers of a case type's form."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.cases import attachments
from zhen.kernel.cases.api import (
    CASE_TYPES,
    Case,
    CaseAttachment,
    Move,
    NewReporter,
    attach,
    attachment_for,
    attachments_of,
    edit,
    move,
    redact_attachment,
    remove_attachment,
    shown_to_reporter,
)
from zhen.kernel.cases.declarations import _check_type
from zhen.kernel.cases.tests.conftest import NOW, REPAIR, RIGHTS, Cast, Hands, a_case, an_actor
from zhen.kernel.files import api as files
from zhen.kernel.files.api import Box, File
from zhen.kernel.files.testing import a_pdf, an_image, an_upload
from zhen.kernel.forms.api import Faulty, display
from zhen.kernel.identity.testing import a_user
from zhen.kernel.journal.api import Event
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing
from zhen.kernel.parties.actions.retention import run_retention

WHOLE = Box(left=0, top=0, width=1, height=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path) -> Path:
    storage = {"BACKEND": "zhen.kernel.files.storage.ContentStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "files": storage}
    return tmp_path / "files"


@pytest.fixture
def editor(cast: Cast) -> Actor:
    """Alice may black out as well."""
    grant = replace(cast.alice.grants[0], permissions=RIGHTS | {files.REDACT})
    return replace(cast.alice, grants=(grant,))


def a_photo(actor: Actor, seed: int = 0) -> File:
    return files.store(actor, an_upload(an_image(seed=seed)))


def test_a_report_brings_its_photos_which_its_reporter_sees(cast: Cast) -> None:
    case = a_case(cast, files=(a_photo(cast.dispatcher),), reporter=NewReporter(secret="x" * 32))
    (attachment,) = attachments_of(case)
    assert (attachment.kind, attachment.public, attachment.state) == ("report", True, case.state)
    assert [one.name for one in shown_to_reporter(Actor.anonymous(), case)] == ["photo.jpg"]


def test_a_unit_attaches_to_its_own_cases_and_to_no_others(cast: Cast) -> None:
    case = a_case(cast, unit_id=cast.carpenters.pk)
    (made,) = attach(cast.alice, case.pk, [a_photo(cast.alice)], caption="  the leg  ")
    assert (made.kind, made.caption, made.public, made.by_name) == ("evidence", "the leg", False, cast.alice.name)
    assert Event.objects.get(kind="cases.attached").data["count"] == 1
    with pytest.raises(Case.DoesNotExist):
        attach(cast.bob, case.pk, [a_photo(cast.bob)])
    with pytest.raises(Missing):
        attachment_for(cast.bob, str(made.pk))
    assert attachment_for(cast.alice, str(made.pk)) == made


@pytest.mark.parametrize("key", ["", "x", "999999999", "00000000-0000-0000-0000-000000000000"])
def test_an_attachment_that_is_not_there_is_missing(cast: Cast, key: str) -> None:
    with pytest.raises(Missing):
        attachment_for(cast.dispatcher, key)


def test_nobody_attaches_what_another_has_sent_nor_a_file_twice(cast: Cast) -> None:
    case = a_case(cast, unit_id=cast.carpenters.pk)
    mine, others = a_photo(cast.alice), a_photo(cast.bob)
    with pytest.raises(Refused, match="sent by somebody else"):
        attach(cast.alice, case.pk, [others])
    attach(cast.alice, case.pk, [mine])
    with pytest.raises(Refused, match="attached already"):
        attach(cast.alice, case.pk, [mine])
    with pytest.raises(Refused, match="none is given"):
        attach(cast.alice, case.pk, [])


def test_a_case_holds_sixty_files(cast: Cast) -> None:
    case = a_case(cast)
    attach(cast.dispatcher, case.pk, [a_photo(cast.dispatcher, n) for n in range(60)])
    with pytest.raises(Refused, match="at most 60"):
        attach(cast.dispatcher, case.pk, [a_photo(cast.dispatcher)])


def test_a_redaction_takes_the_originals_place_for_everybody(cast: Cast, editor: Actor) -> None:
    case = a_case(cast, unit_id=cast.carpenters.pk)
    (made,) = attach(editor, case.pk, [a_photo(editor)])
    original = made.file
    redacted = redact_attachment(editor, made.pk, [WHOLE], "a child")
    assert redacted.file.redacts == original
    (shown,) = attachments.PANEL.source(editor, case)
    assert [str(chip.text) for chip in shown.chips] == ["evidence of the work", "parts blacked out"]
    assert [str(action.text) for action in shown.actions] == ["Black out", "Remove"]
    with pytest.raises(Denied):
        redact_attachment(cast.alice, made.pk, [WHOLE], "no right")
    told = Event.objects.filter(subject_id=str(case.pk)).latest("id")
    assert (told.kind, told.data["boxes"]) == ("cases.attachment_redacted", 1)


def test_a_removal_needs_a_reason_and_an_open_case(cast: Cast, editor: Actor) -> None:
    case = a_case(cast, unit_id=cast.carpenters.pk)
    (made,) = attach(editor, case.pk, [a_photo(editor)])
    redact_attachment(editor, made.pk, [WHOLE], "a child")
    with pytest.raises(Refused, match="a removal needs it"):
        remove_attachment(editor, made.pk, " ")
    Case.objects.filter(pk=case.pk).update(open=False, closed_at=NOW, due_at=None)
    with pytest.raises(Refused, match="its file is complete"):
        remove_attachment(editor, made.pk, "the wrong photo")
    Case.objects.filter(pk=case.pk).update(open=True, closed_at=None)
    remove_attachment(editor, made.pk, "the wrong photo")
    assert not CaseAttachment.objects.exists()
    assert not File.objects.exists()


def test_who_only_comments_removes_nothing(cast: Cast) -> None:
    reader = an_actor(a_user("rita"), unit=cast.carpenters, rights=frozenset({"dummy_pack.view"}))
    case = a_case(cast, unit_id=cast.carpenters.pk, files=(a_photo(cast.dispatcher),))
    (made,) = attachments_of(case)
    with pytest.raises(Denied):
        remove_attachment(reader, made.pk, "no right")
    (shown,) = attachments.PANEL.source(reader, case)
    assert shown.actions == ()


def test_a_step_that_needs_evidence_takes_it_along(cast: Cast) -> None:
    case = a_case(cast, unit_id=cast.carpenters.pk)
    case = move(cast.dispatcher, case.pk, case.revision, "dispatch")
    with pytest.raises(Refused, match="evidence"):
        move(cast.dispatcher, case.pk, case.revision, "show")
    moved = move(cast.dispatcher, case.pk, case.revision, "show", Move(files=(a_photo(cast.dispatcher),)))
    assert [one.kind for one in attachments_of(moved)] == ["evidence"]


def test_files_go_ten_years_after_the_case_was_closed(cast: Cast, hands: Hands, place: Path) -> None:
    case = a_case(cast, files=(a_photo(cast.dispatcher),))
    run_retention(Actor.system("retention"), NOW + timedelta(days=900))
    assert CaseAttachment.objects.count() == File.objects.count() == 1
    CaseAttachment.objects.update(forget_from=NOW.date())
    run_retention(Actor.system("retention"), NOW + timedelta(days=365 * 10 + 5))
    assert CaseAttachment.objects.count() == File.objects.count() == 0
    assert Case.objects.filter(pk=case.pk).exists()


def test_the_panel_costs_as_much_for_many_files_as_for_few(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = a_case(cast, files=(a_photo(cast.dispatcher),))
    with django_assert_num_queries(2):
        assert len(attachments.shown(cast.dispatcher, case)) == 1
    attach(cast.dispatcher, case.pk, [a_photo(cast.dispatcher, n) for n in range(4)])
    attach(cast.dispatcher, case.pk, [files.store(cast.dispatcher, an_upload(a_pdf(), "a.pdf"))])
    with django_assert_num_queries(2):
        assert len(attachments.shown(cast.dispatcher, case)) == 6


# the form of a type


def test_answers_are_checked_against_the_types_form_when_a_case_comes_in(cast: Cast) -> None:
    case = a_case(cast, given={"legs": 3, "wood": " oak "})
    assert (case.given, case.form_version) == ({"legs": 3, "wood": "oak"}, 1)
    with pytest.raises(Faulty) as told:
        a_case(cast, given={"legs": 5, "wood": "plastic", "colour": "red"})
    assert set(told.value.faults) == {"legs", "wood", "colour"}
    assert Case.objects.count() == 1


def test_answers_are_checked_when_they_are_changed_and_then_have_the_forms_version(cast: Cast) -> None:
    case = a_case(cast, given={"legs": 3})
    Case.objects.filter(pk=case.pk).update(form_version=0)
    with pytest.raises(Faulty):
        edit(cast.dispatcher, case.pk, case.revision, {"given": {"legs": "many"}})
    edited = edit(cast.dispatcher, case.pk, case.revision, {"given": {"legs": 2}})
    edited.refresh_from_db()
    assert (edited.given, edited.form_version) == ({"legs": 2}, 1)
    shown = display(CASE_TYPES[REPAIR].form_of(edited.form_version), edited.given)
    assert [(str(fact.label), fact.value) for fact in shown] == [("Legs left", "2")]
    assert CASE_TYPES[REPAIR].form_of(7) == {}


def test_a_case_type_with_a_wrong_form_stops_the_start() -> None:
    wrong = replace(CASE_TYPES[REPAIR], form={"type": "object"}, earlier_forms={1: {}})
    assert [problem.what for problem in _check_type(wrong, "test")][:2] == [
        "is no object with properties",
        "keeps the form 1 as an earlier one",
    ]
