"""Texts for boundaries, and for what is refused about them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.core.refusal import Refusal
from bihuan.core.shapes import MOST_POINTS, BadShape, ShapeFault
from bihuan.maps.actions import LOAD, REPLACE
from bihuan.maps.reader import BadFile, FileFault, Placed
from bihuan.orgs import wording as org_words

ACTS: Mapping[str, Promise] = {
    LOAD: gettext_lazy("Boundary loaded"),
    REPLACE: gettext_lazy("Boundary replaced"),
}
_SHAPES: Mapping[ShapeFault, Promise] = {
    ShapeFault.KIND: gettext_lazy("a Polygon or MultiPolygon is needed, not “%(at)s”"),
    ShapeFault.LISTS: gettext_lazy("the coordinates are not lists of rings"),
    ShapeFault.NUMBERS: gettext_lazy("“%(at)s” is not a pair of numbers"),
    ShapeFault.OFF_EARTH: gettext_lazy(
        "%(at)s are not degrees; export the file with WGS 84 (EPSG:4326), not with projected metres"
    ),
    ShapeFault.SWAPPED: gettext_lazy(
        "%(at)s: latitude and longitude seem to be exchanged; GeoJSON has the longitude first"
    ),
    ShapeFault.SHORT: gettext_lazy("a ring has fewer than three corners (%(at)s)"),
    ShapeFault.OPEN: gettext_lazy("the ring that starts at %(at)s is not closed"),
    ShapeFault.FLAT: gettext_lazy("the ring that starts at %(at)s encloses no ground"),
    ShapeFault.CROSSING: gettext_lazy("the outline crosses itself at %(at)s"),
    ShapeFault.TANGLED: gettext_lazy("the outline is too complicated to be checked; simplify it"),
    ShapeFault.LARGE: gettext_lazy(
        "%(at)s corners are too many; simplify the outline to at most %(most)s"
    ),
}
_FILES: Mapping[FileFault, Promise] = {
    FileFault.LARGE: gettext_lazy("the file is larger than %(at)s MB"),
    FileFault.TEXT: gettext_lazy("the file is not a text in UTF-8 or GB 18030"),
    FileFault.JSON: gettext_lazy("the file is not valid JSON: %(at)s"),
    FileFault.COLLECTION: gettext_lazy("a FeatureCollection is needed, not “%(at)s”"),
    FileFault.SYSTEM: gettext_lazy(
        "the coordinates are in “%(at)s”; export the file with WGS 84 (EPSG:4326)"
    ),
    FileFault.EMPTY: gettext_lazy("the file has no features"),
    FileFault.MANY: gettext_lazy("the file has more than %(at)s features"),
    FileFault.FEATURE: gettext_lazy("this is not a feature"),
    FileFault.NAMELESS: gettext_lazy("the properties do not say which unit it is (%(at)s)"),
    FileFault.TWICE: gettext_lazy("the same unit as feature %(at)s"),
    FileFault.UNKNOWN: gettext_lazy("no unit has the code or name “%(at)s”"),
    FileFault.SEVERAL: gettext_lazy(
        "several units have this name; give the code of one of them: %(at)s"
    ),
}


def explain(refusal: Refusal) -> str:
    match refusal:
        case BadShape(fault=fault, at=at):
            return str(_SHAPES[fault]) % {"at": at, "most": MOST_POINTS}
        case BadFile(fault=file_fault, at=at):
            return str(_FILES[file_fault]) % {"at": at}
        case _:
            return org_words.explain(refusal)


def placed(fault: Placed) -> str:
    """Return the fault with the feature that has it."""
    if not fault.feature:
        return explain(fault.reason)
    details = {"n": fault.feature, "name": fault.name, "why": explain(fault.reason)}
    if fault.name:
        return _("feature %(n)d (%(name)s): %(why)s") % details
    return _("feature %(n)d: %(why)s") % details
