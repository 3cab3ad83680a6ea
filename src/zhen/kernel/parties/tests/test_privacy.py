"""The check that every model with personal data says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from zhen.kernel.lib.fields import EncryptedField
from zhen.kernel.lib.privacy import _OUTSIDE, After, Basis, NotPersonal, Privacy, With, declare, privacy_of
from zhen.kernel.parties.api import Person, privacy_problems
from zhen.kernel.parties.checks import check_privacy
from zhen.kernel.parties.describing import document

GOOD: dict[str, Any] = {
    "purpose": "tests",
    "basis": Basis.CONSENT,
    "persons": ("person_id",),
    "personal": ("person", "phone"),
    "internal": ("on",),
    "retention": After(field="on", years=1, event="it happened", source="tests"),
}


def model(privacy: Any = None, **fields: Any) -> type[models.Model]:
    """A model of no table, with a person, a phone number and a day."""
    with isolate_apps("zhen.kernel.parties"):
        columns = {
            "person": models.ForeignKey(Person, models.CASCADE, related_name="+"),
            "phone": models.CharField(max_length=20),
            "on": models.DateField(null=True),
            **fields,
        }
        body = {name: field for name, field in columns.items() if field is not None}
        extra = {} if privacy is None else {"privacy": privacy}
        return type("Visit", (models.Model,), {"__module__": __name__, "Meta": META, **body, **extra})


class META:
    app_label = "parties"


def problems(privacy: Any = None, **fields: Any) -> list[str]:
    return [problem.what for problem in privacy_problems([model(privacy, **fields)])]


def test_every_installed_model_is_declared() -> None:
    assert [str(problem) for problem in privacy_problems()] == []


def test_a_complete_declaration_is_right() -> None:
    assert problems(Privacy(**GOOD)) == []


def test_a_model_about_a_person_without_a_declaration_is_found() -> None:
    assert problems() == ["holds personal data (person, phone) but declares no privacy"]
    assert problems(person=None) == ["holds personal data (phone) but declares no privacy"]


@pytest.mark.parametrize("name", ["id_number", "email", "born_on", "applicant_name", "home_phone"])
def test_a_field_that_looks_personal_is_found_by_its_name(name: str) -> None:
    assert problems(person=None, phone=None, **{name: models.CharField(max_length=9)}) == [
        f"holds personal data ({name}) but declares no privacy"
    ]


def test_a_name_alone_is_not_taken_for_a_persons() -> None:
    assert problems(person=None, phone=None, name=models.CharField(max_length=9)) == []


def test_missing_retention_is_one_clear_line() -> None:
    found = privacy_problems([model(Privacy(**{**GOOD, "retention": None}))])
    assert [str(problem) for problem in found] == [
        "parties: model Visit: no retention is declared. "
        "Say how long after which event the row goes (PIPL, article 19)."
    ]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"purpose": " "}, "no purpose is declared"),
        ({"personal": ("person",)}, "the field phone has no sensitivity"),
        ({"internal": ("on", "phone")}, "phone has two sensitivities"),
        ({"internal": ("on", "off")}, "declares the unknown field off"),
        ({"persons": ()}, "persons does not name the foreign key person"),
        ({"persons": ("person_id", "nobody")}, "the path nobody leads nowhere"),
        (
            {"retention": After(field="off", years=1, event="x", source="x")},
            "the time of retention starts at off, which is no date of the model",
        ),
        ({"retention": After(field="on", event="x", source="x")}, "the retention has no length"),
        (
            {"retention": After(field="on", years=1, event="x", source="x", anonymise={"person": None})},
            "made anonymous, it would keep phone",
        ),
        (
            {"retention": With(fields=("on",))},
            "goes with on, which is no foreign key to a model with Privacy",
        ),
        ({"listed": False}, "is counted only, though its rows are deleted one by one"),
    ],
)
def test_each_gap_in_a_declaration_is_named(change: dict[str, Any], what: str) -> None:
    assert what in problems(Privacy(**{**GOOD, **change}))


def test_an_encrypted_field_is_personal() -> None:
    privacy = Privacy(**{**GOOD, "internal": ("on", "secret")})
    assert problems(privacy, secret=EncryptedField()) == ["the encrypted field secret is not declared personal"]


def test_nobody_can_say_that_a_link_to_a_person_is_not_personal() -> None:
    assert problems(NotPersonal(because="I say so")) == ["says it is not personal but holds person, phone"]
    assert problems(NotPersonal(because=" "), person=None) == ["says without a reason that it is not personal"]


def test_many_to_many_hides_nobody() -> None:
    found = problems(Privacy(**GOOD), friends=models.ManyToManyField(Person))
    assert found == ["the many-to-many field friends hides personal data in a table without a declaration"]


def test_models_of_other_packages_are_declared_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_OUTSIDE, "parties.visit", NotPersonal(because="undone after the test"))
    outside = model()
    declare("parties.Visit", Privacy(**GOOD))
    assert isinstance(privacy_of(outside), Privacy)
    assert privacy_problems([outside]) == []


def test_the_same_faults_are_a_system_check(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = model()
    config = apps.get_app_config("parties")
    monkeypatch.setattr(config, "get_models", lambda: [wrong])
    [message] = check_privacy([config])
    assert (message.id, message.is_serious()) == ("zhen.privacy", True)


class TestLegalBasis:
    NAMES: ClassVar = {basis: basis.article for basis in Basis}

    def test_each_basis_names_its_item_of_the_law(self) -> None:
        assert self.NAMES[Basis.STATUTORY_DUTY] == "《个人信息保护法》第十三条第一款第三项"
        assert all(basis.text for basis in Basis)


def test_the_reference_page_is_current() -> None:
    page = Path(__file__).parents[5] / "docs" / "reference" / "personal-data.md"
    if not page.exists():
        pytest.skip("the documentation is not beside the package")
    assert page.read_text(encoding="utf-8") == document(without="dummy_pack"), (
        "write it anew: zhen parties document > docs/reference/personal-data.md"
    )
