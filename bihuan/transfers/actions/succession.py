"""The letters of a unit that is closed go to its successor."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import ngettext

from bihuan.clocks.actions import running
from bihuan.journal.actions import Change, record_many
from bihuan.orgs.holdings import Holding, PassingOn, nothing
from bihuan.orgs.models import Unit
from bihuan.transfers import acts
from bihuan.transfers.models import Letter
from bihuan.transfers.queries import Letters

TO_SUCCESSOR = "pass_on"


def _open(unit: Unit) -> Letters:
    return Letter.objects.filter(Q(unit=unit) | Q(to_unit=unit), stage__in=acts.OPEN)


def _of_unit(unit: Unit, on: date) -> int:
    return _open(unit).count()


@transaction.atomic
def _pass_on(passing: PassingOn) -> int:
    """Give its open letters to the successor, except those between the two: such a letter stays
    with the closed unit, and its sender or receiver is the successor.
    """
    unit, successor = passing.unit, passing.successor
    between = Q(unit=successor) | Q(to_unit=successor)
    letters = list(_open(unit).exclude(between).select_for_update().order_by("pk"))
    keys = [letter.pk for letter in letters]
    Letter.objects.filter(pk__in=keys, unit=unit).update(unit=successor)
    Letter.objects.filter(pk__in=keys, to_unit=unit).update(to_unit=successor)
    for letter in letters:
        for clock in running.of_subject(letter.subject):
            if clock.unit_id == unit.pk:
                running.follow(clock, successor)
    detail = {"unit": successor.name}
    changes = [Change(each.subject, note=passing.reason, detail=detail) for each in letters]
    if changes:
        record_many(TO_SUCCESSOR, changes, by=passing.actor, at=passing.now)
    return len(letters)


def _words(count: int) -> str:
    return ngettext("%(n)d transfer letter", "%(n)d transfer letters", count) % {"n": count}


HOLDING = Holding(_words, _of_unit, nothing, _pass_on, nothing)
