"""Update the counters with each action: what a subject counts as now, minus what it counted as
before.

Nothing else adds to a counter. An action only inserts rows, so two actions never wait for each
other's counters; the contributions that it locks are those of its own subjects.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from django.db import models

from bihuan.figures import sources
from bihuan.figures.models import Contribution, Count
from bihuan.figures.sources import Counted, Key, Source


def follow(subjects: Collection[str]) -> None:
    """Update the counters for these subjects, in the transaction of the action."""
    for name, source, own in sources.of_subjects(subjects):
        bring_up_to_date(name, source, source.periods_of(own))


def bring_up_to_date(
    name: str, source: Source, periods: Mapping[str, date], *, skip_locked: bool = False
) -> None:
    """Set the contributions of these subjects, given with their periods, to what the records show
    now.

    Rows locked by another action may be skipped: that action counts them.
    """
    if not periods:
        return
    stored = _locked(name, periods, skip_locked)
    new = [
        Contribution(source=name, subject=subject, period=period)
        for subject, period in sorted(periods.items())
        if subject not in stored
    ]
    if new:
        # Another action may be doing the same; the second one waits, and counts after it.
        Contribution.objects.bulk_create(new, ignore_conflicts=True)
        stored = _locked(name, periods, skip_locked)
    _write([each for each in stored.values() if not each.is_final], periods, source)


def _locked(name: str, subjects: Collection[str], skip_locked: bool) -> dict[str, Contribution]:
    found = Contribution.objects.filter(source=name, subject__in=subjects).order_by("subject")
    return {each.subject: each for each in found.select_for_update(skip_locked=skip_locked)}


def _write(stored: Sequence[Contribution], periods: Mapping[str, date], source: Source) -> None:
    by_period: dict[date, list[Contribution]] = {}
    for each in stored:
        by_period.setdefault(periods[each.subject], []).append(each)
    added: Counter[Key] = Counter()
    changed = []
    for period, rows in sorted(by_period.items()):
        now = source.count(period, [each.subject for each in rows])
        for each in rows:
            counted = now.get(each.subject, Counted())
            if (each.period, each.counted) != (period, counted):
                added.subtract(each.counted.by_key(each.period))
                added.update(counted.by_key(period))
                each.period, each.unit_id = period, counted.unit
                each.numbers = dict(counted.numbers)
                changed.append(each)
    _save(changed)
    add(added)


def _save(changed: Sequence[Contribution]) -> None:
    if len(changed) == 1:
        changed[0].save(update_fields=["period", "unit", "numbers"])
    elif changed:
        # Inserting many rows takes a tenth of the time of updating them.
        Contribution.objects.filter(pk__in=[each.pk for each in changed]).delete()
        for each in changed:
            each.pk = None
        Contribution.objects.bulk_create(changed)


def add(values: Mapping[Key, int]) -> None:
    """The only function that adds to counters."""
    Count.objects.bulk_create(_rows(values))


def _rows(values: Mapping[Key, int]) -> list[Count]:
    rows = []
    for (unit, period, number), value in values.items():
        counter, _, step = number.partition("/")
        if value:
            row = Count(counter=counter, unit_id=unit, period=period, value=value)
            row.step = int(step or 0)
            rows.append(row)
    return rows


def first(subject: str, rows: Sequence[models.Model]) -> list[models.Model]:
    """Return the contribution of a new subject, to be inserted together with its records, given
    here.
    """
    found: list[models.Model] = []
    for name, source, _ in sources.of_subjects([subject]):
        for counted_subject, (period, counted) in source.count_new(rows).items():
            row = Contribution(source=name, subject=counted_subject, period=period)
            row.unit_id, row.numbers = counted.unit, dict(counted.numbers)
            found += [row, *_rows(counted.by_key(period))]
    return found


def settle(subjects: Collection[str]) -> None:
    """Keep these subjects, which are about to be disposed of, in the counters.

    Their contributions are added up by unit and period, so that no row refers to a single subject.
    """
    going = Contribution.objects.filter(subject__in=subjects).order_by("source", "subject")
    together: dict[tuple[str, int | None, date], Counter[str]] = {}
    rows = list(going.select_for_update())
    for each in rows:
        together.setdefault((each.source, each.unit_id, each.period), Counter()).update(
            each.numbers
        )
    Contribution.objects.filter(pk__in=[each.pk for each in rows]).delete()
    Contribution.objects.bulk_create(_settled(together.items()))


def _settled(
    together: Iterable[tuple[tuple[str, int | None, date], Counter[str]]],
) -> Iterator[Contribution]:
    for (source, unit, period), numbers in together:
        if numbers:
            yield Contribution(
                source=source, unit_id=unit, period=period, numbers=numbers, is_final=True
            )
