"""`bihuan load-calendar FILE`: a year of holidays and make-up workdays, as published."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.calendars.actions import load_year
from bihuan.calendars.wording import explain
from bihuan.core.holidays import PublishedYear, parse
from bihuan.core.refusal import Refusal

LARGEST = 1_000_000  # a year takes five thousand bytes


class Command(BaseCommand):
    help = "Load a year of holidays and make-up workdays (the JSON of holiday-cn)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--calendar", default="CN", help="the jurisdiction (default CN)")

    def handle(self, *args: Any, file: Path, calendar: str, **options: Any) -> None:
        published = _read(file)
        row = load_year(
            jurisdiction=calendar.upper(), published=published, actor=None, now=timezone.now()
        )
        if row is None:
            said = _("%(year)d is in force already with these very days.")
            self.stdout.write(said % {"year": published.year})
            return
        said = _("%(year)d is in force: version %(version)d, %(days)d days named.")
        self.stdout.write(
            said % {"year": row.year, "version": row.version, "days": len(published.days)}
        )


def _read(file: Path) -> PublishedYear:
    try:
        if file.stat().st_size > LARGEST:
            raise CommandError(_("%(file)s is too large for a year of holidays.") % {"file": file})
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        reason = {"file": file, "reason": error.strerror}
        raise CommandError(_("%(file)s cannot be read: %(reason)s.") % reason) from error
    except (ValueError, RecursionError) as error:
        raise CommandError(_("%(file)s is not a JSON file.") % {"file": file}) from error
    try:
        return parse(content)
    except Refusal as refusal:
        raise CommandError(f"{file}: {explain(refusal)}") from refusal
