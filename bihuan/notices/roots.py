"""The roots of the journal, sent where nobody who runs the server can change them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from bihuan.journal import handed_out, wording
from bihuan.journal.models import Anchor
from bihuan.notices import mail

# Those of the day before are sent again, so that one mail may be lost.
SINCE = timedelta(days=2)


def mail_out(*, now: datetime) -> int:
    """Send the latest roots to the address that is set; how many they were."""
    if not settings.ROOTS_TO or not mail.is_set_up():
        return 0
    latest = Anchor.objects.filter(made_at__gt=now - SINCE).order_by("until_at")
    lines = [handed_out.line(anchor) for anchor in latest]
    if lines:
        text = "\n".join([handed_out.HEADING, *lines])
        mail.send(to=settings.ROOTS_TO, heading=wording.heading(), text=text)
    return len(lines)
