"""Drawings that stand for an officer's photos in the demo: what was wrong, and what it is like now.

They are drawn here, so that no real place or person is shown; each says that it is a drawing.
"""

import io
from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1280, 960
FLOOR = 620
INK = (54, 58, 66)
WARNING = (214, 64, 48)
Draw = ImageDraw.ImageDraw
# The pen, chance, and whether the scene is shown mended.
Scene = Callable[[Draw, Random, bool], None]


def jpeg(scene: str, *, seed: int, mended: bool) -> bytes:
    """Return one drawing as JPEG; the same arguments give the same drawing."""
    random = Random(seed)  # noqa: S311 - only to look random
    shade = random.randint(-14, 14)
    picture = Image.new("RGB", (WIDTH, HEIGHT), _lit((214, 210, 202), shade))
    draw = ImageDraw.Draw(picture)
    SCENES[scene](draw, random, mended)
    draw.text((24, HEIGHT - 44), "DRAWING / DEMO", fill=(90, 90, 90), font_size=26)
    picture = picture.filter(ImageFilter.GaussianBlur(0.8))
    stored = io.BytesIO()
    picture.save(stored, "JPEG", quality=82)
    return stored.getvalue()


def _lit(colour: tuple[int, int, int], shade: int) -> tuple[int, int, int]:
    red, green, blue = (max(0, min(255, part + shade)) for part in colour)
    return red, green, blue


def _floor(draw: Draw, colour: tuple[int, int, int]) -> None:
    draw.rectangle((0, FLOOR, WIDTH, HEIGHT), fill=colour)
    for x in range(-WIDTH, 2 * WIDTH, 160):
        draw.line((WIDTH / 2 + (x - WIDTH / 2) * 0.4, FLOOR, x, HEIGHT), _lit(colour, -22), 3)


def _exit(draw: Draw, random: Random, mended: bool) -> None:
    """A fire exit, first behind boxes."""
    _floor(draw, (176, 168, 156))
    left = random.randint(380, 520)
    draw.rectangle((left, 180, left + 330, FLOOR), fill=(120, 138, 128), outline=INK, width=6)
    draw.line((left + 165, 180, left + 165, FLOOR), INK, 5)
    draw.rectangle((left + 70, 96, left + 260, 156), fill=(36, 140, 84))
    draw.text((left + 112, 104), "EXIT", fill="white", font_size=42)
    if mended:
        draw.polygon(
            [(left - 40, HEIGHT), (left + 60, FLOOR), (left + 270, FLOOR), (left + 370, HEIGHT)],
            outline=(230, 190, 40), width=10,
        )  # fmt: skip
        return
    for row, count in enumerate((4, 3, 2)):
        for column in range(count):
            x = left - 70 + column * 150 + row * 60 + random.randint(-12, 12)
            y = 720 - row * 138
            draw.rectangle((x, y, x + 140, y + 132), fill=(188, 146, 96), outline=INK, width=4)
            draw.line((x, y + 40, x + 140, y + 40), (150, 112, 70), 8)


def _wall(draw: Draw, random: Random, mended: bool) -> None:
    """A retaining wall, first with a crack."""
    draw.rectangle((0, 0, WIDTH, 260), fill=(186, 206, 222))
    draw.polygon([(0, 260), (0, 150), (WIDTH, 80), (WIDTH, 260)], fill=(112, 142, 92))
    for row in range(6):
        for column in range(-1, 9):
            x, y = column * 160 + (row % 2) * 80, 260 + row * 92
            tone = random.randint(-12, 12)
            draw.rectangle(
                (x, y, x + 156, y + 88), fill=_lit((158, 152, 144), tone), outline=(120, 116, 110)
            )
    draw.rectangle((0, 812, WIDTH, HEIGHT), fill=(150, 140, 126))
    start = random.randint(420, 820)
    if mended:
        for x in range(120, WIDTH, 260):
            draw.ellipse((x, 520, x + 34, 554), fill=(70, 70, 70))
        return
    x, points = start, []
    for y in range(262, 812, 36):
        points.append((x, y))
        x += random.randint(-46, 46)
    draw.line(points, (40, 36, 34), 16, joint="curve")
    draw.line([(px + 14, py) for px, py in points], (88, 100, 112), 6, joint="curve")


def _wires(draw: Draw, random: Random, mended: bool) -> None:
    """A distribution box, first open and with loose wires."""
    _floor(draw, (168, 164, 160))
    left = random.randint(430, 560)
    draw.rectangle((left, 170, left + 320, 560), fill=(196, 200, 204), outline=INK, width=6)
    if mended:
        draw.rectangle((left + 20, 190, left + 300, 540), outline=(130, 134, 138), width=5)
        draw.polygon(
            [(left + 160, 280), (left + 90, 410), (left + 230, 410)], fill=(244, 196, 48),
            outline=INK, width=5,
        )  # fmt: skip
        draw.rectangle((left + 270, 350, left + 292, 390), fill=INK)
        return
    draw.rectangle((left + 24, 194, left + 296, 536), fill=(64, 66, 70))
    for number in range(9):
        x, y, points = left + 50 + number * 28, 300, []
        for step in range(12):
            points.append((x + random.randint(-40, 40), y + step * 48))
        colour = random.choice((WARNING, (40, 90, 180), (60, 140, 70), (220, 180, 50)))
        draw.line(points, colour, 9, joint="curve")


def _railing(draw: Draw, random: Random, mended: bool) -> None:
    """A railing above a drop, first with a gap."""
    draw.rectangle((0, 0, WIDTH, 430), fill=(190, 212, 226))
    draw.polygon([(0, 430), (WIDTH, 380), (WIDTH, 700), (0, 740)], fill=(98, 142, 158))
    draw.rectangle((0, 700, WIDTH, HEIGHT), fill=(176, 170, 160))
    gap = random.randint(3, 5)
    for number in range(10):
        x = 20 + number * 138
        if not mended and number in {gap, gap + 1}:
            draw.line((x, 800, x + random.randint(40, 90), 880), INK, 16)
            continue
        draw.rectangle((x, 480, x + 18, 800), fill=(232, 232, 230), outline=INK, width=3)
    for y in (500, 620):
        for number in range(9):
            if not mended and number in {gap - 1, gap, gap + 1}:
                continue
            x = 20 + number * 138
            draw.rectangle((x, y, x + 156, y + 16), fill=(232, 232, 230), outline=INK, width=3)


SCENES: dict[str, Scene] = {"exit": _exit, "wall": _wall, "wires": _wires, "railing": _railing}
