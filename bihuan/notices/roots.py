"""Mail the roots of the journal to a place that no operator of the server can change."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from bihuan.journal import handed_out, wording
from bihuan.journal.models import Anchor
from bihuan.notices import mail

# The roots of the previous day are sent again, so that losing one mail does no harm.
SINCE = timedelta(days=2)


def mail_out(*, now: datetime) -> int:
    """Mail the latest roots to the configured address; return their number."""
    if not settings.ROOTS_TO or not mail.is_set_up():
        return 0
    latest = Anchor.objects.filter(made_at__gt=now - SINCE).order_by("until_at")
    lines = [handed_out.line(anchor) for anchor in latest]
    if lines:
        text = "\n".join([handed_out.HEADING, *lines])
        mail.send(to=settings.ROOTS_TO, heading=wording.heading(), text=text)
    return len(lines)
