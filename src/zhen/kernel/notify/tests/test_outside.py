"""Calls outside: signed, never into a private network, never without an end."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest

from zhen.kernel.notify.outside import Unreachable, is_outside, new_secret, post, signature, target
from zhen.kernel.notify.tests.servers import Receiver, a_free_port


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "ff02::1",
    ],
)
def test_addresses_of_our_own_network_are_inside(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2400:3200::1"])
def test_addresses_of_the_internet_are_outside(address: str) -> None:
    assert is_outside(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://8.8.8.8/",
        "ftp://8.8.8.8/",
        "file:///etc/passwd",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://localhost/",
        "https://user:password@8.8.8.8/",
        "https:///path",
    ],
)
def test_such_an_address_is_refused_for_good(url: str) -> None:
    with pytest.raises(Unreachable) as refused:
        target(url, private=False)
    assert refused.value.final


def test_a_call_goes_to_the_address_that_was_checked(receiver: Receiver) -> None:
    """The name is resolved once; the receiver still sees the name."""
    port = receiver.url.rpartition(":")[2]
    assert post(f"http://localhost:{port}/hook?x=1", b"{}", {"X-Y": "z"}, private=True) == 200
    (call,) = receiver.calls
    assert call.path == "/hook?x=1"
    assert call.headers["host"] == f"localhost:{port}"
    assert call.headers["x-y"] == "z"


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.answers = [302]
    with pytest.raises(Unreachable) as refused:
        post(receiver.url, b"{}", {}, private=True)
    assert refused.value.status == 302
    assert len(receiver.calls) == 1


def test_a_receiver_that_is_gone_is_not_called_again(receiver: Receiver) -> None:
    receiver.answers = [410]
    with pytest.raises(Unreachable) as refused:
        post(receiver.url, b"{}", {}, private=True)
    assert refused.value.final


def test_an_endless_answer_is_cut_off(receiver: Receiver) -> None:
    receiver.size = 50_000_000
    assert post(receiver.url, b"{}", {}, private=True) == 200


def test_a_closed_port_is_tried_again_later() -> None:
    with pytest.raises(Unreachable) as refused:
        post(f"http://127.0.0.1:{a_free_port()}/", b"{}", {}, private=True)
    assert not refused.value.final


def test_a_signature_is_that_of_standard_webhooks() -> None:
    secret, body, at = new_secret(), b'{"a":1}', datetime(2024, 1, 1, tzinfo=UTC)
    headers = signature(secret, "msg_1", at, body)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b"msg_1." + str(int(at.timestamp())).encode() + b"." + body
    assert (
        headers["webhook-signature"]
        == "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    )
    assert headers["webhook-timestamp"] == "1704067200"
