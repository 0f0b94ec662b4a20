"""`bihuan reset-password USERNAME`: set a temporary password, printed once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.orgs.access import Console
from bihuan.orgs.actions import members
from bihuan.orgs.management.accounts import AccountCommand


class Command(AccountCommand):
    """Journaled; notifies the officer, the leaders and all administrators. The account cannot
    unseal for 72 hours unless an administrator confirms the reset.
    """

    help = "Give an officer a temporary password, and print it once."

    def handle(self, *, username: str, **options: Any) -> None:
        officer = self.officer(username)
        if not officer.is_active:
            raise CommandError(_("the account of %s is closed") % officer.username)
        details = {"name": officer.name, "username": officer.username}
        question = _(
            "Reset the password of %(name)s (%(username)s) and end all sessions? This is "
            "journaled, and the officer, the leaders and the administrators are notified."
        )
        self.require_yes(question % details, options)
        password = members.reset_password(member=officer, actor=Console.CONSOLE, now=timezone.now())
        hours = settings.TEMPORARY_PASSWORD_HOURS
        text = _("Temporary password, shown only once and valid for %d hours:") % hours
        self.stdout.write(f"{text}\n  {officer.username}  {password}")
