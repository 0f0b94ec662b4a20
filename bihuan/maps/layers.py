"""What is shown on maps: each app registers its layers in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.utils.functional import Promise

from bihuan.core.places import Point
from bihuan.core.powers import Power
from bihuan.core.shapes import Area, Bounds
from bihuan.orgs.models import User

# How many features of one layer a map shows; it says when there are more.
MOST = 500


@dataclass(frozen=True)
class Feature:
    """A thing on the map, and the same thing in the list next to it."""

    # Unique in its layer.
    key: str
    name: str
    shape: Point | Area
    # Where its page is; empty if it has none.
    url: str = ""
    note: str = ""
    # "late", "soon" or "good": a colour, whose meaning the note says in words.
    tone: str = ""

    @property
    def middle(self) -> Point:
        return self.shape if isinstance(self.shape, Point) else self.shape.bounds.middle


# What an officer may see on this piece of ground, or anywhere; the first `MOST` are shown.
LayerSource: TypeAlias = Callable[[User, Bounds | None, datetime], Iterable[Feature]]


@dataclass(frozen=True)
class Layer:
    """Things of one kind. `powers`: offered to officers with one of these, to all if empty."""

    key: str
    name: str | Promise
    features: LayerSource
    order: int = 5
    powers: frozenset[Power] = frozenset()


_layers: dict[str, Layer] = {}


def register(
    key: str,
    name: str | Promise,
    features: LayerSource,
    *,
    order: int = 5,
    powers: frozenset[Power] = frozenset(),
) -> None:
    """Register a layer. `features` shows an officer only what they may see, and stops early."""
    _layers[key] = Layer(key, name, features, order, powers)


def registered() -> list[Layer]:
    return sorted(_layers.values(), key=lambda layer: layer.order)
