"""`bihuan load-calendar FILE`: load a published year of holidays and make-up workdays."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.calendars import following, queries
from bihuan.calendars.actions import load_year
from bihuan.calendars.wording import difference, doubtful, explain
from bihuan.core.holidays import PublishedYear, parse
from bihuan.core.plausible import differences
from bihuan.core.refusal import Refusal

LARGEST = 1_000_000  # a year takes about five thousand bytes


class Command(BaseCommand):
    help = "Load a year of holidays and make-up workdays (the JSON of holiday-cn)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--calendar", default="CN", help="the jurisdiction (default CN)")
        parser.add_argument(
            "--dry-run", action="store_true", help="show what differs, load nothing"
        )
        parser.add_argument(
            "--confirmed",
            action="store_true",
            help="it was compared with the notice; load it despite doubts",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file, place = options["file"], options["calendar"].upper()
        published = _read(file)
        self._compare(place, published)
        found = [doubtful(each) for each in queries.doubts(place, published)]
        if options["dry_run"]:
            self.stdout.write("\n".join(found or [_("No problems found. Nothing was loaded.")]))
            if found:
                raise SystemExit(1)
            return
        if found and not options["confirmed"]:
            text = _(
                "%(file)s: %(doubts)s. Nothing was loaded. Compare with the notice; if the "
                "notice agrees, add --confirmed."
            )
            raise CommandError(text % {"file": file, "doubts": "; ".join(found)})
        self._load(place, published, timezone.now())

    def _compare(self, place: str, published: PublishedYear) -> None:
        before = queries.year_in_force(place, published.year)
        if before is not None:
            for each in differences(before, published):
                self.stdout.write(difference(each))

    def _load(self, place: str, published: PublishedYear, now: datetime) -> None:
        row = load_year(jurisdiction=place, published=published, actor=None, now=now)
        if row is None:
            text = _("%(year)d is already in force with the same days.")
            self.stdout.write(text % {"year": published.year})
        else:
            text = _("%(year)d is in force: version %(version)d, %(days)d days listed.")
            named = {"year": row.year, "version": row.version, "days": len(published.days)}
            self.stdout.write(text % named)
        # Also if the year was already in force: an earlier run may have been interrupted.
        self._follow(following.follow(now=now))

    def _follow(self, done: Mapping[str, int]) -> None:
        text = _("Deadlines recalculated: %(clocks)d, of which %(moved)d have a new end date.")
        self.stdout.write(text % {"clocks": done.get("clocks", 0), "moved": done.get("moved", 0)})
        if done.get("failed"):
            text = _("%(failed)d could not be calculated; see the error log.")
            self.stdout.write(text % {"failed": done["failed"]})
            raise SystemExit(1)


def _read(file: Path) -> PublishedYear:
    try:
        if file.stat().st_size > LARGEST:
            raise CommandError(
                _("%(file)s is too large to be a year of holidays.") % {"file": file}
            )
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
