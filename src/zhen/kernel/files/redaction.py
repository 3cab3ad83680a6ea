"""The boxes of a redaction: drawn by a person as parts of the image, burnt in as whole pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

MOST_BOXES = 100


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle as fractions of the image's width and height, from its left upper corner."""

    left: float
    top: float
    width: float
    height: float

    def fits(self) -> bool:
        numbers = (self.left, self.top, self.width, self.height)
        if not all(math.isfinite(number) for number in numbers):
            return False
        begins = 0 <= self.left <= 1 and 0 <= self.top <= 1 and self.width > 0 and self.height > 0
        return begins and max(self.left + self.width, self.top + self.height) <= 1.001

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, right, bottom (exclusive): every pixel that the box touches, at least one."""
        left, top = min(math.floor(self.left * width), width - 1), min(math.floor(self.top * height), height - 1)
        right = min(max(math.ceil((self.left + self.width) * width), left + 1), width)
        bottom = min(max(math.ceil((self.top + self.height) * height), top + 1), height)
        return left, top, right, bottom


def parse(text: str) -> list[Box]:
    """Boxes as lines of four percentages, left top width height, such as `12.5 40 10 6`. Raises ValueError."""
    boxes = []
    for line in text.splitlines():
        if not line.strip():
            continue
        numbers = [float(word) / 100 for word in line.replace(",", " ").split()]
        if len(numbers) != 4:
            raise ValueError(line)
        boxes.append(Box(left=numbers[0], top=numbers[1], width=numbers[2], height=numbers[3]))
    return boxes


def write(boxes: Iterable[Box]) -> str:
    """The lines that `parse` reads."""
    return "\n".join(
        " ".join(f"{number * 100:.6g}" for number in (box.left, box.top, box.width, box.height)) for box in boxes
    )
