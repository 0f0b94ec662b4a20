"""What operators of sites, and officers about them, fill in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.files.fields import PHOTOS_AND_DOCUMENTS, FilesField
from bihuan.orgs.forms import CODE
from bihuan.sites.forms import PaperForm
from bihuan.web.fields import line
from bihuan.web.forms import OnceForm


class SubmitForm(PaperForm):
    """A paper as the operator states it, with its file; at first what is the same as before."""

    uploads = FilesField(
        label=_("Photo or document of the paper"),
        required=False,
        accept=PHOTOS_AND_DOCUMENTS,
        help_text=_("Of certificates of staff, attach none: only their number is kept."),
    )
    field_order = (
        "kind", "title", "number", "issuer", "issued_date", "expires_date", "uploads",
    )  # fmt: skip


class RefuseForm(forms.Form):
    reason = line(_("Reason"), help_text=_("The operator reads this."))


class InviteForm(OnceForm):
    """A user of the operator."""

    name = line(_("Name of the user"), length=60)
    username = line(
        _("User name"),
        length=60,
        validators=[CODE],
        help_text=_("Used to sign in; it cannot be changed later."),
    )
