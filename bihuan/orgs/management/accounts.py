"""Base of the commands that give out access to an account at the server's command line."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from bihuan.orgs.models import User


class AccountCommand(BaseCommand):
    """A command about one officer that says what it will do and asks for confirmation."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def officer(self, username: str) -> User:
        officer = User.objects.filter(username=username.lower()).first()
        if officer is None:
            raise CommandError(_("no officer has the user name %s") % username)
        return officer

    def require_yes(self, question: str, options: dict[str, Any]) -> None:
        """Continue only with --yes or after interactive confirmation."""
        if options["yes"]:
            return
        if not sys.stdin.isatty():
            raise CommandError(_("confirmation is not possible here; add --yes"))
        self.stdout.write(f"{question} [y/N] ", ending="")
        self.stdout.flush()
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            raise CommandError(_("nothing was done"))
