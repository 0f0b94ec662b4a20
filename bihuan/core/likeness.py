"""Fingerprints of pictures: 64 bits that survive recompression, scaling and slight changes of
brightness.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import combinations

COLUMNS, ROWS = 9, 8
BANDS, BAND_BITS = 4, 16
# Copies of one picture differ in up to 6 bits, different pictures in 20 and more.
NEAR = 7
# Below this spread of grey a picture is a blank wall or a dark night, and similarity means nothing.
FLAT = 8

_BITS = BANDS * BAND_BITS
_ALL = (1 << _BITS) - 1
_BAND = (1 << BAND_BITS) - 1


def fingerprint(grey: bytes) -> int | None:
    """Compare each sample (9 across, 8 down) with the next, one bit each; None if too flat.

    The number is signed, as databases store 64 bits.
    """
    if max(grey) - min(grey) < FLAT:
        return None
    steps = [
        grey[row * COLUMNS + column] < grey[row * COLUMNS + column + 1]
        for row in range(ROWS)
        for column in range(COLUMNS - 1)
    ]
    # Distributed over the bands, so that an even sky does not fill one band of every picture.
    dealt = [step for band in range(BANDS) for step in steps[band::BANDS]]
    bits = sum(1 << place for place, step in enumerate(dealt) if step)
    return bits - (1 << _BITS) if bits >> (_BITS - 1) else bits


def distance(a: int, b: int) -> int:
    """Return in how many of the 64 bits two fingerprints differ."""
    return ((a ^ b) & _ALL).bit_count()


def shows_any(fingerprint: int, earlier: Collection[int]) -> bool:
    """Whether the picture, as it is, mirrored or upside down, is near one of the earlier ones.

    Quarter turns compare other samples and are not found.
    """
    views = (fingerprint, *_turned_over(fingerprint))
    return any(distance(view, each) <= NEAR for view in views for each in earlier)


def _turned_over(fingerprint: int) -> Iterator[int]:
    """Return the fingerprints of the picture mirrored, upside down, and half turned.

    Mirrored, each step leads the other way, so what was darker than the next is now lighter.
    """
    for down, across in ((False, True), (True, False), (True, True)):
        turned = 0
        for place in range(_BITS):
            row, column = divmod(_step(place), COLUMNS - 1)
            row = ROWS - 1 - row if down else row
            column = COLUMNS - 2 - column if across else column
            bit = fingerprint >> _place(row * (COLUMNS - 1) + column) & 1
            turned |= (bit ^ across) << place
        yield turned


def _step(place: int) -> int:
    """Return the number of the step whose bit is at this place; `_place` is the reverse."""
    return place % BAND_BITS * BANDS + place // BAND_BITS


def _place(step: int) -> int:
    return step % BANDS * BAND_BITS + step // BANDS


def bands(fingerprint: int) -> tuple[int, ...]:
    """Split the fingerprint into numbers that an index can find, lowest bits first."""
    return tuple(fingerprint >> (band * BAND_BITS) & _BAND for band in range(BANDS))


def bands_within(fingerprint: int, distance: int) -> list[list[int]]:
    """For each band, return its values in any fingerprint within this distance.

    Differing bits are spread over four bands, so at least one band has a quarter of them or fewer:
    every similar picture has at least one band in these lists.
    """
    flips = [
        sum(1 << bit for bit in chosen)
        for count in range(distance // BANDS + 1)
        for chosen in combinations(range(BAND_BITS), count)
    ]
    return [[band ^ flip for flip in flips] for band in bands(fingerprint)]
