"""Devices that say by themselves where they publish what: discovery messages in the form of Home Assistant. Pure.

    homeassistant/sensor/CODE/OBJECT/config          one thing that is measured
    homeassistant/binary_sensor/CODE/OBJECT/config   one thing that is so or not
    homeassistant/device/CODE/config                 all of a device at once

What a message tells becomes sources: a topic of the device, where the number stands in what comes there, and which
metric of the profile it is. The long and the short names of Home Assistant's MQTT discovery are known. A template is
no program here: it names a value and may scale it. Whatever does not fit is kept with its fault, for a person to see.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

import msgspec

from zhen.kernel.telemetry.declarations import DeviceProfile, Metric
from zhen.kernel.telemetry.ingest.payloads import Unreadable, bare
from zhen.kernel.telemetry.ingest.units import Scale, scale
from zhen.kernel.telemetry.models.announced import Fault
from zhen.kernel.telemetry.models.stream import Reason

ROOT = "homeassistant"
COMPONENTS = ("sensor", "binary_sensor")
MOST_SOURCES = 64
"""So many sources a device may announce; a profile has no more metrics."""
DEEPEST = 6

SHORT = {
    "stat_t": "state_topic",
    "dev_cla": "device_class",
    "unit_of_meas": "unit_of_measurement",
    "val_tpl": "value_template",
    "pl_on": "payload_on",
    "pl_off": "payload_off",
    "dev": "device",
    "cmps": "components",
    "p": "platform",
}
"""The short names of Home Assistant for what is read here."""

CLASSES: Mapping[str, tuple[str, ...]] = {
    "battery": ("battery", "battery_low"),
    "carbon_monoxide": ("gas",),
    "current": ("current", "charging_current"),
    "distance": ("level", "depth"),
    "door": ("open",),
    "garage_door": ("open",),
    "gas": ("gas",),
    "heat": ("fire",),
    "moisture": ("wet",),
    "opening": ("open",),
    "power": ("charging_power",),
    "pressure": ("pressure_mpa", "pressure_kpa"),
    "problem": ("fault",),
    "safety": ("pressed",),
    "signal_strength": ("signal",),
    "smoke": ("smoke",),
    "tamper": ("tampered",),
    "temperature": ("temperature", "cable_temperature"),
    "voltage": ("voltage",),
    "volume_flow_rate": ("flow",),
    "window": ("open",),
}
"""Which metrics a class of Home Assistant may be, the likeliest first. The name of the object goes before it."""

_PLAIN = r"[^'\"\]\\{}|\x00-\x1f\ud800-\udfff]{1,64}"
_PATH = rf"(?:\.[A-Za-z_]\w{{0,63}}|\[(?:'{_PLAIN}'|\"{_PLAIN}\"|\d{{1,3}})\])"
_NUMBER = r"-?\d{1,9}(?:\.\d{1,9})?"
_TEMPLATE = re.compile(
    rf"\{{\{{\s*\(?\s*value(?P<path>_json(?:{_PATH})+)?\s*(?:\|\s*(?:float|int|is_defined)(?:\(\s*0?\s*\))?\s*)*\)?"
    rf"\s*(?:(?P<sign>[-+*/])\s*(?P<by>{_NUMBER}))?\s*\)?"
    rf"\s*(?:\|\s*(?:float|int|round(?:\(\s*\d?\s*\))?)(?:\(\s*0?\s*\))?\s*)*\}}\}}"
)
_STEP = re.compile(r"\.(\w+)|\['([^']*)'\]|\[\"([^\"]*)\"\]|\[(\d+)\]")


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a metric of a device comes from.

    `topic`: the levels after the device's code. `path`: where the number stands in a JSON message; empty where the
    message is the number. value × `factor` + `offset` is in the metric's unit. `on` and `off` are the words of a flag.
    """

    topic: str
    metric: str
    path: tuple[str | int, ...] = ()
    factor: float = 1.0
    offset: float = 0.0
    on: str = ""
    off: str = ""


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """One thing that a device announced: its source, or why there is none. `gone`: the device takes it back."""

    name: str
    title: str = ""
    topic: str = ""
    source: Source | None = None
    fault: Fault | None = None
    detail: str = ""
    gone: bool = False


