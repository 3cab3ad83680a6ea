from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.gateways.gb26875.codec.frames import LONGEST, Frame
from zhen.gateways.gb26875.codec.splitter import Garbage, Piece, Splitter
from zhen.gateways.gb26875.codec.tests.frames import ACK, EVERY_TYPE, FIRE, MAINS, PUBLISHED, framed

SOME = [*PUBLISHED, *(framed(data) for data in EVERY_TYPE.values()), framed(""), framed("00")]


def split(chunks: Iterable[bytes]) -> list[Piece]:
    splitter = Splitter()
    found = [piece for chunk in chunks for piece in splitter.feed(chunk)]
    return [*found, *splitter.flush()]


def raws(pieces: Iterable[Piece]) -> list[bytes]:
    return [piece.raw for piece in pieces if isinstance(piece, Frame)]


@given(st.lists(st.sampled_from(SOME), max_size=6), st.data())
def test_frames_come_out_whole_however_the_stream_is_cut(frames: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(frames)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert raws(split(chunks)) == frames


@given(st.lists(st.one_of(st.binary(max_size=60), st.sampled_from([*SOME, b"@@", b"@", b"##"])), max_size=12))
def test_what_goes_in_comes_out_in_its_order(chunks: list[bytes]) -> None:
    assert b"".join(piece.raw for piece in split(chunks)) == b"".join(chunks)


@given(st.lists(st.binary(max_size=3000), max_size=6))
def test_never_more_than_one_longest_frame_waits(chunks: list[bytes]) -> None:
    splitter = Splitter()
    for chunk in chunks:
        for _piece in splitter.feed(chunk):
            pass
        assert splitter.waiting < LONGEST


def test_frames_are_found_again_after_garbage() -> None:
    pieces = split([b"\x00@noise@@" + FIRE + b"#tail" + MAINS])
    assert raws(pieces) == [FIRE, MAINS]
    assert [piece.raw for piece in pieces if isinstance(piece, Garbage)] == [b"\x00@noise@@", b"#tail"]


def test_a_frame_comes_out_as_soon_as_its_last_byte_is_there() -> None:
    splitter = Splitter()
    assert list(splitter.feed(FIRE[:-1])) == []
    assert raws(splitter.feed(FIRE[-1:])) == [FIRE]


@pytest.mark.parametrize("claimed", [0, 5, 8, 11, 200, 1024, 1025, 0xFFFF])
def test_a_frame_with_a_wrong_length_is_found_by_its_checksum(claimed: int) -> None:
    body = MAINS[:24] + claimed.to_bytes(2, "little") + MAINS[26:-3]
    wrong = body + bytes((sum(body[2:]) & 0xFF,)) + b"##"
    assert raws(split([wrong, FIRE])) == [wrong, FIRE]


def test_a_cut_frame_does_not_swallow_the_next_one() -> None:
    assert raws(split([FIRE[:40], MAINS])) == [MAINS]


def test_a_frame_with_a_wrong_checksum_comes_out_to_be_refused() -> None:
    wrong = FIRE[:-3] + b"\x00##"
    (piece,) = split([wrong])
    assert isinstance(piece, Frame)
    assert not piece.is_sound


def test_two_acknowledgements_in_one_packet_are_two() -> None:
    assert raws(split([ACK + ACK])) == [ACK, ACK]
