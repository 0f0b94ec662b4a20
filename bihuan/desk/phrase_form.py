"""The form of a phrase for plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.desk import pages
from bihuan.orgs.forms import UnitField
from bihuan.orgs.models import Unit
from bihuan.web.fields import prose


class PhraseForm(forms.Form):
    """The field it is for, the text, and the unit if an office keeps it for everyone."""

    use = forms.ChoiceField(label=_("For"), choices=pages.phrase_uses, widget=forms.RadioSelect)
    text = prose(_("Text"), rows=2, max_length=1000)
    unit = UnitField(
        label=_("For everyone in this unit and below"),
        required=False,
        help_text=_("Leave empty for a phrase of your own."),
    )

    def __init__(self, *args: Any, units: Sequence[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["use"].initial = next(iter(pages.phrase_uses()), ("", ""))[0]
        field = self.fields["unit"]
        assert isinstance(field, UnitField)
        field.offer(units)
        if not units:
            del self.fields["unit"]
