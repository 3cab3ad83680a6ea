"""Floor plans of a few demo buildings, drawn as simple lines, with their devices: those of the scripted day first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from zhen.kernel.access.api import Actor
from zhen.kernel.files.api import Kind, store
from zhen.kernel.lib.typesetting import font_paths
from zhen.kernel.telemetry.api import Device, add_plan, set_pins
from zhen.project.demo.simulation.book import Book
from zhen.project.demo.simulation.script import cast

BUILDINGS, FLOORS = 6, 3
"""So many buildings get plans, each of so many floors at most."""
WIDTH, HEIGHT, WALL = 1000, 620, 6
PAPER, INK, SOFT = "#ffffff", "#38413d", "#eef0ec"
FLOOR = re.compile(r"(屋顶|地下|\d+层)")
FONTS = ("NotoSerifSC_500Medium.ttf", "NotoSerifSC_400Regular.ttf")

Box = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels."""


@dataclass(frozen=True, kw_only=True)
class Room:
    name: str
    box: Box
    words: tuple[str, ...] = ()
    """A device whose spot holds one of these hangs here."""


CORE = (
    Room(name="楼梯间", box=(40, 40, 200, 250), words=("楼梯",)),
    Room(name="电梯", box=(200, 40, 320, 250), words=("电梯",)),
)
CORRIDOR = Room(name="走廊", box=(40, 250, 960, 360), words=("走廊", "楼道"))
LAYOUTS: Mapping[str, tuple[Room, ...]] = {
    "1层": (
        *CORE,
        Room(name="配电间", box=(320, 40, 480, 250), words=("配电",)),
        Room(name="弱电间", box=(480, 40, 620, 250), words=("弱电",)),
        Room(name="厨房", box=(620, 40, 960, 250), words=("厨房",)),
        CORRIDOR,
        Room(name="大厅", box=(40, 360, 440, 580), words=("大厅", "门厅", "入口", "服务台", "出口")),
        Room(name="商铺", box=(440, 360, 720, 580), words=("商铺", "仓库")),
        Room(name="后场", box=(720, 360, 960, 580), words=("车间", "车库", "围墙")),
    ),
    "地下": (
        *CORE,
        Room(name="配电间", box=(320, 40, 560, 250), words=("配电",)),
        Room(name="水泵房", box=(560, 40, 960, 250), words=("泵",)),
        Room(name="通道", box=(40, 250, 960, 360), words=("楼道",)),
        Room(name="车库", box=(40, 360, 960, 580), words=("车库",)),
    ),
    "屋顶": (
        *CORE,
        Room(name="水箱间", box=(320, 40, 640, 250), words=("水箱",)),
        Room(name="机房", box=(640, 40, 960, 250), words=("机房",)),
        Room(name="屋面", box=(40, 250, 960, 580), words=("消火栓", "不利点")),
    ),
    "": (
        *CORE,
        *(Room(name=f"{n:02d}室", box=(320 + 160 * (n - 1), 40, 480 + 160 * (n - 1), 250)) for n in range(1, 5)),
        CORRIDOR,
        *(Room(name=f"{n + 4:02d}室", box=(40 + 230 * (n - 1), 360, 270 + 230 * (n - 1), 580)) for n in range(1, 5)),
    ),
}
"""The rooms of each floor; the one without a name is every other."""


def build_floor_plans(builder: Actor, book: Book) -> int:
    """Give how many plans were drawn."""
    count = 0
    for place in _chosen(book):
        rows = Device.objects.filter(place__code=place).select_related("place", "unit").order_by("code")
        floors: dict[str, list[Device]] = defaultdict(list)
        for device in rows:
            floors[floor_of(device.spot)].append(device)
        fullest = sorted(floors.items(), key=lambda one: (one[0] not in LAYOUTS, -len(one[1]), one[0]))[:FLOORS]
        for name, devices in fullest:
            _one(builder, name, devices)
            count += 1
    return count


def floor_of(spot: str) -> str:
    """The floor that a spot is on; what names none is on the ground floor."""
    found = FLOOR.match(spot)
    return found[1] if found else "1层"


