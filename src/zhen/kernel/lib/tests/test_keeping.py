"""The key file."""

from __future__ import annotations

import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhen.kernel.lib.crypto import Cipher, Keeper, KeyFileFault, Mac, Use, Where

AT = datetime(2020, 4, 20, tzinfo=UTC)
WHERE = Where("t", "c", "1")


def keeper_at(path: Path) -> Keeper:
    return Keeper(path, Cipher.AES_256_GCM, Mac.HMAC_SHA256)


def test_the_first_use_makes_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "ring.json"
    keeper_at(path).ring()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_processes_that_start_together_agree_on_one_ring(tmp_path: Path) -> None:
    keepers = [keeper_at(tmp_path / "ring.json") for _ in range(8)]
    threads = [threading.Thread(target=keeper.ring) for keeper in keepers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({keeper.ring() for keeper in keepers}) == 1


def test_a_rotation_reaches_the_other_processes_at_their_next_use(tmp_path: Path) -> None:
    one, other = keeper_at(tmp_path / "ring.json"), keeper_at(tmp_path / "ring.json")
    sealed = other.seal("old", WHERE)
    new = one.rotate(Use.FIELD, AT)
    assert other.ring().current(Use.FIELD).id == new
    assert one.open(sealed, WHERE) == "old"


def test_rotations_at_the_same_time_lose_no_key(tmp_path: Path) -> None:
    keepers = [keeper_at(tmp_path / "ring.json") for _ in range(6)]
    keepers[0].ring()
    threads = [threading.Thread(target=keeper.rotate, args=(Use.FIELD, AT)) for keeper in keepers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keeper_at(tmp_path / "ring.json").ring().of(Use.FIELD)) == 7


def test_a_file_that_others_can_read_is_refused_with_the_remedy(tmp_path: Path) -> None:
    keeper = keeper_at(tmp_path / "ring.json")
    keeper.ring()
    keeper.path.chmod(0o640)
    with pytest.raises(KeyFileFault, match="run chmod 600"):
        keeper.ring()


def test_a_file_that_vanishes_is_not_made_anew_under_a_running_process(tmp_path: Path) -> None:
    keeper = keeper_at(tmp_path / "ring.json")
    keeper.ring()
    keeper.path.unlink()
    with pytest.raises(KeyFileFault, match="restore it from its backup"):
        keeper.ring()


def test_a_damaged_file_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "ring.json"
    path.write_text("{", encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(KeyFileFault, match=r"ring\.json is no key ring \(it is not JSON\)"):
        keeper_at(path).ring()
