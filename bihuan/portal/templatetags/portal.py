"""The navigation of the public pages."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from bihuan.files.media import EXTENSIONS, MediaType
from bihuan.web.context import Entry, address
from bihuan.web.navigation import Place

register = template.Library()

PLACES = (
    Place("portal:report", _("Report"), "edit"),
    Place("portal:track", _("Track"), "search"),
    Place("portal:open", _("Published replies"), "list"),
    Place("portal:near", _("Hazards near you"), "place"),
    Place("portal:where", _("Where to turn"), "units"),
    Place("portal:receptions", _("Meet a leader"), "people"),
    Place("portal:privacy", _("Privacy"), "lock"),
)


@register.filter
def suffix(media_type: str) -> str:
    """Return the ending that tells the type of a document."""
    return EXTENSIONS[MediaType(media_type)].upper()


@register.simple_tag
def places() -> list[Entry]:
    """Return the public pages that this installation has."""
    return [
        Entry(place.name, place.label, url, place.icon)
        for place in PLACES
        if (url := address(place.name))
    ]