def _chosen(book: Book) -> list[str]:
    """The codes of places: where the scripted day happens, then those with the most devices."""
    played = cast(book)
    known: dict[str, int] = defaultdict(int)
    for _hub, member in book.devices():
        if member.place:
            known[member.place] += 1
    first = [one.place for one in (played.smoke, played.leak, played.dying, played.miswired) if one is not None]
    rest = sorted(known, key=lambda code: (-known[code], code))
    return list(dict.fromkeys((*first, *rest)))[:BUILDINGS]


def _one(builder: Actor, name: str, devices: Sequence[Device]) -> None:
    rooms = LAYOUTS.get(name, LAYOUTS[""])
    image = store(builder, SimpleUploadedFile(f"{name}.png", _picture(name)), kinds={Kind.PNG})
    first = devices[0]
    plan = add_plan(builder, place=first.place, unit=first.unit, name=name, order=_order(name), image=image)
    set_pins(builder, plan.pk, plan.revision, dict(_spots(rooms, devices)))


def _order(name: str) -> int:
    return -1 if name == "地下" else 100 if name == "屋顶" else int(name.removesuffix("层"))


def _spots(rooms: Sequence[Room], devices: Iterable[Device]) -> Iterator[tuple[int, tuple[float, float]]]:
    """Side by side in the middle of their rooms, below the rooms' names."""
    held: dict[Room, list[int]] = defaultdict(list)
    for device in devices:
        held[_room(rooms, device.spot)].append(device.pk)
    for room, keys in held.items():
        left, top, right, bottom = room.box
        for number, key in enumerate(keys, 1):
            x = left + (right - left) * number / (len(keys) + 1)
            yield key, (x / WIDTH, (top + (bottom - top) * 0.62) / HEIGHT)


def _room(rooms: Sequence[Room], spot: str) -> Room:
    named = next((room for room in rooms if any(word in spot for word in room.words)), None)
    return named or next((room for room in rooms if room.name in ("走廊", "通道", "屋面")), rooms[0])


@cache
def _picture(name: str) -> bytes:
    """The plan of a floor as a PNG: walls, doors, and the names of the rooms where a font for them is there."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw, font = ImageDraw.Draw(image), _font()
    for room in LAYOUTS.get(name, LAYOUTS[""]):
        open_ground = room.name in ("走廊", "通道", "屋面")
        draw.rectangle(room.box, fill=SOFT if open_ground else PAPER, outline=INK, width=WALL // 2)
        if room.name == "楼梯间":
            _steps(draw, room.box)
        elif not open_ground:
            _door(draw, room.box)
        if font is not None:
            left, top, _right, _bottom = room.box
            draw.text((left + 14, top + 10), room.name, font=font, fill=INK)
    draw.rectangle((40, 40, 960, 580), outline=INK, width=WALL)
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def _door(draw: ImageDraw.ImageDraw, box: Box) -> None:
    """A gap in the wall to the corridor, and the quarter circle of the leaf."""
    left, top, right, bottom = box
    wall, middle = (bottom if top < HEIGHT / 3 else top), (left + right) // 2
    draw.line((middle - 20, wall, middle + 20, wall), fill=PAPER, width=WALL)
    inward = -40 if wall == bottom else 40
    draw.line((middle - 20, wall, middle - 20, wall + inward), fill=INK, width=2)
    around = (middle - 60, wall - 40, middle + 20, wall + 40)
    draw.arc(around, *((270, 360) if inward < 0 else (0, 90)), fill=INK, width=2)


def _steps(draw: ImageDraw.ImageDraw, box: Box) -> None:
    left, top, right, bottom = box
    for y in range(top + 60, bottom - 10, 18):
        draw.line((left + 20, y, right - 20, y), fill=INK, width=2)


def _font() -> ImageFont.FreeTypeFont | None:
    paths = (Path(folder) / name for folder in font_paths() for name in FONTS)
    return next((ImageFont.truetype(path, 26) for path in paths if path.is_file()), None)
