"""Numbers as people of the town write them: 万 and 亿, fen as yuan, the exact value always at hand."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

Number = int | float | Decimal

STEPS = {"zh": ((10**8, "亿"), (10**4, "万")), "en": ((10**9, "bn"), (10**6, "m"))}


@dataclass(frozen=True, kw_only=True)
class Written:
    """A number as it is shown, and exactly."""

    short: str
    scale: str
    exact: str

    @property
    def rounded(self) -> bool:
        return bool(self.scale)


def written(value: Number) -> Written:
    """A number in at most four digits where it is large: 110432 → 11.04 万."""
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    for size, scale in STEPS["zh" if (translation.get_language() or "zh").startswith("zh") else "en"]:
        if abs(number) >= size:
            return Written(short=_grouped(_shorten(number / size)), scale=scale, exact=_grouped(number))
    return Written(short=_grouped(_shorten(number)), scale="", exact=_grouped(number))


def exact(value: Number) -> SafeString:
    return format_html("{}", _grouped(value if isinstance(value, Decimal) else Decimal(str(value))))


def money(fen: int) -> SafeString:
    """Fen as yuan: 123456 → 1,234.56."""
    return format_html("{}", f"{Decimal(fen) / 100:,.2f}".replace("-", "−"))


def _shorten(number: Decimal) -> Decimal:
    """At most two decimals, one from 100 on, none from 10 000 on, without zeros at the end."""
    size = abs(number)
    places = Decimal("0.01") if size < 100 else Decimal("0.1") if size < 10_000 else Decimal(1)
    return number.quantize(places, rounding=ROUND_HALF_UP)


def _grouped(number: Decimal) -> str:
    text = f"{number:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")
