"""The form for the other names of a town or village."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.portal.models import PlaceName
from bihuan.portal.queries.places import LEAST
from bihuan.web.fields import prose

LONGEST = PlaceName._meta.get_field("name").max_length or 0
MOST = 500


class PlaceNamesForm(forms.Form):
    """Names, one on each line."""

    names = prose(
        _("Other names, and places in it"),
        rows=12,
        required=False,
        max_length=LONGEST * MOST,
        help_text=_("One on each line: estates, streets, markets, former names, short names."),
    )

    def clean_names(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]
        long = next((line for line in lines if len(line) > LONGEST), "")
        if long:
            raise forms.ValidationError(
                _("“%(name)s…” is longer than %(n)d characters.")
                % {"name": long[:20], "n": LONGEST}
            )
        short = next((line for line in lines if len(line) < LEAST), "")
        if short:
            raise forms.ValidationError(
                _("“%(name)s” would be found in too many addresses; write the whole name.")
                % {"name": short}
            )
        if len(lines) > MOST:
            raise forms.ValidationError(_("At most %(n)d names.") % {"n": MOST})
        return lines
