"""Reading boundaries from a GeoJSON file: every fault with the feature that has it."""

from __future__ import annotations

import json
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bihuan.core.legible import clean
from bihuan.core.places import Point
from bihuan.core.refusal import Refusal
from bihuan.core.shapes import Area, BadShape, Bounds, ShapeFault, read_area, said

MOST_BYTES = 32 * 1024 * 1024
MOST_FEATURES = 5_000
# The ground of Chinese districts: only used to recognise a wrong order.
CHINA = Bounds(73, 17, 136, 54)
# Longitude and latitude as a GeoJSON file states them, and CGCS 2000, which is the same to within
# a few centimetres.
SYSTEMS = ("CRS84", "4326", "4490")
CODES = ("code", "unit", "adcode", "单位编码", "编码", "代码")
NAMES = ("name", "NAME", "单位名称", "名称", "乡镇", "村名")
NAME_LENGTH = 80


class FileFault(StrEnum):
    """What is wrong with a file of boundaries, apart from a shape."""

    LARGE = "large"
    TEXT = "text"
    JSON = "json"
    COLLECTION = "collection"
    SYSTEM = "system"
    EMPTY = "empty"
    MANY = "many"
    FEATURE = "feature"
    NAMELESS = "nameless"
    TWICE = "twice"
    UNKNOWN = "unknown"
    SEVERAL = "several"


class BadFile(Refusal):
    """A fault of the file, or of one feature."""

    def __init__(self, fault: FileFault, at: str = "") -> None:
        super().__init__(fault, at)
        self.fault, self.at = fault, at


@dataclass(frozen=True)
class Placed:
    """A refusal, and the feature that it is about; `feature` 0 is the whole file."""

    reason: Refusal
    feature: int = 0
    name: str = ""


class BadBoundaries(Exception):
    """Nothing is loaded from this file: all that was found."""

    def __init__(self, faults: list[Placed]) -> None:
        super().__init__(faults)
        self.faults = faults


@dataclass(frozen=True)
class Outline:
    """The area of one feature, and by what it names its unit."""

    feature: int
    code: str
    name: str
    area: Area


def read(path: Path) -> list[Outline]:
    """Read every feature of this file; raise `BadBoundaries` with every fault found."""
    try:
        features = _features(_loaded(path))
    except BadFile as bad:
        raise BadBoundaries([Placed(bad)]) from bad
    found: list[Outline] = []
    faults: list[Placed] = []
    for number, feature in enumerate(features, start=1):
        code, name = _named(feature)
        try:
            found.append(Outline(number, code, name, _area(feature, code or name)))
        except (BadFile, BadShape) as bad:
            faults.append(Placed(bad, number, name or code))
    if faults:
        raise BadBoundaries(faults)
    return found


def _loaded(path: Path) -> object:
    if path.stat().st_size > MOST_BYTES:
        raise BadFile(FileFault.LARGE, str(MOST_BYTES // 1024 // 1024))
    text = _decoded(path.read_bytes())
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFile(FileFault.JSON, str(error)[:80]) from error
    return found


def _decoded(content: bytes) -> str:
    """Decode UTF-8 with or without a BOM, or what Chinese editors and map programs write."""
    is_wide = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile(FileFault.TEXT)


def _features(loaded: object) -> list[object]:
    if not isinstance(loaded, dict):
        raise BadFile(FileFault.COLLECTION, type(loaded).__name__)
    _require_degrees(loaded.get("crs"))
    if loaded.get("type") == "Feature":
        return [loaded]
    features = loaded.get("features")
    if loaded.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise BadFile(FileFault.COLLECTION, str(loaded.get("type"))[:40])
    if not features:
        raise BadFile(FileFault.EMPTY)
    if len(features) > MOST_FEATURES:
        raise BadFile(FileFault.MANY, str(MOST_FEATURES))
    return features


def _require_degrees(system: object) -> None:
    """Older files name their system of coordinates; a projected one would be off by far."""
    if system is None:
        return
    properties = system.get("properties") if isinstance(system, dict) else None
    name = str(properties.get("name")) if isinstance(properties, dict) else "?"
    if not name.endswith(SYSTEMS):
        raise BadFile(FileFault.SYSTEM, name[:60])


def _named(feature: object) -> tuple[str, str]:
    """Return the code and the name that the feature gives its unit."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return "", ""
    return _first(properties, CODES), _first(properties, NAMES)


def _first(properties: Mapping[object, object], names: tuple[str, ...]) -> str:
    return next(_texts(properties, names), "")


def _texts(properties: Mapping[object, object], names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        value = properties.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool):
            # A whole number with thousands of digits cannot be written out, and is no code.
            text = value if isinstance(value, str) else str(value % 10**15)
            if text := clean(text.replace("\x00", ""))[:NAME_LENGTH]:
                yield text


def _area(feature: object, named: str) -> Area:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise BadFile(FileFault.FEATURE)
    if not named:
        raise BadFile(FileFault.NAMELESS, ", ".join((CODES[0], NAMES[0])))
    area = read_area(feature.get("geometry"))
    _suspect_order(area)
    return area


def _suspect_order(area: Area) -> None:
    """Refuse an outline outside China that would be within if its numbers were exchanged."""
    middle = area.bounds.middle
    if abs(middle.longitude) <= 90:
        exchanged = Point(middle.longitude, middle.latitude)
        if CHINA.contains(exchanged) and not CHINA.contains(middle):
            raise BadShape(ShapeFault.SWAPPED, said((middle.longitude, middle.latitude)))
