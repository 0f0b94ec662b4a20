"""Upload the workbook of the organisation."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """The workbook."""

    file = forms.FileField(
        label=_("Workbook"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods"}),
        help_text=_("The exported workbook with your changes, as .xlsx, .xls or .ods."),
    )
