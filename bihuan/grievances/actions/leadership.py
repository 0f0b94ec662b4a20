"""Grievances that a closed unit was to take over, or that the leader of a closed post led."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from bihuan.cases.actions.succession import Heirs
from bihuan.cases.models import Exclusion
from bihuan.grievances.models import Grievance, Handover
from bihuan.journal.actions import Change, record_many
from bihuan.orgs.holdings import Leaving, PassingOn
from bihuan.orgs.models import Post, Unit
from bihuan.orgs.refusals import NobodyMayTake

END_LEAD, MOVE_HANDOVER = "end_lead", "move_handover"


def of_unit(unit: Unit, on: date) -> int:
    return _led().filter(lead__unit=unit).count() + _waiting(unit).count()


def of_post(post: Post, on: date) -> int:
    return _led().filter(lead=post).count()


def pass_on(passing: PassingOn) -> int:
    """The successor decides on pending transfers; another leader must be named."""
    heirs, entries = Heirs(passing), []
    for each in _waiting(passing.unit).select_related("case__owner"):
        bars = Exclusion.objects.filter(case=each.case).values_list("unit_id", "member_id")
        heir = heirs.of(each.case, list(bars))
        if heir is None:
            raise NobodyMayTake(1)
        ends = {"from_unit": each.from_unit_id, "to_unit": each.to_unit_id}
        new = {n: heir.pk if unit == passing.unit.pk else unit for n, unit in ends.items()}
        Handover.objects.filter(pk=each.pk).update(**{f"{n}_id": pk for n, pk in new.items()})
        detail = {"closed": passing.unit.name, "owner": heir.name}
        entries.append(Change(each.case.subject, ends, new, passing.reason, detail))
    moved = record_many(MOVE_HANDOVER, entries, by=passing.actor, at=passing.now)
    return moved + _end_leads(_led().filter(lead__unit=passing.unit), passing)


def leave(leaving: Leaving) -> int:
    return _end_leads(_led().filter(lead=leaving.post), leaving)


def _led() -> QuerySet[Grievance, Grievance]:
    return Grievance.objects.filter(lead__isnull=False, case__ended_at=None)


def _waiting(unit: Unit) -> QuerySet[Handover, Handover]:
    ends = Q(from_unit=unit) | Q(to_unit=unit)
    return Handover.objects.filter(ends, ended_at=None, case__ended_at=None).order_by("pk")


def _end_leads(led: QuerySet[Grievance, Grievance], act: PassingOn | Leaving) -> int:
    entries = []
    for each in led.select_related("case", "lead").order_by("pk"):
        assert each.lead is not None
        before, detail = {"lead": each.lead_id}, {"post": each.lead.title}
        entries.append(Change(each.case.subject, before, {"lead": None}, act.reason, detail))
        each.lead = None
        each.save(update_fields=["lead"])
    return record_many(END_LEAD, entries, by=act.actor, at=act.now)
