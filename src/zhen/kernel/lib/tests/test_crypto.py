"""Sealed values and keyed hashes, to the byte."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import ciphers, hashes
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.lib.crypto import (
    Cipher,
    Key,
    KeyRing,
    Mac,
    Malformed,
    RingFault,
    Tampered,
    UnknownKey,
    Use,
    Where,
    candidates,
    header_of,
    keyed_hash,
    open_sealed,
    seal,
)

AT = datetime(2020, 4, 20, tzinfo=UTC)
RING = KeyRing(
    tuple(Key(id=bytes([i] * 4), use=use, made_at=AT, material=bytes(range(i, i + 32))) for i, use in enumerate(Use, 1))
)
WHERE = Where("parties_person", "id_number", "0170c000-0000-7000-8000-000000000001")
NUMBER = b"310107200104201234"
NONCE = bytes(range(12))

cipher_kinds = pytest.mark.parametrize("cipher", list(Cipher))


# Known bytes


def test_sm4_gcm_gives_the_bytes_of_rfc_8998() -> None:
    mode = modes.GCM(bytes.fromhex("00001234567800000000ABCD"))
    key = algorithms.SM4(bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"))
    encryptor = ciphers.Cipher(key, mode).encryptor()
    encryptor.authenticate_additional_data(bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"))
    text = b"".join(bytes([byte]) * 8 for byte in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    assert (encryptor.update(text) + encryptor.finalize()).hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    assert encryptor.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"


@pytest.mark.parametrize(
    ("cipher", "sealed"),
    [
        (
            Cipher.AES_256_GCM,
            "0101" "01010101" "000102030405060708090a0b"
            "454a51117e9f280d639e0fdaf4d169c7e218" "bfcb143c4d6f685b25353d46a99463e3",
        ),
        (
            Cipher.SM4_GCM,
            "0102" "01010101" "000102030405060708090a0b"
            "612a8682a3fff5ae3218e4d0d5dce034dec4" "032156bb88951fed2067fd8d920a9965",
        ),
    ],
)  # fmt: skip
def test_the_form_of_a_sealed_value_never_changes(cipher: Cipher, sealed: str) -> None:
    assert seal(RING, cipher, NUMBER, WHERE, nonce=NONCE).hex() == sealed
    assert open_sealed(RING, bytes.fromhex(sealed), WHERE) == NUMBER


def test_a_sealed_value_can_be_opened_by_another_program_from_the_description_alone() -> None:
    sealed = seal(RING, Cipher.AES_256_GCM, NUMBER, WHERE)
    parts = (b"\x01", b"parties_person", b"id_number")
    info = b"zhen field" + b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(bytes(range(1, 33)))
    place = (b"parties_person", b"id_number", WHERE.row.encode())
    bound = sealed[:6] + b"".join(len(part).to_bytes(4, "big") + part for part in place)
    assert AESGCM(key).decrypt(sealed[6:18], sealed[18:], bound) == NUMBER


@pytest.mark.parametrize(
    ("mac", "code"),
    [
        (Mac.HMAC_SHA256, "f39ac3161ae6aec1e35134595313cf51e71bf364ff7559846e7c02e71c78a331"),
        (Mac.HMAC_SM3, "cd2845576f4a1e5305629f5878cf02d73d8c19295897b6dc6162da8c5f775bd8"),
    ],
)
def test_the_form_of_a_keyed_hash_never_changes(mac: Mac, code: str) -> None:
    found = keyed_hash(RING, mac, NUMBER, domain="parties.person.id_number")
    assert found.hex() == f"010{mac.value}02020202{code}"


# Sealing


@cipher_kinds
def test_the_same_value_is_sealed_differently_each_time(cipher: Cipher) -> None:
    assert seal(RING, cipher, NUMBER, WHERE) != seal(RING, cipher, NUMBER, WHERE)


@cipher_kinds
@pytest.mark.parametrize(
    "elsewhere",
    [
        Where("parties_contactpoint", "id_number", WHERE.row),
        Where("parties_person", "passport", WHERE.row),
        Where("parties_person", "id_number", "0170c000-0000-7000-8000-000000000002"),
        Where("parties_perso", "nid_number", WHERE.row),
    ],
)
def test_a_value_that_was_moved_does_not_open(cipher: Cipher, elsewhere: Where) -> None:
    with pytest.raises(Tampered, match=elsewhere.column):
        open_sealed(RING, seal(RING, cipher, NUMBER, WHERE), elsewhere)


@cipher_kinds
def test_every_changed_bit_is_noticed(cipher: Cipher) -> None:
    sealed = seal(RING, cipher, NUMBER, WHERE)
    for position in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises((Tampered, Malformed, UnknownKey)):
            open_sealed(RING, bytes(changed), WHERE)


@cipher_kinds
def test_every_cut_is_noticed(cipher: Cipher) -> None:
    sealed = seal(RING, cipher, NUMBER, WHERE)
    for length in range(len(sealed)):
        with pytest.raises((Tampered, Malformed)):
            open_sealed(RING, sealed[:length], WHERE)


@given(st.binary(max_size=200), st.sampled_from(Cipher), st.text(max_size=20), st.text(max_size=20))
def test_whatever_is_sealed_opens_where_it_was_sealed(value: bytes, cipher: Cipher, column: str, row: str) -> None:
    where = Where("t", column, row)
    assert open_sealed(RING, seal(RING, cipher, value, where), where) == value


@given(st.binary(max_size=80))
def test_arbitrary_bytes_never_open(junk: bytes) -> None:
    with pytest.raises((Tampered, Malformed, UnknownKey)):
        open_sealed(RING, junk, WHERE)


def test_a_value_beyond_the_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="65537 bytes are more than"):
        seal(RING, Cipher.AES_256_GCM, bytes(65537), WHERE)


# Hashes


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_equal_values_and_only_those_have_equal_hashes(one: bytes, other: bytes) -> None:
    hashes_of = [keyed_hash(RING, Mac.HMAC_SHA256, value, domain="d") for value in (one, other)]
    assert (hashes_of[0] == hashes_of[1]) is (one == other)


def test_domains_keep_equal_values_apart() -> None:
    assert keyed_hash(RING, Mac.HMAC_SM3, b"1", domain="a") != keyed_hash(RING, Mac.HMAC_SM3, b"1", domain="b")


def test_candidates_cover_every_key_and_method() -> None:
    old = keyed_hash(RING, Mac.HMAC_SM3, NUMBER, domain="d")
    rotated = RING.with_new(Use.LOOKUP, AT)
    new = keyed_hash(rotated, Mac.HMAC_SHA256, NUMBER, domain="d")
    assert {old, new} <= set(candidates(rotated, NUMBER, domain="d"))
    assert len(candidates(rotated, NUMBER, domain="d")) == 4


# The ring


@cipher_kinds
def test_after_a_rotation_old_values_open_and_new_ones_carry_the_new_key(cipher: Cipher) -> None:
    old = seal(RING, cipher, NUMBER, WHERE)
    rotated = RING.with_new(Use.FIELD, AT)
    assert open_sealed(rotated, old, WHERE) == NUMBER
    new = seal(rotated, cipher, NUMBER, WHERE)
    assert header_of(new).key_id == rotated.current(Use.FIELD).id != header_of(old).key_id


def test_without_its_key_a_value_says_which_key_is_missing() -> None:
    old = seal(RING, Cipher.AES_256_GCM, NUMBER, WHERE)
    without = RING.with_new(Use.FIELD, AT).without(Use.FIELD, bytes([1] * 4))
    with pytest.raises(UnknownKey, match="the ring holds no field key 01010101"):
        open_sealed(without, old, WHERE)


def test_the_current_key_cannot_be_taken_out() -> None:
    with pytest.raises(RingFault, match="is the current field key"):
        RING.without(Use.FIELD, bytes([1] * 4))


def test_a_ring_reads_back_as_written() -> None:
    ring = KeyRing.make(AT).with_new(Use.FIELD, AT)
    assert KeyRing.from_text(ring.to_text()) == ring


def test_keys_are_not_shown() -> None:
    ring = KeyRing.make(AT)
    assert all(key.material.hex() not in repr(ring) and repr(key.material) not in repr(ring) for key in ring.keys)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1, "keys": []}', '{"format": 1, "keys": [{"id": "zz"}]}'])
def test_a_damaged_ring_is_refused(text: str) -> None:
    with pytest.raises(RingFault):
        KeyRing.from_text(text)


@given(st.text(max_size=60))
def test_a_damaged_ring_never_shows_what_it_holds(secret: str) -> None:
    with pytest.raises(RingFault) as caught:
        KeyRing.from_text(f'{{"format": 1, "keys": [{{"id": "{secret}"}}]}}')
    assert len(secret) < 4 or secret not in str(caught.value)
