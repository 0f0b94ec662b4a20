"""`bihuan load-categories`: load the subject tree of the release."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.grievances.actions import category
from bihuan.orgs.access import Console


class Command(BaseCommand):
    """Adds what is missing and changes nothing; a second run adds nothing."""

    help = "Load the categories that come with the release."

    def handle(self, **options: Any) -> None:
        added = category.load(actor=Console.CONSOLE, now=timezone.now())
        self.stdout.write(_("Categories added: %d") % added)
