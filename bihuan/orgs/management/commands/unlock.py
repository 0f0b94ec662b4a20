"""`bihuan unlock USERNAME`: let a locked-out officer try again at once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.orgs.actions import members
from bihuan.orgs.management.accounts import AccountCommand


class Command(AccountCommand):
    """Journaled; notifies the officer and all administrators."""

    help = "Let an officer try to sign in again at once."

    def handle(self, *, username: str, **options: Any) -> None:
        officer = self.officer(username)
        if not officer.is_active:
            raise CommandError(_("the account of %s is closed") % officer.username)
        details = {"name": officer.name, "username": officer.username}
        self.require_yes(_("Unlock the account of %(name)s (%(username)s)?") % details, options)
        members.unlock(member=officer, now=timezone.now())
        self.stdout.write(_("%(name)s (%(username)s) can sign in again.") % details)
