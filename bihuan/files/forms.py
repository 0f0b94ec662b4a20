"""The form that attaches files to any subject."""

from django.utils.translation import gettext_lazy as _

from bihuan.files.fields import PHOTOS_AND_DOCUMENTS, FilesField
from bihuan.web.fields import line
from bihuan.web.forms import OnceForm


class AttachForm(OnceForm):
    uploads = FilesField(
        label=_("Photos or documents"),
        accept=PHOTOS_AND_DOCUMENTS,
        help_text=_("Do not attach files that name people; file names must not name them either."),
    )
    caption = line(_("Caption"), required=False, help_text=_("Do not name people."))
