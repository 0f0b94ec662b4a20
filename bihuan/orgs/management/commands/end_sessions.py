"""`bihuan end-sessions USERNAME` or `--all`: end sessions, so that officers must sign in again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.orgs.actions import signing_in
from bihuan.orgs.management.accounts import AccountCommand


class Command(AccountCommand):
    """Journaled for each officer concerned; passwords do not change."""

    help = "Sign an officer out on every device, or everyone, after the loss of a device or key."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME", nargs="?")
        parser.add_argument("--all", action="store_true", help="everyone, on every device")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, **options: Any) -> None:
        username = options["username"]
        if bool(username) is options["all"]:
            raise CommandError(_("name one officer, or --all"))
        member = self.officer(username) if username else None
        details = {"name": member.name, "username": member.username} if member else {}
        question = (
            _("Sign %(name)s (%(username)s) out on every device?")
            if member
            else _("Sign everyone out, on every device?")
        )
        self.require_yes(question % details, options)
        ended = signing_in.end_at_console(member=member, now=timezone.now())
        text = ngettext("%(count)d session ended.", "%(count)d sessions ended.", ended)
        self.stdout.write(text % {"count": ended})
