"""The background worker's jobs: registration, schedule, and the result of each run."""

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.db import close_old_connections
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan.web import timekeeping
from bihuan.web.models import Run

logger = logging.getLogger(__name__)

Work = Callable[[datetime], Mapping[str, int]]
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
KEPT = timedelta(days=90)
MISSED_AFTER = 3  # turns without a successful run before an operator should check
# How long a job may wait for another one of its lane.
PATIENCE = timedelta(minutes=3)
# A run that has not ended after this time was probably interrupted with its process.
LONGEST_RUN = timedelta(hours=2)


class Lane(StrEnum):
    """Jobs of one lane run one after another; jobs of other lanes do not wait for them."""

    URGENT = "urgent"  # deadlines that are counted in minutes
    ORDINARY = "ordinary"
    LONG = "long"  # imports, exports and others that may take hours


ALL_LANES = tuple(Lane)


@dataclass(frozen=True)
class Job:
    """A recurring job that is safe to repeat. Returns counts of what it did."""

    name: str
    function: Work
    every: timedelta
    lane: Lane = Lane.ORDINARY
    # What may run while the clock is implausible: it does nothing irreversible that depends on the
    # time.
    at_any_time: bool = False

    def turn(self, now: datetime) -> datetime:
        """Return the start of the turn that contains `now`."""
        return now - (now - EPOCH) % self.every


_jobs: dict[str, Job] = {}


def register(
    name: str,
    function: Work,
    every: timedelta,
    *,
    lane: Lane = Lane.ORDINARY,
    at_any_time: bool = False,
) -> None:
    """Have the worker call `function(now)` once per `every`. For `AppConfig.ready`.

    While the clock is implausible, only jobs that may run at any time are run.
    """
    _jobs[name] = Job(name, function, every, lane, at_any_time)


def jobs(lanes: Collection[Lane] = ALL_LANES) -> tuple[Job, ...]:
    return tuple(job for job in _jobs.values() if job.lane in lanes)


def run_due(*, now: datetime, lanes: Collection[Lane] = ALL_LANES) -> list[Run]:
    """Run every job whose turn has not been taken yet; a failure does not affect the others."""
    return [run for job in _believed(now, lanes) if (run := _run(job, now)) is not None]


def run_all(*, now: datetime, lanes: Collection[Lane] = ALL_LANES) -> list[Run]:
    """Run every job now, even if its turn was taken."""
    due = _believed(now, lanes)
    return [run for job in due if (run := _run(job, now, turn=now)) is not None]


def _believed(now: datetime, lanes: Collection[Lane]) -> Iterator[Job]:
    """Return the jobs without those that must wait for a plausible clock."""
    held = timekeeping.held(now=now)
    if held is None:
        timekeeping.note(now=now)
    return (job for job in jobs(lanes) if held is None or job.at_any_time)


def _run(job: Job, now: datetime, turn: datetime | None = None) -> Run | None:
    run, claimed = Run.objects.get_or_create(
        name=job.name, turn_at=turn or job.turn(now), defaults={"started_at": now}
    )
    if not claimed:
        return None
    began = time.monotonic()
    try:
        counts = job.function(now)
    except Exception:
        logger.exception("the job %s failed", job.name)
        run.outcome = Run.Outcome.FAILED
        close_old_connections()
    else:
        run.outcome = Run.Outcome.DONE
        run.counts = {what: number for what, number in counts.items() if number}
    run.ended_at = now + timedelta(seconds=time.monotonic() - began)
    run.save(update_fields=["outcome", "counts", "ended_at"])
    _thin_out(run)
    return run


def _thin_out(run: Run) -> None:
    """Only the last idle run of a job is kept, or a job that runs every second would fill the
    table.
    """
    earlier = Run.objects.filter(name=run.name, turn_at__lt=run.turn_at)
    if run.outcome == Run.Outcome.DONE:
        earlier.filter(outcome=Run.Outcome.DONE, counts={}).delete()
    earlier.filter(turn_at__lt=run.turn_at - KEPT).delete()


def missed(*, now: datetime) -> Iterator[str]:
    """Return each job without a successful run for several turns, unless the clock suspends it.

    If a lane or the whole worker has stopped, this is reported once, instead of for each job.
    """
    held = timekeeping.held(now=now)
    expected = [job for job in jobs() if held is None or job.at_any_time]
    late = [job for job in expected if _is_late(job, now)]
    lanes = [lane for lane in Lane if any(job.lane is lane for job in late)]
    busy, last = _is_busy(now), _last_start(ALL_LANES)
    if lanes and last is None:
        yield _("nothing has run yet")
    elif lanes and last is not None and last < now - PATIENCE and not busy:
        yield _("nothing has run since %(since)s") % {"since": _written(last)}
    else:
        for lane in lanes:
            if not (busy and lane is Lane.LONG):
                yield from _said_of_lane(lane, [job for job in late if job.lane is lane], now)


def _is_busy(now: datetime) -> bool:
    """Whether a long job is running, for which the others of its lane must wait."""
    running = Run.objects.filter(outcome=Run.Outcome.RUNNING, started_at__gte=now - LONGEST_RUN)
    return running.filter(name__in=_names([Lane.LONG])).exists()


def _last_start(lanes: Collection[Lane]) -> datetime | None:
    runs = Run.objects.filter(name__in=_names(lanes)).order_by("-started_at")
    return runs.values_list("started_at", flat=True).first()


def _names(lanes: Collection[Lane]) -> list[str]:
    return [job.name for job in jobs(lanes)]


def _said_of_lane(lane: Lane, late: list[Job], now: datetime) -> Iterator[str]:
    last = _last_start([lane])
    if last is not None and last >= now - PATIENCE:
        yield from map(_said_of, late)
    elif last is None:
        yield _("the lane “%(lane)s” has run nothing yet") % {"lane": lane}
    else:
        details = {"lane": lane, "since": _written(last)}
        yield _("the lane “%(lane)s” has run nothing since %(since)s") % details


def _is_late(job: Job, now: datetime) -> bool:
    since = job.turn(now) - max(job.every * MISSED_AFTER, PATIENCE)
    return not _good_runs(job).filter(turn_at__gte=since).exists()


def _said_of(job: Job) -> str:
    last = _good_runs(job).aggregate(last=Max("started_at"))["last"]
    if last is None:
        return _("%(job)s has never run successfully") % {"job": job.name}
    return _("%(job)s has not run since %(since)s") % {"job": job.name, "since": _written(last)}


def _good_runs(job: Job) -> QuerySet[Run]:
    return Run.objects.filter(name=job.name, outcome=Run.Outcome.DONE)


def _written(instant: datetime) -> str:
    return timezone.localtime(instant).isoformat(timespec="seconds")
