"""Drawn pictures that say what a photo would show: the same spot before, during and after the works."""

from __future__ import annotations

from io import BytesIO
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from zhen.kernel.access.api import Actor
from zhen.kernel.files.api import File, store

SIZE = (640, 480)
SKY = {"before": (196, 201, 205), "works": (205, 214, 222), "after": (178, 208, 230)}
WALL = {"before": (176, 166, 150), "works": (190, 180, 165), "after": (231, 222, 202)}
ROOF = {"before": (110, 104, 98), "works": (140, 110, 95), "after": (158, 72, 56)}
GROUND = {"before": (148, 142, 128), "works": (168, 150, 120), "after": (126, 158, 108)}
PAVING = {"before": (120, 116, 110), "works": (150, 128, 100), "after": (176, 172, 164)}


def picture(actor: Actor, kind: str, phase: str, seed: int) -> File:
    """A picture of a project of this kind; `seed` says which spot, and no two pictures are the same."""
    chance = Random(seed)  # noqa: S311 a drawing, not a secret
    image = Image.new("RGB", SIZE, SKY[phase])
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 350, 640, 480), fill=GROUND[phase])
    if kind in ("road", "drainage"):
        _street(draw, kind, phase, chance)
    else:
        _block(draw, phase, chance)
    draw.point((seed % 640, 2), fill=(seed % 255, 80, 90))
    draw.point((seed // 640 % 640, 4), fill=(90, len(phase) * 20, 80))
    written = BytesIO()
    image.save(written, "JPEG", quality=75)
    return store(actor, SimpleUploadedFile(f"{phase}.jpg", written.getvalue(), "image/jpeg"))


def _block(draw: ImageDraw.ImageDraw, phase: str, chance: Random) -> None:
    left, width, storeys = 90 + chance.randrange(40), 400 + chance.randrange(60), 5 + chance.randrange(2)
    top = 350 - storeys * 42
    draw.rectangle((left, top, left + width, 360), fill=WALL[phase], outline=(90, 84, 76))
    draw.polygon(
        [(left - 14, top), (left + 26, top - 46), (left + width - 26, top - 46), (left + width + 14, top)],
        fill=ROOF[phase],
        outline=(70, 60, 54),
    )
    for storey in range(storeys):
        for window in range(7):
            x, y = left + 24 + window * (width - 40) // 7, top + 12 + storey * 42
            draw.rectangle((x, y, x + 26, y + 22), fill=(98, 120, 134) if phase == "after" else (84, 92, 98))
    if phase == "before":
        for _stain in range(7):
            x, y = left + chance.randrange(width - 30), top + chance.randrange(60)
            draw.polygon([(x, y), (x + 14, y), (x + 8, y + 60 + chance.randrange(60))], fill=(140, 132, 118))
    elif phase == "works":
        for x in range(left - 8, left + width + 9, 38):
            draw.line((x, top - 20, x, 360), fill=(120, 86, 40), width=3)
        for y in range(top - 10, 360, 42):
            draw.line((left - 8, y, left + width + 8, y), fill=(120, 86, 40), width=3)
    else:
        for x in (30, 68, 572, 610):
            draw.ellipse((x - 24, 300, x + 24, 352), fill=(82, 128, 78))
            draw.rectangle((x - 3, 348, x + 3, 372), fill=(98, 76, 56))


def _street(draw: ImageDraw.ImageDraw, kind: str, phase: str, chance: Random) -> None:
    draw.rectangle((0, 190, 640, 352), fill=WALL[phase])
    for x in range(20, 620, 88):
        draw.rectangle((x, 220 + chance.randrange(12), x + 56, 340), fill=(104, 116, 120), outline=(70, 66, 60))
    draw.polygon([(180, 350), (460, 350), (620, 480), (20, 480)], fill=PAVING[phase])
    if phase == "before":
        for _puddle in range(6):
            x, y = 190 + chance.randrange(230), 370 + chance.randrange(90)
            draw.ellipse((x, y, x + 60, y + 14), fill=(92, 96, 98))
    elif phase == "works":
        draw.polygon([(300, 352), (340, 352), (392, 480), (250, 480)], fill=(96, 70, 46))
        if kind == "drainage":
            draw.line((320, 356, 322, 480), fill=(60, 110, 150), width=12)
        for x in range(60, 620, 120):
            draw.polygon([(x, 440), (x + 12, 400), (x + 24, 440)], fill=(214, 110, 40))
    else:
        draw.line((320, 352, 320, 480), fill=(240, 236, 220), width=4)
        for x in (70, 150, 500, 580):
            draw.ellipse((x - 30, 250, x + 30, 330), fill=(86, 134, 80))
            draw.rectangle((x - 3, 326, x + 3, 366), fill=(98, 76, 56))
