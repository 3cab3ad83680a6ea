"""The translations: what is found in the sources, what is refused, what is compiled."""

import gettext
from pathlib import Path

import pytest

from zhen.project.messages import catalogue, command
from zhen.project.messages.apps import App
from zhen.project.messages.checks import problems_of
from zhen.project.messages.extract import Key, Unreadable, messages_of

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
NAME = _("grid cell")
LONG = _("first "
         "second")
def text(n):
    return ngettext("one day", "%(n)s days", n) + pgettext("of a case", "close")
"""
TEMPLATE = """{% load i18n %}
    <p title="{% translate 'Open' %}">{{ _("Late")|default:_("Never") }}</p>
  {% blocktranslate with n=cases|length trimmed %}
     {{ n }} cases
  {% endblocktranslate %}
{% translate "100%" %}
"""


@pytest.fixture
def app(tmp_path: Path) -> App:
    (tmp_path / "templates").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "rules.py").write_text(PYTHON)
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "tests" / "test_x.py").write_text('_("never shown")')
    return App(name="sample", folder=tmp_path)


def lines(app: App) -> list[str]:
    return [str(problem) for problem in sorted(problems_of([app]))]


def translate(app: App, **chinese: str) -> None:
    messages = messages_of(app.folder)
    known = {key: f"译：{key.text}" for key in messages}
    known[Key("one day")] = "%(n)s 天"
    known |= {Key(text): translation for text, translation in chinese.items()}
    catalogue.write(app.catalogue, messages, known)


def test_messages_are_found_in_python_and_templates_but_not_in_tests(app: App) -> None:
    found = messages_of(app.folder)
    assert {str(key) for key in found} == {
        "“grid cell”",
        "“first second”",
        "“one day”",
        "“close” (of a case)",
        "“Open”",
        "“Late”",
        "“Never”",
        "“%(n)s cases”",
        "“100%%”",
    }
    assert found[Key("one day")].plural == "%(n)s days"
    assert found[Key("Open")].files == {"templates/page.html"}


def test_a_broken_template_is_named(app: App) -> None:
    (app.folder / "templates" / "page.html").write_text("{% blocktranslate %}{% if x %}{% endblocktranslate %}")
    with pytest.raises(Unreadable, match=r"page\.html: Translation blocks must not include other block tags"):
        messages_of(app.folder)


def test_a_complete_catalogue_has_no_problems(app: App) -> None:
    translate(app)
    assert lines(app) == []


def test_a_message_without_translation_is_one_line(app: App) -> None:
    translate(app)
    (app.folder / "new.py").write_text('_("brand new")')
    assert lines(app) == [
        "sample: “brand new”: has no Chinese translation. Run `zhen messages --write` and fill it in."
    ]


def test_an_empty_and_a_fuzzy_translation_are_refused(app: App) -> None:
    translate(app, Open="")
    text = app.catalogue.read_text().replace('msgid "Late"', '#, fuzzy\nmsgid "Late"')
    app.catalogue.write_text(text)
    assert [line.split(". ")[0] for line in lines(app)] == [
        "sample: “Late”: has an empty or fuzzy Chinese translation",
        "sample: “Open”: has an empty or fuzzy Chinese translation",
    ]


def test_a_lost_placeholder_is_refused(app: App) -> None:
    translate(app, **{"%(n)s cases": "若干案件"})
    assert lines(app) == [
        "sample: “%(n)s cases”: has the placeholders %(n)s but its Chinese translation has none. "
        "Use the same ones in both."
    ]


def test_a_translation_that_nothing_uses_is_refused_and_removed_by_write(app: App) -> None:
    translate(app)
    (app.folder / "rules.py").unlink()
    assert all("no source uses it" in line for line in lines(app))
    assert len(lines(app)) == 4
    command.write([app], [app])
    assert lines(app) == []


def test_write_takes_over_what_another_app_has_translated(app: App, tmp_path_factory: pytest.TempPathFactory) -> None:
    translate(app, Open="打开")
    other = App(name="other", folder=tmp_path_factory.mktemp("other"))
    (other.folder / "x.py").write_text('_("Open")')
    command.write([other], [app, other])
    assert catalogue.translations(catalogue.read(other.catalogue)) == {Key("Open"): "打开"}


def test_one_string_with_two_translations_is_refused(app: App, tmp_path_factory: pytest.TempPathFactory) -> None:
    translate(app, Open="打开")
    other = App(name="other", folder=tmp_path_factory.mktemp("other"))
    (other.folder / "x.py").write_text('_("Open")')
    catalogue.write(other.catalogue, messages_of(other.folder), {Key("Open"): "公开"})
    problem = next(iter(problems_of([app, other])))
    assert "is 公开 here and 打开 in sample" in str(problem)


def test_the_compiled_form_is_what_gettext_reads_and_is_reproducible(app: App) -> None:
    translate(app, Open="打开")
    assert catalogue.compile_to(app.compiled, catalogue.read(app.catalogue))
    first = app.compiled.read_bytes()
    with app.compiled.open("rb") as file:
        loaded = gettext.GNUTranslations(file)
    assert loaded.gettext("Open") == "打开"
    assert loaded.pgettext("of a case", "close") == "译：close"
    assert loaded.ngettext("one day", "%(n)s days", 3) == "%(n)s 天"
    assert not catalogue.compile_to(app.compiled, catalogue.read(app.catalogue))
    assert app.compiled.read_bytes() == first


def test_writing_twice_changes_nothing(app: App) -> None:
    translate(app)
    first = app.catalogue.read_text()
    command.write([app], [app])
    assert app.catalogue.read_text() == first


def test_an_unknown_app_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["nowhere"])
    assert "no app is called nowhere" in capsys.readouterr().err
