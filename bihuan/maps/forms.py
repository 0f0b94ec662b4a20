"""A point or an area on the ground: typed, or chosen on a map."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.core.places import Point
from bihuan.core.shapes import (
    DIGITS,
    Area,
    BadShape,
    Position,
    Ring,
    area_of,
    ring_of,
)
from bihuan.maps import queries, wording
from bihuan.orgs.models import Unit
from bihuan.orgs.naming import name_of

# What is between two numbers: a comma, also a Chinese one, a semicolon, or spaces.
_BETWEEN = re.compile(r"\s*[,;、]\s*|\s+")
_NUMBER = re.compile(r"[+-]?\d{1,3}(\.\d{1,15})?\Z")
MOST_CORNERS = 500


class PointWidget(forms.MultiWidget):
    """Two boxes for the coordinates, and with scripts a map on which they are chosen.

    `unit` is the name of the form's field with the unit whose outline the map shows.
    """

    template_name = "maps/point.html"
    use_fieldset = True

    def __init__(self, unit: str = "", attrs: dict[str, Any] | None = None) -> None:
        box = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 60}
        super().__init__(
            {name: forms.TextInput(attrs=box) for name in ("latitude", "longitude")}, attrs
        )
        self.unit = unit
        self.unit_pk: int | None = None

    def decompress(self, value: Point | None) -> list[str]:
        return [] if value is None else typed_point(value)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        labels = (_("Latitude"), _("Longitude"))
        for box, label in zip(context["widget"]["subwidgets"], labels, strict=True):
            box["label"] = label
        return {**context, "unit": self.unit, "unit_pk": self.unit_pk}


class PointField(forms.Field):
    """A point by latitude and longitude in degrees of WGS 84, or by a pair in the first box."""

    widget = PointWidget

    def __init__(self, *, unit: str = "", **options: Any) -> None:
        options.setdefault("label", gettext_lazy("Position"))
        options.setdefault("widget", PointWidget(unit))
        super().__init__(**options)

    def clean(self, value: object) -> Point | None:
        boxes = [str(each or "") for each in value] if isinstance(value, list | tuple) else []
        typed = [each for each in _BETWEEN.split(" ".join(map(_plain, boxes)).strip()) if each]
        if not typed:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return None
        return _point(typed)

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = typed_point(initial) if isinstance(initial, Point) else []
        return [*filter(None, data or [])] != before


def typed_point(point: Point) -> list[str]:
    return [degrees(point.latitude), degrees(point.longitude)]


def _plain(text: str) -> str:
    """Return the text with ordinary digits, points and commas."""
    return unicodedata.normalize("NFKC", text)


def _point(typed: Sequence[str]) -> Point:
    if len(typed) != 2:
        raise forms.ValidationError(_("Give the latitude and the longitude, or neither."))
    latitude, longitude = map(_number, typed)
    if abs(latitude) > 90 >= abs(longitude):
        text = _("Latitude and longitude seem to be exchanged: the latitude is at most 90.")
        raise forms.ValidationError(text)
    try:
        point = Point(latitude, longitude)
    except ValueError:
        text = _("These are not degrees: a latitude is at most 90, a longitude at most 180.")
        raise forms.ValidationError(text) from None
    if point.is_nowhere:
        text = _("0, 0 is in the sea off Africa: devices send it that do not know their position.")
        raise forms.ValidationError(text)
    return point


def _number(typed: str) -> float:
    if not _NUMBER.match(typed):
        text = _("“%(typed)s” is not a number of degrees. Type it as 24.8801.") % {
            "typed": typed[:20]
        }
        raise forms.ValidationError(text)
    return round(float(typed), DIGITS)


def degrees(number: float) -> str:
    """Return the number as it is typed, without zeros at its end."""
    return f"{number:.{DIGITS}f}".rstrip("0").rstrip(".")


# ------------------------------------------------------------------------ areas
class AreaWidget(forms.Textarea):
    """A line for each corner, and with scripts a map on which they are set."""

    template_name = "maps/area.html"

    def __init__(self, unit: str = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 4, "autocomplete": "off", "spellcheck": "false", **(attrs or {})})
        self.unit = unit
        self.unit_pk: int | None = None

    def format_value(self, value: Any) -> str | None:
        return corners(value) if isinstance(value, Area) else value

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        return {**context, "unit": self.unit, "unit_pk": self.unit_pk}


class AreaField(forms.CharField):
    """An area: a corner in each line; after an empty line, the corners of a part left out."""

    widget = AreaWidget

    def __init__(self, *, unit: str = "", **options: Any) -> None:
        options.setdefault("label", gettext_lazy("Outline"))
        options.setdefault("widget", AreaWidget(unit))
        options.setdefault("max_length", 60 * MOST_CORNERS)
        super().__init__(**options)

    def clean(self, value: object) -> Area | None:
        text = super().clean(value)
        return area(text) if text.strip() else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = corners(initial) if isinstance(initial, Area) else initial or ""
        return before.split() != str(data or "").split()


def corners(found: Area) -> str:
    """Return the corners as they are typed: of the first polygon, ring by ring."""
    rings = (
        "\n".join(f"{degrees(y)}, {degrees(x)}" for x, y in ring[:-1]) for ring in found.polygons[0]
    )
    return "\n\n".join(rings)


def area(text: str) -> Area:
    try:
        return area_of((tuple(_rings(text)),))
    except BadShape as bad:
        raise forms.ValidationError(wording.explain(bad)) from bad


def _rings(text: str) -> Iterator[Ring]:
    ring: list[Position] = []
    lines = [_plain(line).strip() for line in text.splitlines()]
    if len(lines) > MOST_CORNERS:
        most = _("At most %(most)d corners.") % {"most": MOST_CORNERS}
        raise forms.ValidationError(most)
    for number, line in enumerate([*lines, ""], start=1):
        if line:
            ring.append(_corner(number, line))
        elif ring:
            yield ring_of(ring)
            ring = []


def _corner(number: int, line: str) -> Position:
    try:
        found = _point(_BETWEEN.split(line))
    except forms.ValidationError as error:
        details = {"n": number, "why": error.messages[0]}
        raise forms.ValidationError(_("Line %(n)d: %(why)s") % details) from error
    return found.longitude, found.latitude


def show_ground(form: forms.Form, unit: Unit) -> None:
    """Show the outline of this unit under the fields of a form that has no field for the unit."""
    for field in form.fields.values():
        if isinstance(field.widget, PointWidget | AreaWidget):
            field.widget.unit_pk = unit.pk


# ---------------------------------------------------------------------- outside
class PlacedForm(forms.Form):
    """A form with a unit and a point: asks when the point is outside the outline of the unit."""

    unit_field: ClassVar[str] = "unit"
    point_field: ClassVar[str] = "point"

    is_outside = forms.BooleanField(
        label=gettext_lazy("The place is there, although it is outside the outline"), required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Offered only when it is asked about; a page that is sent again has it.
        self._question = self.fields.pop("is_outside")
        if self.add_prefix("is_outside") in self.data:
            self._offer()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        unit, point = self.placed_in(given), given.get(self.point_field)
        is_sure = given.pop("is_outside", False)
        if unit is not None and isinstance(point, Point) and not is_sure:
            self._ask(unit, point)
        return given

    def placed_in(self, given: Mapping[str, Any]) -> Unit | None:
        """Return the unit whose outline should hold the point."""
        unit = given.get(self.unit_field)
        return unit if isinstance(unit, Unit) else None

    def _ask(self, unit: Unit, point: Point) -> None:
        boundary = queries.lies_outside(unit, point)
        if boundary is None:
            return
        self._offer()
        text = _(
            "The position is outside the outline of %(unit)s. Check it, or tick the box below if "
            "it is right."
        )
        self.add_error(self.point_field, text % {"unit": name_of(boundary.unit)})

    def _offer(self) -> None:
        """Ask below the point, also where the fields of the form are in groups."""
        self.fields["is_outside"] = self._question
        self.order_fields([*_followed(self.fields, self.point_field)])
        groups = getattr(self, "fieldsets", ())
        if any(self.point_field in names for _legend, names, *_when in groups):
            self.fieldsets = tuple(
                (legend, tuple(_followed(names, self.point_field)), *when)
                for legend, names, *when in groups
            )


def _followed(names: Iterable[str], point: str) -> Iterator[str]:
    """Return the names with the question after the point."""
    for name in names:
        if name != "is_outside":
            yield name
        if name == point:
            yield "is_outside"
