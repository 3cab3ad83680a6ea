from __future__ import annotations

import json
from pathlib import Path

import pytest

from zhen.gateways.gb26875.codec.tests.frames import ACK, FIRE, MAINS
from zhen.gateways.gb26875.command import main

Said = pytest.CaptureFixture[str]


def test_decode_prints_a_frame_as_json_and_encode_gives_its_bytes_back(capsys: Said, tmp_path: Path) -> None:
    assert main(["decode", FIRE.hex(" ")]) == 0
    told = capsys.readouterr().out
    assert json.loads(told)["data"]["objects"][0]["means"]["component_type"]["chinese"] == "感烟火灾探测器"
    (tmp_path / "fire.json").write_text(told, encoding="utf-8")
    assert main(["encode", str(tmp_path / "fire.json")]) == 0
    assert capsys.readouterr().out == FIRE.hex().upper() + "\n"


def test_several_frames_in_a_file_are_a_list(capsys: Said, tmp_path: Path) -> None:
    (tmp_path / "frames").write_bytes(ACK + MAINS)
    assert main(["decode", str(tmp_path / "frames")]) == 0
    told = capsys.readouterr().out
    assert [each["command"] for each in json.loads(told)] == [3, 2]
    assert main(["encode", told]) == 0
    assert capsys.readouterr().out == (ACK + MAINS).hex().upper() + "\n"


def test_words_are_put_together(capsys: Said) -> None:
    assert main(["decode", *ACK.hex(" ").split()]) == 0
    assert json.loads(capsys.readouterr().out)["command"] == 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["decode", "41 41"], "zhen: byte 0, start mark “41 41”: a frame begins with 40 40\n"),
        (["decode", "4Z"], "zhen: byte 0, hexadecimal text “4Z”: two digits 0-F each\n"),
        (["encode", "[1]"], "zhen: byte 0, JSON “[1]”: expected an object, or a list of objects\n"),
        (["encode", "{}"], "zhen: byte 0, serial “None”: expected a whole number from 0 to 65535\n"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(capsys: Said, arguments: list[str], told: str) -> None:
    assert main(arguments) == 1
    assert capsys.readouterr().err == told
