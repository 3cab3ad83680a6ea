"""Frames as plain values for JSON, and back to the very bytes.

What stands under `means` explains the bytes to a reader; it is ignored on the way back. Lengths and
checksums are worked out again unless the frame had wrong ones (`declared_length`, `given_checksum`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhen.gateways.gb26875.codec import names, wire
from zhen.gateways.gb26875.codec.application import SHAPES, Application, read
from zhen.gateways.gb26875.codec.dialects import DIALECTS, STANDARD, Dialect
from zhen.gateways.gb26875.codec.frames import END, Frame, Unreadable, decode
from zhen.gateways.gb26875.codec.objects import Object, kinds
from zhen.gateways.gb26875.codec.splitter import Garbage, Piece, Splitter

Values = dict[str, Any]


def pieces(raw: bytes, dialect: Dialect | None = None) -> list[Piece]:
    """All of some bytes that a person gave: frames where there are any, the rest as garbage."""
    splitter = Splitter(dialect)
    found = [*splitter.feed(raw), *splitter.flush()]
    if any(isinstance(piece, Frame) for piece in found):
        return found
    return [decode(raw, dialect)]  # one frame with several things wrong, or the reason why it is none


def describe(piece: Piece) -> Values:
    """A frame, or garbage, as plain values."""
    if isinstance(piece, Garbage):
        return {"garbage": _hex(piece.raw)}
    return _frame(piece)


def raw_of(values: Mapping[str, Any]) -> bytes:
    """The bytes that `values` describe. Raises `Unreadable`, naming the key."""
    if "garbage" in values:
        return _unhex(values, "garbage")
    return _frame_of(values).raw


# -- frames


def _frame(frame: Frame) -> Values:
    values: Values = {
        "serial": frame.serial,
        "version": list(frame.version),
        "time": _time(frame.time, frame.dialect),
        "source": _hex(frame.source),
        "destination": _hex(frame.destination),
        "command": frame.command,
    }
    application = read(frame)
    if application is not None:
        values["data"] = _application(application, frame.dialect)
    elif frame.data:
        values["data_bytes"] = _hex(frame.data)
    if frame.declared is not None:
        values["declared_length"] = frame.declared
    if frame.given_sum is not None:
        values["given_checksum"] = f"{frame.given_sum:02X}"
    if frame.end != END:
        values["end"] = _hex(frame.end)
    if frame.dialect != STANDARD:
        values["dialect"] = frame.dialect.code
    values["means"] = _meaning(frame, application)
    return values


def _meaning(frame: Frame, application: Application | None) -> Values:
    findings = [*frame.findings, *(application.findings if application else ())]
    return {
        "command": names.name_of(frame.command, names.COMMANDS)._asdict(),
        "source_number": int.from_bytes(frame.source, "little"),
        "destination_number": int.from_bytes(frame.destination, "little"),
        "length": len(frame.data),
        "checksum": f"{frame.proper_sum:02X}",
        "checksum_holds": frame.is_sound,
        "findings": [str(finding) for finding in findings],
    }


def _frame_of(values: Mapping[str, Any]) -> Frame:
    code = values.get("dialect", STANDARD.code)
    if code not in DIALECTS:
        raise _wrong("dialect", code, f"one of {', '.join(DIALECTS)}")
    dialect = DIALECTS[code]
    data = b""
    if "data" in values:
        data = _application_of(_mapping(values, "data"), dialect).write(dialect)
    elif "data_bytes" in values:
        data = _unhex(values, "data_bytes")
    return Frame(
        serial=_number(values, "serial", 0xFFFF),
        version=_version(values),
        time=_stamp(values, "time", dialect),
        source=_unhex(values, "source", 6),
        destination=_unhex(values, "destination", 6),
        command=_number(values, "command", 0xFF),
        data=data,
        declared=_number(values, "declared_length", 0xFFFF) if "declared_length" in values else None,
        given_sum=_unhex(values, "given_checksum", 1)[0] if "given_checksum" in values else None,
        end=_unhex(values, "end", 2) if "end" in values else END,
        dialect=dialect,
    )


def _version(values: Mapping[str, Any]) -> tuple[int, int]:
    given = values.get("version")
    match given:
        case [int(main), int(user)] if 0 <= main <= 255 and 0 <= user <= 255:
            return main, user
    raise _wrong("version", given, "two numbers from 0 to 255")


# -- application data


def _application(application: Application, dialect: Dialect) -> Values:
    values: Values = {"type": application.type, "count": application.count}
    if application.type in SHAPES:
        values["objects"] = [_object(each, application, dialect) for each in application.objects]
    if application.shared_time is not None:
        values["shared_time"] = _time(application.shared_time, dialect)
    if application.trailing:
        values["trailing"] = _hex(application.trailing)
    values["means"] = {"type": names.name_of(application.type, names.TYPES)._asdict()}
    return values


def _application_of(values: Mapping[str, Any], dialect: Dialect) -> Application:
    type_ = _number(values, "type", 0xFF)
    given = values.get("objects", [])
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
        raise _wrong("objects", given, "a list of objects")
    if given and type_ not in SHAPES:
        raise _wrong("type", type_, "a type whose objects are known; else give the bytes as trailing")
    objects = tuple(_object_of(each, SHAPES[type_].form, dialect) for each in given)
    return Application(
        type=type_,
        count=_number(values, "count", 0xFF) if "count" in values else len(objects),
        objects=objects,
        shared_time=_stamp(values, "shared_time", dialect) if "shared_time" in values else None,
        trailing=_unhex(values, "trailing") if "trailing" in values else b"",
    )


def _object(each: Object, application: Application, dialect: Dialect) -> Values:
    values: Values = {}
    for name, _kind in kinds(type(each)):
        value = getattr(each, name)
        if isinstance(value, wire.Text):
            values.update(_text(name, value, dialect))
        else:
            values[name] = _hex(value) if isinstance(value, bytes) else value
    if each.time is not None:
        values["time"] = _time(each.time, dialect)
    values["means"] = _object_meaning(each, application.type, dialect)
    return values


def _object_of(values: Mapping[str, Any], form: type[Object], dialect: Dialect) -> Object:
    read = {name: _field_of(values, name, kind, dialect) for name, kind in kinds(form)}
    time = _stamp(values, "time", dialect) if "time" in values else None
    return form(time=time, **read)


def _field_of(values: Mapping[str, Any], name: str, kind: wire.Kind, dialect: Dialect) -> Any:
    match kind:
        case wire.Number():
            low, high = kind.bounds
            return _number(values, name, high, low)
        case wire.Octets():
            return _unhex(values, name, kind.size)
        case _:
            return _text_of(values, name, kind.size, dialect)


def _object_meaning(each: Object, type_: int, dialect: Dialect) -> Values:
    """The explanation of an object's numbers, as far as it has them."""
    means: Values = {}
    for field, table in (("system_type", names.SYSTEMS), ("component_type", names.COMPONENTS)):
        if hasattr(each, field):
            means[field] = names.name_of(getattr(each, field), table)._asdict()
    if hasattr(each, "component_address"):
        low, high = (int.from_bytes(each.component_address[at : at + 2], "little") for at in (0, 2))
        means["component_address"] = {"number": high << 16 | low, "low": low, "high": high}
    for field in ("state", "operation"):
        if hasattr(each, field) and type_ in BITS:
            means[field] = [bit._asdict() for bit in names.bits(getattr(each, field), BITS[type_])]
    if hasattr(each, "analog_type"):
        means["reading"] = _quantity(each)
    if hasattr(each, "text"):
        means["text"] = each.text.read(dialect)
    return means


