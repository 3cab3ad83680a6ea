"""Units that devices use, turned into those of our metrics: linear, by the definitions of the SI (BIPM, 9th ed.)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Scale(NamedTuple):
    """value × factor + offset."""

    factor: float = 1.0
    offset: float = 0.0


_SIZES: tuple[Mapping[str, float], ...] = (
    {"Pa": 1, "hPa": 100, "mbar": 100, "kPa": 1e3, "bar": 1e5, "MPa": 1e6, "psi": 6894.757293168},
    {"mm": 1e-3, "cm": 1e-2, "m": 1, "km": 1e3, "in": 0.0254, "ft": 0.3048},
    {"mV": 1e-3, "V": 1},
    {"mA": 1e-3, "A": 1},
    {"W": 1, "kW": 1e3},
    {"Wh": 1e-3, "kWh": 1, "MWh": 1e3},
    {"L/s": 1, "L/min": 1 / 60, "m³/h": 1 / 3.6, "m³/min": 1000 / 60, "m³/s": 1e3},
    {"s": 1, "min": 60, "h": 3600},
    {"m/s": 1, "km/h": 1 / 3.6},
    {"g": 1e-3, "kg": 1},
    {"L": 1e-3, "m³": 1},
)
"""Units of one quantity, each with how many of a common one it is."""

_DEGREES: Mapping[str, Scale] = {"°C": Scale(), "K": Scale(1, -273.15), "°F": Scale(5 / 9, -160 / 9)}
_SPELLED = {"C": "°C", "℃": "°C", "F": "°F", "℉": "°F", "m3/h": "m³/h", "m3": "m³", "l/s": "L/s", "% LEL": "%LEL"}


def scale(given: str, wanted: str) -> Scale | None:
    """How a value in the unit `given` becomes one in `wanted`; None where it cannot."""
    given = _SPELLED.get(given, given)
    if given == wanted:
        return Scale()
    if wanted == "°C" and given in _DEGREES:
        return _DEGREES[given]
    for sizes in _SIZES:
        if given in sizes and wanted in sizes:
            return Scale(sizes[given] / sizes[wanted])
    return None