class _Unfit(Exception):
    def __init__(self, fault: Fault, detail: object = "") -> None:
        self.fault, self.detail = fault, str(detail)[:120]
        super().__init__(fault)


def is_announcement(levels: tuple[str, ...]) -> bool:
    """Whether these are the levels of a discovery topic, after its root: COMPONENT/CODE[/OBJECT]/config."""
    return len(levels) in {3, 4} and levels[-1] == "config"


def read(code: str, levels: tuple[str, ...], payload: bytes, profile: DeviceProfile | None) -> list[Announcement]:
    """What a device announces. Raises Unreadable where it is no discovery message at all."""
    if not is_announcement(levels):
        raise Unreadable(Reason.TOPIC)
    component = levels[0]
    name = levels[2] if len(levels) == 4 else ""
    if not payload.strip():
        return [Announcement(name=_key(component, name), gone=True)]
    said = _object(payload)
    if component != "device":
        return [_announced(code, component, name, said, {}, profile)]
    parts = said.get("components")
    if not isinstance(parts, dict) or not parts:
        raise Unreadable(Reason.NO_JSON, "components")
    return [
        _announced(code, str(part.get("platform", "")), str(key), part, said, profile)
        for key, part in ((key, _long(value)) for key, value in islice(parts.items(), MOST_SOURCES))
        if isinstance(part, dict)
    ]


def values(sources: tuple[Source, ...], payload: bytes) -> list[tuple[str, float]]:
    """The numbers of a message on an announced topic. Raises Unreadable where there is none."""
    found: list[tuple[str, float]] = []
    said = _decoded(payload) if any(source.path for source in sources) else None
    for source in sources:
        # messages in which one of several values is missing, or is no number for now, are usual
        with suppress(KeyError, Unreadable):
            found.append((source.metric, number(_at(said, source.path) if source.path else payload, source)))
    if not found:
        raise Unreadable(Reason.NUMBER, "/".join(map(str, sources[0].path))[:120])
    return found


def number(value: Any, source: Source) -> float:
    """A value as it came, in the metric's unit. Raises Unreadable."""
    if isinstance(value, bool | int | float):
        try:
            found = float(value)
        except OverflowError:
            raise Unreadable(Reason.NUMBER) from None
    else:
        text = value if isinstance(value, bytes) else str(value).encode()
        word = text.strip().decode("utf-8", "replace")
        if source.on and word == source.on:
            found = 1.0
        elif source.off and word == source.off:
            found = 0.0
        else:
            found = bare(text)
    turned = found * source.factor + source.offset
    if not math.isfinite(turned):
        raise Unreadable(Reason.NUMBER)
    return turned


def _decoded(payload: bytes) -> Any:
    try:
        return msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Unreadable(Reason.NO_JSON, str(fault)[:120]) from None


def _object(payload: bytes) -> dict[str, Any]:
    said = _long(_decoded(payload))
    if not isinstance(said, dict):
        raise Unreadable(Reason.NO_JSON, "no object")
    return said


def _long(said: Any) -> Any:
    """The same with long names, and with `~` written out."""
    if not isinstance(said, dict):
        return said
    found = {SHORT.get(key, key): value for key, value in said.items()}
    base = found.get("~")
    topic = found.get("state_topic")
    if isinstance(base, str) and isinstance(topic, str):
        if topic.startswith("~"):
            found["state_topic"] = base + topic[1:]
        elif topic.endswith("~"):
            found["state_topic"] = topic[:-1] + base
    return found


