"""The part of the form that comes from a poster: the site at which it was opened."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from bihuan.portal.queries import posters
from bihuan.sites.models import Site


class FromPoster(forms.Form):
    """A form that may be opened by the poster of a site."""

    # Whether the report is linked to the site.
    takes_site: ClassVar[bool] = True

    # The code of the site.
    site = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def clean_site(self) -> str:
        """Drop a code that means no open site: the report then has its place in words."""
        found = posters.open_site(self.cleaned_data["site"]) if self.cleaned_data["site"] else None
        return found.code if found else ""

    @property
    def posted_site(self) -> Site | None:
        """Return the site, unless the person said that it is somewhere else."""
        code = self["site"].value() if "site" in self.fields else ""
        return posters.open_site(str(code)) if code else None
