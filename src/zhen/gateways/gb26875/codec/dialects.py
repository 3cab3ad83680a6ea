"""How vendors' devices differ from the standard in their bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """One way to write the same frame. What is not said is as the standard has it.

    `order`: of serial, length and 16-bit values. `summed_from`: the first byte the checksum counts.
    `clock`: whether the six bytes of a time are plain numbers or binary-coded decimals.
    """

    code: str
    english: str
    chinese: str
    order: Literal["little", "big"] = "little"
    summed_from: Literal[0, 2] = 2
    clock: Literal["binary", "bcd"] = "binary"
    charset: Literal["gb18030", "utf-8", "utf-16-le"] = "gb18030"


STANDARD = Dialect(code="standard", english="As the standard has it", chinese="标准格式")

DIALECTS = {
    dialect.code: dialect
    for dialect in (
        STANDARD,
        Dialect(code="big-endian", english="High byte first", chinese="高字节在前", order="big"),
        Dialect(code="whole-sum", english="Checksum counts the start mark", chinese="校验和含启动符", summed_from=0),
        Dialect(code="bcd-clock", english="Times in decimal digits (BCD)", chinese="时间为 BCD 码", clock="bcd"),
        Dialect(code="utf-8", english="Texts in UTF-8", chinese="文字为 UTF-8", charset="utf-8"),
        Dialect(code="utf-16", english="Texts in UTF-16", chinese="文字为 UTF-16", charset="utf-16-le"),
    )
}
"""Every dialect by its code. A device that needs another gets a line here."""
