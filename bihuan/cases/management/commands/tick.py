"""`bihuan tick`: everything that time alone causes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from bihuan.cases.actions.tick import tick


class Command(BaseCommand):
    help = "Do everything that time alone causes: warnings, overdue cases, escalation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", metavar="ISO", help="an instant to take for now")
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        done = tick(now=_instant(options["now"]))
        counts = done.counts()
        if options["json"]:
            self.stdout.write(json.dumps(counts))
        else:
            self.stdout.write(", ".join(f"{count} {what}" for what, count in counts.items()))
        if done.failed:
            raise SystemExit(1)


def _instant(text: str | None) -> datetime:
    if text is None:
        return timezone.now()
    try:
        given = parse_datetime(text)
        if given is not None:
            given = given if timezone.is_aware(given) else timezone.make_aware(given)
            return given.astimezone(UTC)
    except (ValueError, OverflowError):
        """Said below, as for a text that looks like no instant at all."""
    raise CommandError(f"--now {text}: not an instant such as 2026-11-22T15:00:00+08:00")
