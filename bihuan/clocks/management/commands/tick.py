"""`bihuan tick`: process everything that time alone causes.

Only the system clock decides what has become overdue. Another instant is a preview, and takes
effect in test installations only.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from bihuan.clocks.actions import ticking
from bihuan.core.refusal import Refusal
from bihuan.web import timekeeping
from bihuan.web.wording import explain


class Command(BaseCommand):
    help = "Process clocks: warnings, overdue cases, escalation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", metavar="ISO", help="show what would happen, change nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        acts = options["now"] is None or _may_move_the_clock()
        now = _instant(options["now"])
        try:
            if acts:
                timekeeping.require(now=now)
        except Refusal as refusal:
            raise CommandError(explain(refusal)) from refusal
        done = (ticking.tick if acts else ticking.foresee)(now=now)
        counts = done.counts()
        if options["json"]:
            self.stdout.write(json.dumps(counts if acts else {**counts, "dry_run": True}))
        else:
            text = _(
                "%(clocks)d clocks, %(warnings)d warnings, %(overdue)d overdue, "
                "%(escalations)d escalations, %(failed)d failed"
            )
            trial = "" if acts else _("Nothing was done; expected at that time: ")
            self.stdout.write(trial + text % counts)
        if done.failed:
            raise SystemExit(1)


def _may_move_the_clock() -> bool:
    """Whether this is a test installation, so that no officer is notified of an invented
    instant.
    """
    if settings.TEST_CLOCK and settings.IS_PRODUCTION:
        text = _(
            "BIHUAN_TEST_CLOCK=1: not allowed where BIHUAN_SECRET_KEY is set, as in production"
        )
        raise CommandError(text)
    return settings.TEST_CLOCK


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
    message = _("--now %(text)s: not a time such as 2026-11-22T15:00:00+08:00")
    raise CommandError(message % {"text": text})