def _quantity(each: Any) -> Values:
    quantity = names.QUANTITIES.get(each.analog_type)
    if quantity is None:
        return names.name_of(each.analog_type, {})._asdict()
    return {**quantity.name._asdict(), "value": quantity.value(each.reading), "unit": quantity.unit}


BITS = {1: names.SYSTEM_BITS, 2: names.COMPONENT_BITS, 4: names.SYSTEM_OPERATION_BITS}
BITS |= {21: names.DEVICE_BITS, 24: names.DEVICE_OPERATION_BITS}
"""Which bits the states and operations of a type have."""


# -- single values


def _hex(raw: bytes) -> str:
    return raw.hex().upper()


def _time(stamp: wire.Stamp, dialect: Dialect) -> str:
    """ISO 8601 where the clock shows a time that exists, else the bytes."""
    moment = stamp.moment(dialect)
    if moment is None or moment.year > 2099:
        return f"bytes {_hex(stamp.raw)}"
    return moment.isoformat()


def _stamp(values: Mapping[str, Any], name: str, dialect: Dialect) -> wire.Stamp:
    given = values.get(name)
    try:
        if not isinstance(given, str):
            raise ValueError
        if given.startswith("bytes "):
            raw = bytes.fromhex(given[6:])
            if len(raw) != wire.TIME_SIZE:
                raise ValueError
            return wire.Stamp(raw)
        return wire.Stamp.of(datetime.fromisoformat(given), dialect)
    except ValueError:
        raise _wrong(name, given, "a time such as 2026-01-31T08:00:00, or “bytes” and twelve digits") from None


def _text(name: str, text: wire.Text, dialect: Dialect) -> Values:
    """The text itself where it gives the bytes back (padded with zeros), else the bytes."""
    readable = text.read(dialect)
    if wire.Text.of(readable, len(text.raw), dialect) == text:
        return {name: readable, **({} if len(text.raw) == wire.TEXT_SIZE else {f"{name}_size": len(text.raw)})}
    return {f"{name}_bytes": _hex(text.raw)}


def _text_of(values: Mapping[str, Any], name: str, size: int | None, dialect: Dialect) -> wire.Text:
    if f"{name}_bytes" in values:
        raw = _unhex(values, f"{name}_bytes", size)
        if len(raw) > 0xFF:
            raise _wrong(f"{name}_bytes", values[f"{name}_bytes"], "at most 255 bytes")
        return wire.Text(raw)
    given = values.get(name)
    if not isinstance(given, str):
        raise _wrong(name, given, "a text")
    if size is None:
        size = _number(values, f"{name}_size", 0xFF) if f"{name}_size" in values else wire.TEXT_SIZE
    return wire.Text.of(given, size, dialect)


def _number(values: Mapping[str, Any], name: str, high: int, low: int = 0) -> int:
    given = values.get(name)
    if not isinstance(given, int) or isinstance(given, bool) or not low <= given <= high:
        raise _wrong(name, given, f"a whole number from {low} to {high}")
    return given


def _unhex(values: Mapping[str, Any], name: str, size: int | None = None) -> bytes:
    given = values.get(name)
    try:
        raw = bytes.fromhex(given) if isinstance(given, str) else None
    except ValueError:
        raw = None
    if raw is None or (size is not None and len(raw) != size):
        raise _wrong(name, given, f"{size} bytes in hexadecimal digits" if size else "hexadecimal digits")
    return raw


def _mapping(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    given = values[name]
    if not isinstance(given, Mapping):
        raise _wrong(name, given, "an object")
    return given


def _wrong(name: str, given: object, expected: str) -> Unreadable:
    return Unreadable(offset=0, field=name, value=given, reason=f"expected {expected}")
