"""`bihuan remove-factor USERNAME --reason WHY`: for when no second administrator can confirm."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.core.refusal import Refusal
from bihuan.factors.actions.removing import remove_from_console
from bihuan.factors.wording import explain
from bihuan.orgs.access import Console
from bihuan.orgs.models import User


class Command(BaseCommand):
    """Removes every second factor of an officer, journals it and notifies the officer."""

    help = "Remove the second factor of an officer who lost it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--reason", required=True, help="kept in the journal")

    def handle(self, *, username: str, reason: str, **options: Any) -> None:
        holder = User.objects.filter(username=username.lower()).first()
        if holder is None:
            raise CommandError(_("no officer has the user name %s") % username)
        try:
            remove_from_console(
                holder=holder, reason=reason, actor=Console.CONSOLE, now=timezone.now()
            )
        except Refusal as refusal:
            raise CommandError(explain(refusal)) from refusal
        text = _(
            "The second factor of %s has been removed; the next sign-in requires only the password."
        )
        self.stdout.write(text % holder.username)
