"""Where the public can go from any of its pages."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from bihuan.web.context import Entry, address
from bihuan.web.navigation import Place

register = template.Library()

PLACES = (
    Place("report", _("Report"), "edit"),
    Place("track", _("Track"), "search"),
    Place("open", _("Published replies"), "list"),
    Place("near", _("Hazards near you"), "place"),
    Place("where", _("Where to turn"), "units"),
    Place("receptions", _("Meet a leader"), "people"),
    Place("privacy", _("Privacy"), "lock"),
)


@register.simple_tag
def places() -> list[Entry]:
    """The public pages that this installation has."""
    return [
        Entry(place.name, place.label, url, place.icon)
        for place in PLACES
        if (url := address(place.name))
    ]
