"""Secrets of devices: shown once, renewed with a grace, revoked at once; claim codes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.journal.api import Event
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.lib.testing import Hands
from zhen.kernel.telemetry.devices import actions, credentials, rules
from zhen.kernel.telemetry.devices.queries import working
from zhen.kernel.telemetry.models import Credential, Device
from zhen.kernel.telemetry.testing import a_device
from zhen.kernel.telemetry.tests.conftest import Cast

PUBLIC = Actor.anonymous()


def lets_in(device: Device, secret: str, hands: Hands) -> bool:
    digest = rules.digest(device.code, secret)
    return Credential.objects.filter(working(hands.now), device=device, digest=digest).exists()


@pytest.fixture
def device(cast: Cast, hands: Hands) -> Device:
    return a_device("S-1", cast.building, cast.fire)


def test_a_secret_is_shown_once_and_stands_nowhere(cast: Cast, device: Device, hands: Hands) -> None:
    issued = credentials.issue(cast.alice, device)

    assert len(issued.secret) == 43
    assert lets_in(device, issued.secret, hands)
    assert issued.secret not in str(list(Credential.objects.values())) + str(list(Event.objects.values()))


def test_a_renewed_secret_leaves_the_old_one_a_while(cast: Cast, device: Device, hands: Hands) -> None:
    old = credentials.issue(cast.alice, device).secret
    new = credentials.issue(cast.alice, device, grace=timedelta(hours=1)).secret

    assert lets_in(device, old, hands)
    assert lets_in(device, new, hands)
    hands.go(hours=1)
    assert not lets_in(device, old, hands)
    assert lets_in(device, new, hands)


def test_a_revoked_secret_ends_at_once_and_so_does_one_in_its_grace(cast: Cast, device: Device, hands: Hands) -> None:
    old = credentials.issue(cast.alice, device).secret
    new = credentials.issue(cast.alice, device).secret

    credentials.revoke(cast.alice, device)

    assert not lets_in(device, old, hands)
    assert not lets_in(device, new, hands)
    assert Event.objects.latest("pk").data == {"code": "S-1", "ended": 2}


def test_others_neither_give_nor_take_secrets(cast: Cast, device: Device) -> None:
    for outsider in (cast.bob, cast.charlie):
        for deed in (credentials.issue, credentials.revoke, credentials.make_claim):
            with pytest.raises(Denied):
                deed(outsider, device)


def test_a_claim_code_gives_the_secret_once(cast: Cast, device: Device, hands: Hands) -> None:
    code = credentials.make_claim(cast.alice, device)

    issued = credentials.claim(PUBLIC, code.lower().replace("-", " "))

    assert (issued.device, lets_in(device, issued.secret, hands)) == (device, True)
    with pytest.raises(Refused, match="unknown, used or too old"):
        credentials.claim(PUBLIC, code)


def test_a_claim_code_ends_after_three_days_or_by_a_newer_one_or_with_the_device(
    cast: Cast, device: Device, hands: Hands
) -> None:
    first = credentials.make_claim(cast.alice, device)
    second = credentials.make_claim(cast.alice, device)
    with pytest.raises(Refused):
        credentials.claim(PUBLIC, first)
    hands.go(hours=72)
    with pytest.raises(Refused):
        credentials.claim(PUBLIC, second)
    third = credentials.make_claim(cast.alice, device)
    actions.retire(cast.alice, device, reason="gone")
    with pytest.raises(Refused):
        credentials.claim(PUBLIC, third)


def test_an_address_tries_ten_codes_a_minute(db: None, hands: Hands) -> None:
    tries = [credentials.may_try("192.0.2.1", hands.now) for _number in range(12)]

    assert tries == [True] * 10 + [False] * 2
    assert credentials.may_try("192.0.2.2", hands.now)


@given(st.booleans())
def test_letters_that_look_alike_read_alike(small: bool) -> None:
    code = rules.new_claim()
    letters = code.replace("0", "O").replace("1", "l")

    assert rules.claim_digest(letters.lower() if small else letters) == rules.claim_digest(code)
    assert len(code.replace("-", "")) == 12


def test_a_digest_cannot_be_moved_to_another_device() -> None:
    secret = rules.new_secret()

    assert rules.digest("S-1", secret) != rules.digest("S-2", secret)