def _announced(
    code: str, component: str, name: str, said: dict[str, Any], whole: dict[str, Any], profile: DeviceProfile | None
) -> Announcement:
    key, title = _key(component, name), str(said.get("name") or "")[:100]
    topic = str(said.get("state_topic") or whole.get("state_topic") or "")[:200]
    try:
        source = _source(code, component, name, said, topic, profile)
    except _Unfit as unfit:
        return Announcement(name=key, title=title, topic=topic, fault=unfit.fault, detail=unfit.detail)
    return Announcement(name=key, title=title, topic=topic, source=source)


def _key(component: str, name: str) -> str:
    """What names an object, as the database can hold it."""
    return f"{component}/{name}".replace("\0", "�").encode("utf-8", "replace").decode()[:120]


def _source(
    code: str, component: str, name: str, said: dict[str, Any], topic: str, profile: DeviceProfile | None
) -> Source:
    if component not in COMPONENTS:
        raise _Unfit(Fault.COMPONENT, component)
    kind, _slash, rest = topic.partition("/")
    owner, _slash, levels = rest.partition("/")
    if kind not in {"d", "q"} or owner != code or not levels or levels.split("/")[0] in {"r", "c", "a"}:
        raise _Unfit(Fault.TOPIC, topic)
    path, factor, offset = _template(said.get("value_template"))
    metric = _metric(profile, name, str(said.get("device_class") or ""))
    if component == "binary_sensor":
        if not metric.is_flag:
            raise _Unfit(Fault.KIND, metric.code)
        on, off = (str(said.get(f"payload_{word}", word.upper()))[:40] for word in ("on", "off"))
        return Source(topic=levels, metric=metric.code, path=path, on=on, off=off)
    unit = str(said.get("unit_of_measurement") or "")
    turned = scale(unit, metric.unit) if unit else Scale()
    if turned is None:
        raise _Unfit(Fault.UNIT, f"{unit} → {metric.unit}")
    return Source(
        topic=levels,
        metric=metric.code,
        path=path,
        factor=factor * turned.factor,
        offset=offset * turned.factor + turned.offset,
    )


def _metric(profile: DeviceProfile | None, name: str, device_class: str) -> Metric:
    known = {metric.code: metric for metric in profile.metrics} if profile else {}
    for code in (name, *CLASSES.get(device_class, ()), device_class):
        if code in known:
            return known[code]
    raise _Unfit(Fault.METRIC, device_class or name)


def _template(text: Any) -> tuple[tuple[str | int, ...], float, float]:
    """Path, factor and offset of a template. Raises _Unfit where it is more than that."""
    if text in (None, ""):
        return (), 1.0, 0.0
    match = _TEMPLATE.fullmatch(str(text).strip()[:300])
    if match is None:
        raise _Unfit(Fault.TEMPLATE, text)
    path = tuple(_steps(match["path"] or ""))
    if len(path) > DEEPEST:
        raise _Unfit(Fault.TEMPLATE, text)
    by = float(match["by"]) if match["by"] else 0.0
    match match["sign"]:
        case "*":
            return path, by, 0.0
        case "/" if by:
            return path, 1 / by, 0.0
        case "/":
            raise _Unfit(Fault.TEMPLATE, text)
        case "+":
            return path, 1.0, by
        case "-":
            return path, 1.0, -by
    return path, 1.0, 0.0


def _steps(path: str) -> Iterator[str | int]:
    for step in _STEP.finditer(path):
        word = step[1] or step[2] or step[3]
        yield word if word else int(step[4])


def _at(said: Any, path: tuple[str | int, ...]) -> Any:
    """The value at a path. Raises KeyError."""
    for step in path:
        if isinstance(said, str):
            raise KeyError(step)
        try:
            said = said[step]
        except (TypeError, KeyError, IndexError):
            raise KeyError(step) from None
    if isinstance(said, dict | list) or said is None:
        raise KeyError(path[-1])
    return said
