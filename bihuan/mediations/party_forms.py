"""Forms for a party of a mediation with its own code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.web.fields import prose


class PartyForm(forms.Form):
    """What a party sends with its code; most moves have no further fields."""

    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ConsentForm(PartyForm):
    agrees_to_open = forms.BooleanField(
        label=_("Meetings may be open to the public, if every party agrees"), required=False
    )


class WordsForm(PartyForm):
    words = prose(_("Why"), max_length=2000)


class ConfirmForm(PartyForm):
    """The digest of the exact text shown above."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    has_read = forms.BooleanField(label=_("I have read the text above in full and agree to it"))

    def arguments(self) -> dict[str, Any]:
        return {"digest": self.cleaned_data["digest"]}


class SureForm(PartyForm):
    is_sure = forms.BooleanField(label=_("Yes, I am sure"))

    def arguments(self) -> dict[str, Any]:
        return {}
