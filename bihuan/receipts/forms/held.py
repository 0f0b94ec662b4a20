"""The result of asking the reporter."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.web.fields import prose, yes_or_no


class DecideHeldForm(forms.Form):
    """Whether the reporter wants an act that came by a code seen at a desk."""

    is_wanted = yes_or_no(
        _("Does the person want it?"), _("Yes: it takes effect"), _("No: it has no effect")
    )
    note = prose(
        _("How you confirmed it"),
        help_text=_("With whom you spoke and how; do not enter the name, which stays sealed."),
        max_length=1000,
    )
