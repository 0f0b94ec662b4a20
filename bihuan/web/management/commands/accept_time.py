"""`bihuan accept-time ISO`: run after the clock jumped, or the worker was down for days."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from bihuan.core.refusal import Refusal
from bihuan.web import timekeeping
from bihuan.web.wording import explain


class Command(BaseCommand):
    help = "Confirm the time, read from another clock, so that paused jobs continue; journaled."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("time", metavar="ISO", help="such as 2026-11-22T15:00")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            last = timekeeping.accept(at=_instant(options["time"]), now=now)
        except Refusal as refusal:
            raise CommandError(explain(refusal)) from refusal
        before = timezone.localtime(last).isoformat(timespec="minutes") if last else "-"
        text = _("The time is accepted; the earlier time was %(before)s. The worker continues.")
        self.stdout.write(text % {"before": before})


def _instant(text: str) -> datetime:
    try:
        given = parse_datetime(text)
        if given is not None:
            return given if timezone.is_aware(given) else timezone.make_aware(given)
    except (ValueError, OverflowError):
        """Said below, as for a text that looks like no instant at all."""
    message = _("%(text)s is not a time such as 2026-11-22T15:00")
    raise CommandError(message % {"text": text})
