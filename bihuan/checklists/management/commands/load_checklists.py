"""`bihuan load-checklists`: load the supplied checklists into a unit."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.checklists.actions.supplied import load
from bihuan.checklists.sources import supplied
from bihuan.orgs.models import Unit


class Command(BaseCommand):
    """Adds what is missing; a newer edition becomes a draft. A second run adds nothing."""

    help = "Load the checklists that come with the release."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", help="code of the unit that keeps them; else the topmost")

    def handle(self, *, unit: str | None, **options: Any) -> None:
        done = load(unit=_unit(unit), sets=supplied(), now=timezone.now())
        self.stdout.write(_("Checklists added: %d") % len(done.made))
        for title in done.drafted:
            self.stdout.write(_("A newer edition is a draft now: %s") % title)
        for title in done.waiting:
            self.stdout.write(_("There is a draft already, the newer edition waits: %s") % title)
        for title in done.taken:
            self.stdout.write(_("Another list of the unit has this title: %s") % title)


def _unit(code: str | None) -> Unit:
    found = Unit.objects.open()
    found = found.filter(code=code) if code else found.filter(parent=None)
    unit = found.order_by("pk").first()
    if unit is None:
        raise CommandError(_("There is no such unit."))
    return unit
