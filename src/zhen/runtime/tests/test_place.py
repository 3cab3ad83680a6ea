"""Root's server runs as another account, which may not be able to enter the data home."""

import os
from pathlib import Path

import pytest

from zhen.runtime import place

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")


@pytest.fixture
def open_home(home: Path) -> Path:
    home.mkdir(mode=0o755)
    return home


@pytest.fixture
def closed_home(open_home: Path) -> Path:
    closed = open_home / "root only"
    closed.mkdir(mode=0o700)
    home = closed / "home"
    home.mkdir()
    return home


@pytest.fixture
def system_place(open_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = open_home / "var-lib"
    directory.mkdir(mode=0o755)
    monkeypatch.setattr(place, "SYSTEM_PLACES", (directory,))
    return directory


def quiet(_line: str) -> None:
    pass


@needs_root
def test_a_home_that_can_be_entered_keeps_its_server(open_home: Path) -> None:
    found = place.server_place(open_home, quiet)
    assert found.directory == open_home / "server"
    assert found.account is not None
    assert found.account.uid != 0


@needs_root
def test_a_closed_home_gets_a_system_place_and_remembers_it(closed_home: Path, system_place: Path) -> None:
    lines: list[str] = []
    found = place.server_place(closed_home, lines.append)
    assert found.directory.parent == system_place
    assert len(lines) == 1
    assert str(found.directory) in lines[0]
    assert place.server_place(closed_home, quiet) == found
    assert (closed_home.parent.stat().st_mode & 0o777) == 0o700


@needs_root
def test_a_deleted_home_leaves_a_database_that_is_pointed_out(closed_home: Path, system_place: Path) -> None:
    old = place.server_place(closed_home, quiet).directory
    (closed_home / "server-place").unlink()
    lines: list[str] = []
    assert place.server_place(closed_home, lines.append).directory != old
    assert any(str(old) in line and "older database" in line for line in lines)


@needs_root
def test_a_moved_home_takes_its_database_along(closed_home: Path, system_place: Path) -> None:
    found = place.server_place(closed_home, quiet)
    moved = closed_home.rename(closed_home.with_name("moved"))
    assert place.server_place(moved, quiet) == found


@needs_root
def test_a_copied_home_does_not_share_the_database(closed_home: Path, system_place: Path) -> None:
    place.server_place(closed_home, quiet)
    copy = closed_home.with_name("copy")
    copy.mkdir()
    (copy / "server-place").write_text((closed_home / "server-place").read_text())
    with pytest.raises(place.ServerPlaceTaken, match="copied data home"):
        place.server_place(copy, quiet)


@needs_root
def test_a_place_others_can_change_is_refused(closed_home: Path, system_place: Path) -> None:
    place.server_place(closed_home, quiet).directory.chmod(0o777)
    with pytest.raises(place.ServerPlaceUnsafe, match="only root can change"):
        place.server_place(closed_home, quiet)


@needs_root
def test_a_lost_place_is_not_silently_made_anew(closed_home: Path, system_place: Path) -> None:
    found = place.server_place(closed_home, quiet).directory
    (found / "home").unlink()
    found.rmdir()
    with pytest.raises(place.ServerPlaceGone, match="which is gone"):
        place.server_place(closed_home, quiet)


@pytest.mark.skipif(os.geteuid() == 0, reason="root's server runs as another account")
def test_an_ordinary_user_runs_the_server_as_oneself(tmp_path: Path) -> None:
    found = place.server_place(tmp_path, quiet)
    assert found == place.Place(directory=tmp_path / "server", account=None)
