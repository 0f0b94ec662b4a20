"""The reason for unsealing."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.web.fields import prose


class ReasonForm(forms.Form):
    """Why the seal of a case must be unsealed."""

    reason = prose(
        _("Why you must know the reporter's identity"),
        max_length=1000,
        help_text=_(
            "The reporter reads this reason on the tracking page, with your unit and the time. "
            "The timeline shows it with your name."
        ),
    )


class DangerForm(ReasonForm):
    """The same for an officer whose post or password is too new to unseal alone."""

    is_danger = forms.BooleanField(
        label=_("A life is in danger, or a child is being harmed, and it cannot wait"),
        help_text=_(
            "A colleague whose post is not new must approve it now. The auditor is notified, and "
            "the reporter sees it."
        ),
        error_messages={
            "required": _(
                "Before that date it can be unsealed only in case of danger. If it can wait, wait."
            )
        },
    )
