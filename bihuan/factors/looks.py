"""Checks of second factors for `bihuan check`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.factors import locking, provider, queries
from bihuan.factors.models import CodeApp
from bihuan.web.checks import Level

AT_ONCE = 1000


def look(now: datetime) -> Iterator[tuple[Level, str]]:
    """Report secrets that no key decrypts, and officers who still have to set up a factor."""
    lost = sum(not _opens(app) for app in CodeApp.objects.order_by("pk").iterator(AT_ONCE))
    if lost:
        text = ngettext(
            "the code app of %d officer cannot be read: BIHUAN_SECRET_KEY changed, and the "
            "earlier one is not in BIHUAN_OLD_SECRET_KEYS",
            "the code apps of %d officers cannot be read: BIHUAN_SECRET_KEY changed, and the "
            "earlier one is not in BIHUAN_OLD_SECRET_KEYS",
            lost,
        )
        yield Level.BAD, text % lost
    bare = queries.without_factor(localdate(now)).count()
    if bare:
        text = ngettext(
            "%d officer who needs a second factor has none, and sets it up at the next sign-in",
            "%d officers who need a second factor have none, and set it up at the next sign-in",
            bare,
        )
        yield Level.WARN, text % bare


def look_at_provider(now: datetime) -> Iterator[tuple[Level, str]]:
    """Whether the identity provider answers; no sign-in takes place."""
    if not provider.is_configured():
        return
    try:
        provider.look()
    except provider.ProviderAway:
        text = _("%s does not respond as an OpenID Connect provider, or has another issuer")
        yield Level.BAD, text % settings.OIDC_ISSUER


def _opens(app: CodeApp) -> bool:
    try:
        locking.unlock(app.secret)
    except locking.Unreadable:
        return False
    return True
