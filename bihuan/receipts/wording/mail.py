"""The text of mails to a sealed address."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from bihuan.receipts.actions.delivery import News


def news() -> News:
    """Return the mail to a sealed address, in the installation's language."""
    with translation.override(settings.LANGUAGE_CODE):
        where = f"{settings.PUBLIC_URL}/track/" if settings.PUBLIC_URL else _("the public portal")
        text = _(
            "There is news on your report. Check it with your tracking code at %(where)s\n\nThis "
            "mail was sent automatically. The office does not see your address. Please do not "
            "reply."
        )
        return News(_("There is news on your report"), text % {"where": where})
