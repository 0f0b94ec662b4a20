"""What is filled in to sign a quarterly report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.web.fields import line, prose


class SignForm(forms.Form):
    """A remark, and why an earlier edition is corrected. The figures come from the cases."""

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=999)
    reason = line(_("Why the earlier edition is corrected"), length=300, required=False)
    remark = prose(_("Remark"), required=False)

    def __init__(self, *args: Any, next_edition: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["edition"] = next_edition
        if next_edition == 1:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True
