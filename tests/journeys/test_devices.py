"""From a device to the people on duty: the lines of the documentation, sent to the running town.

MQTT: the Python of `docs/howto/devices.md` makes a reading appear on the device's page, and an alarm on the board.
GB/T 26875.3: the frame of `docs/howto/gb26875.md` opens a case with place, detector and text, and is
acknowledged.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.support import ROOT, Town, Walk, free_port, stop
from zhen.gateways.gb26875.codec.frames import Command, decode
from zhen.gateways.gb26875.codec.hexes import parse
from zhen.runtime.files import read_state

pytestmark = pytest.mark.browser

ZHEN = (sys.executable, "-m", "zhen.project.cli")
STARTS_WITHIN = 60.0
COMES_WITHIN = 30_000
"""Milliseconds on a busy machine: a device's page looks at its values every five seconds."""
FRAME = re.compile(r"echo (4040[\s\S]*?) \\?\n?\s*\| xxd")
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Doors:
    """Where devices come in, and the codes of buildings that they stand in."""

    mqtt: str
    fire_alarms: int
    buildings: tuple[str, str]


@pytest.fixture(scope="module")
def doors(town: Town) -> Iterator[Doors]:
    """What takes readings in a running town, beside the pages: the commands of `zhen up`."""
    port, health = free_port(), free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": town.database_url,
        "ZHEN_DEMO": "1",
        "ZHEN_GB26875_PORT": str(port),
        "ZHEN_GB26875_HEALTH_PORT": str(health),
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    with ExitStack() as stack:
        for command in (("ingest",), ("gateway", "mqtt", "gb26875"), ("worker",)):
            process = subprocess.Popen(
                [*ZHEN, *command], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            stack.callback(stop, process)
        wait_for(f"http://127.0.0.1:{health}/healthz")
        with psycopg.connect(town.database_url) as connection:
            rows = connection.execute("SELECT code FROM places_place WHERE kind = 'building' ORDER BY id LIMIT 2")
            first, second = (code for (code,) in rows.fetchall())
        mqtt = read_state(Path(os.environ["ZHEN_HOME"]) / "nats.json")["mqtt_url"]
        yield Doors(mqtt=str(mqtt), fire_alarms=port, buildings=(first, second))


def wait_for(health: str) -> None:
    """Until the gateway says that everything it needs is there."""
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(health, timeout=5) as answer:
                if json.load(answer)["ready"]:
                    return
        except (URLError, TimeoutError, ConnectionError):
            pass
        time.sleep(0.2)
    raise TimeoutError(f"the gateways were not ready within {STARTS_WITHIN:.0f} s")


def enter(page: Page, **given: str) -> None:
    """Fill in the form of a device and send it."""
    for name, value in given.items():
        field = page.locator(f"main [name={name}]")
        if field.evaluate("(element) => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator("main form .buttons .button.primary, main form button.primary").first.click()
    page.wait_for_load_state("load")


def publish(doors: Doors, secret: str, message: str) -> None:
    """Run the Python of the documentation, at the town's address and with another message."""
    found = PYTHON.search((ROOT / "docs/howto/devices.md").read_text(encoding="utf-8"))
    assert found is not None
    address = urlsplit(doors.mqtt)
    here = found[1].replace('"town.example", 1883', f'"{address.hostname}", {address.port}')
    code = here.replace('{"temperature": 21.5}', message)
    assert message in code
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "SECRET": secret}, check=True, timeout=60)


def test_a_documented_line_is_a_reading_on_the_devices_page_and_an_alarm_on_the_board(walk: Walk, doors: Doors) -> None:
    page = walk.as_("dispatcher").open("/desk/telemetry/device_new/")
    page.locator("main [name=unit]").select_option(label="城市运行管理中心")
    place = doors.buildings[0]
    enter(page, code="SMOKE-0001", name="厨房烟感", profile="fire.smoke", place=place, spot="三楼厨房")
    expect(page).to_have_url(re.compile(r"/desk/telemetry/devices/SMOKE-0001/$"))
    page.get_by_role("link", name="凭据与领取码").click()
    walk.settle(page)
    walk.picture(page, "device-credential")
    walk.clean(page)
    page.get_by_role("button", name="发放新密钥").click()
    secret = page.locator("#secret").input_value()
    board = walk.open("/desk/telemetry/incidents/")
    device = walk.open("/desk/telemetry/devices/SMOKE-0001/")

    publish(doors, secret, '{"temperature": 21.5}')
    expect(device.get_by_role("cell", name="21.5 °C")).to_be_visible(timeout=COMES_WITHIN)

    publish(doors, secret, '{"smoke": True}')
    expect(board.get_by_role("link", name=re.compile("烟"))).to_be_visible(timeout=COMES_WITHIN)
    walk.picture(board, "alarm-board")
    walk.clean(board)
    device.reload()
    walk.settle(device)
    walk.picture(device, "device", whole=True)
    walk.clean(device)


def test_a_published_frame_opens_a_case_with_place_detector_and_text_and_is_acknowledged(
    walk: Walk, doors: Doors
) -> None:
    page = walk.as_("dispatcher").open("/desk/telemetry/device_new/")
    page.locator("main [name=unit]").select_option(label="城市运行管理中心")
    enter(page, code="HALL-1", name="用户信息传输装置", profile="fire.transmitter", place=doors.buildings[1])
    page.goto("/desk/gb26875/new/")
    enter(page, device="HALL-1", source="790300000000")
    expect(page).to_have_url(re.compile(r"/desk/gb26875/terminals/HALL-1/$"))

    found = FRAME.search((ROOT / "docs/howto/gb26875.md").read_text(encoding="utf-8"))
    assert found is not None
    raw = parse(found[1].replace("\\\n", " "))
    with socket.create_connection(("127.0.0.1", doors.fire_alarms), timeout=10) as wire:
        wire.sendall(raw)
        answer = decode(wire.recv(1000))
    assert (answer.command, answer.is_sound) == (Command.ACK, True)

    board = walk.open("/desk/telemetry/incidents/")
    card = board.get_by_role("link", name=re.compile("火警"))
    expect(card).to_be_visible(timeout=COMES_WITHIN)
    card.click()
    walk.settle(board)
    case = board.locator("#case a").first
    expect(case).to_be_visible()
    walk.picture(board, "incident", whole=True)
    walk.clean(board)
    building = board.locator("h1").inner_text()
    case.click()
    walk.settle(board)
    expect(board.locator(".case-page")).to_contain_text(building)
    expect(board.locator(".case-page")).to_contain_text("感烟火灾探测器")
    walk.picture(board, "case-of-alarm", whole=True)
    walk.clean(board)


@pytest.mark.parametrize("address", ["/desk/telemetry/incidents/", "/desk/telemetry/devices/SMOKE-0001/"])
def test_alarms_and_devices_are_looked_at_on_a_phone(walk: Walk, doors: Doors, address: str) -> None:
    page = walk.as_("dispatcher", size="phone").open(address)
    walk.picture(page, "phone-" + address.strip("/").split("/")[2], whole=True)
    walk.clean(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
