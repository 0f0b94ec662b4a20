"""Forms for a party of a mediation with its own code."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.receipts.party_moves import Nothing
from bihuan.web.fields import prose
from bihuan.web.forms import DataForm


@dataclass(frozen=True)
class Consent:
    agrees_to_open: bool = False


@dataclass(frozen=True)
class Objection:
    """Why the party does not want it."""

    words: str


@dataclass(frozen=True)
class Confirmed:
    """The digest of the exact text that was shown."""

    digest: str


class PlainForm(DataForm[Nothing]):
    """A move without further fields."""

    gives = Nothing


class ConsentForm(DataForm[Consent]):
    gives = Consent

    agrees_to_open = forms.BooleanField(
        label=_("Meetings may be open to the public, if every party agrees"), required=False
    )


class WordsForm(DataForm[Objection]):
    gives = Objection

    words = prose(_("Why"), max_length=2000)


class ConfirmForm(DataForm[Confirmed]):
    gives = Confirmed
    left_out = frozenset({"has_read"})

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    has_read = forms.BooleanField(label=_("I have read the text above in full and agree to it"))


class SureForm(DataForm[Nothing]):
    gives = Nothing
    left_out = frozenset({"is_sure"})

    is_sure = forms.BooleanField(label=_("Yes, I am sure"))
