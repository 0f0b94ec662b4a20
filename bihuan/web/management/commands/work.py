"""`bihuan work`: the background worker."""

from __future__ import annotations

import logging
import signal
from collections.abc import Collection
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from threading import Event
from types import FrameType
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils import timezone

from bihuan.web import outages, timekeeping, work
from bihuan.web.models import Run
from bihuan.web.readiness import require_start
from bihuan.web.wording import explain
from bihuan.web.work import Lane

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0
AFTER_AN_OUTAGE_SECONDS = 10.0


class Command(BaseCommand):
    help = "Run background jobs: clocks, imports, indexes, seals."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="run every job once and exit")
        parser.add_argument(
            "--lane",
            action="append",
            choices=[lane.value for lane in Lane],
            help="only the jobs of this lane (more than once: of each); all unless one is named",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        lanes = [Lane(name) for name in options["lane"] or Lane]
        try:
            require_start(now=timezone.now())
        except ImproperlyConfigured as missing:
            raise CommandError(str(missing)) from missing
        if options["once"]:
            self._once(lanes)
        else:
            _until_told(lanes)

    def _once(self, lanes: Collection[Lane]) -> None:
        now = timezone.now()
        held = timekeeping.held(now=now)
        runs = work.run_all(now=now, lanes=lanes)
        for run in runs:
            counts = ", ".join(f"{number} {what}" for what, number in run.counts.items())
            self.stdout.write(f"{run.name}: {run.outcome}{f', {counts}' if counts else ''}")
        if held is not None:
            self.stderr.write(explain(held))
        if held is not None or any(run.outcome == Run.Outcome.FAILED for run in runs):
            raise SystemExit(1)


def _until_told(lanes: Collection[Lane]) -> None:
    """Let the current job finish before the worker exits."""
    stopping = Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with ThreadPoolExecutor(len(lanes)) as threads:
        running = [threads.submit(_run_lane, lane, stopping) for lane in lanes]
        # A lane that fails ends the others, so that the worker is restarted.
        wait(running, return_when=FIRST_COMPLETED)
        stopping.set()
    for lane in running:
        lane.result()


def _run_lane(lane: Lane, stop: Event) -> None:
    """Run due jobs in one lane, checking every second, on a separate connection."""
    pause = LOOK_EVERY_SECONDS
    try:
        while not stop.wait(pause):
            try:
                work.run_due(now=timezone.now(), lanes=[lane])
                outages.over_if_answered()
                pause = LOOK_EVERY_SECONDS
            except (DatabaseError, InterfaceError):
                logger.exception("no job could be begun")
                pause = AFTER_AN_OUTAGE_SECONDS
                close_old_connections()
    finally:
        connections.close_all()
