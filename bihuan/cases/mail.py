"""What the mail to a sealed address says, and what officers of a closed unit are told."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.cases.actions.delivering import News
from bihuan.notices.models import Notice


def news() -> News:
    """The mail to a sealed address, in the deployment's own language."""
    with translation.override(settings.LANGUAGE_CODE):
        where = f"{settings.PUBLIC_URL}/track/" if settings.PUBLIC_URL else _("the public portal")
        text = _(
            "There is news on your report. Check it with your tracking code at %(where)s\n\nThis "
            "mail was sent automatically. The office does not see your address. Please do not "
            "reply."
        )
        return News(_("There is news on your report"), text % {"where": where})


def taken_over(message: Notice) -> str:
    """What a notice says about the work of a unit that was closed."""
    count = int(message.detail["count"])
    return ngettext(
        "%(closed)s was closed: %(n)d open case is now your unit's.",
        "%(closed)s was closed: %(n)d open cases are now your unit's.",
        count,
    ) % {"n": count, "closed": message.detail["closed"]}
