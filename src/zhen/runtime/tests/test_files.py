"""Small files: whole, private, and the first writer wins where asked."""

from pathlib import Path

import pytest

from zhen.runtime.files import UnreadableState, read_state, write_private


def test_private_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    write_private(tmp_path / "key", "secret")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_writing_again_replaces_and_leaves_nothing_behind(tmp_path: Path) -> None:
    write_private(tmp_path / "key", "old")
    write_private(tmp_path / "key", "new")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("key", "new")]


def test_the_first_writer_wins_when_told_to_keep(tmp_path: Path) -> None:
    write_private(tmp_path / "key", "first", keep=True)
    write_private(tmp_path / "key", "second", keep=True)
    assert (tmp_path / "key").read_text() == "first"


def test_damaged_state_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text("{")
    with pytest.raises(UnreadableState, match=r"state\.json is not valid"):
        read_state(tmp_path / "state.json")
