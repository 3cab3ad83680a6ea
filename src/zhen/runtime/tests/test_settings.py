"""A wrong value stops the start with one line: the variable, the value, what is allowed."""

from pathlib import Path

import pytest

from zhen.runtime import settings
from zhen.runtime.faults import Fault
from zhen.runtime.files import write_state


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in settings.variables():
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("ZHEN_HOME", str(tmp_path))


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("ZHEN_PORT", "http", "ZHEN_PORT is 'http'; allowed is a whole number from 1 to 65535."),
        ("ZHEN_PORT", "70000", "ZHEN_PORT is '70000'; allowed is a whole number from 1 to 65535."),
        ("ZHEN_WEB_WORKERS", "0", "ZHEN_WEB_WORKERS is '0'; allowed is a whole number from 1 to 64."),
        ("ZHEN_SCALE", "city", "ZHEN_SCALE is 'city'; allowed is small or town."),
        ("ZHEN_DEMO", "perhaps", "ZHEN_DEMO is 'perhaps'; allowed is on or off."),
        (
            "DATABASE_URL",
            "mysql://u:secret@host/zhen",
            "DATABASE_URL is 'mysql://u:…@host/zhen'; "
            "allowed is an address such as postgresql://user:password@host:5432/name.",
        ),
        (
            "NATS_URL",
            "http://host",
            "NATS_URL is 'http://host'; "
            "allowed is addresses such as nats://user:password@host:4222, separated by commas.",
        ),
        (
            "ZHEN_PROT",
            "8001",
            "ZHEN_PROT is not a setting of Zhen (did you mean ZHEN_PORT?). `zhen up --help` lists all of them.",
        ),
    ],
)
def test_wrong_value_is_named_with_what_is_allowed(
    variable: str, value: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(Fault) as caught:
        settings.load()
    assert str(caught.value) == line


def test_every_setting_says_what_it_may_be() -> None:
    assert all(allowed not in {"", "None"} for allowed in settings.variables().values())


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHEN_PORT", "")
    assert settings.load().port == 8000


def test_host_names_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHEN_ALLOWED_HOSTS", "town.example, www.town.example")
    assert settings.load().allowed_hosts == ("town.example", "www.town.example")


def test_passwords_do_not_show_in_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://zhen:hush@host/zhen")
    assert "hush" not in repr(settings.load())


def test_other_commands_find_the_embedded_servers(tmp_path: Path) -> None:
    assert settings.load().known_database_url is None
    write_state(tmp_path / "postgres.json", {"app_url": "postgresql://zhen:x@127.0.0.1:1/zhen"})
    assert settings.load().known_database_url == "postgresql://zhen:x@127.0.0.1:1/zhen"


def test_the_secret_key_is_made_once() -> None:
    first = settings.secret_key(settings.load())
    assert len(first) >= 32
    assert settings.secret_key(settings.load()) == first


def test_a_secret_key_that_is_too_short_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("short")
    monkeypatch.setenv("ZHEN_SECRET_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(settings.WrongSetting, match="allowed is a file that holds at least 32 characters"):
        settings.secret_key(settings.load())
