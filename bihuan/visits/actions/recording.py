"""Record a visit to a bound site, and withdraw one that was recorded by mistake."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from bihuan.core import visiting
from bihuan.core.masking import masked
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.core.visiting import Outcome
from bihuan.files import actions as files
from bihuan.files.actions import Checked
from bihuan.journal.actions import record
from bihuan.orgs.models import User
from bihuan.visits import queries
from bihuan.visits.acts import VisitAct
from bihuan.visits.models import Binding, Visit
from bihuan.visits.refusals import NotBoundAnyMore, SiteIsClosed, Withdrawn


@transaction.atomic
def record_visit(
    *,
    binding: Binding,
    visited_date: date,
    outcome: Outcome,
    actor: User,
    now: datetime,
    note: str = "",
    is_note_shown: bool = False,
    photos: Sequence[Checked] = (),
    form_key: UUID | None = None,
) -> Visit:
    """Record a visit from the bound post, or from one of its group."""
    binding = _locked(binding)
    if form_key and (made := Visit.objects.filter(form_key=form_key).first()):
        return made
    post = queries.visiting_post(actor, binding, now)
    if post is None:
        raise NotAllowed
    if binding.ended_at is not None:
        raise NotBoundAnyMore
    if binding.site.closed_at is not None:
        raise SiteIsClosed
    visiting.require_day(visited_date, bound=binding.start_date, on=localdate(now))
    visit = Visit(
        site=binding.site, binding=binding, post=post, visited_date=visited_date,
        outcome=outcome, note=masked(note.strip()).text,
        is_note_shown=is_note_shown, made_at=now, form_key=form_key,
    )  # fmt: skip
    try:
        with transaction.atomic():
            visit.save()
    except IntegrityError:
        return Visit.objects.get(form_key=form_key)
    _count(binding)
    after = {"site": binding.site.code, "outcome": outcome, "visited_date": visited_date}
    record(visit.subject, VisitAct.RECORD, by=actor, at=now, after=after)
    if photos:
        files.attach(subject=visit.subject, uploads=photos, actor=actor, now=now)
    return visit


@transaction.atomic
def withdraw(*, visit: Visit, reason: str, actor: User, now: datetime) -> Visit:
    """Withdraw a visit that was recorded by mistake: it stays on record, and no longer counts."""
    binding = _locked(visit.binding)
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if not queries.of_post(visit, actor, now):
        raise NotAllowed
    if visit.withdrawn_at is not None:
        raise Withdrawn
    if not reason.strip():
        raise Missing("reason")
    visit.withdrawn_at, visit.withdrawn_reason = now, masked(reason.strip()).text
    visit.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    _count(binding)
    record(visit.subject, VisitAct.WITHDRAW, by=actor, at=now, note=visit.withdrawn_reason)
    return visit


def _locked(binding: Binding) -> Binding:
    rows = Binding.objects.select_related("site", "post").select_for_update(of=("self",))
    return rows.get(pk=binding.pk)


def _count(binding: Binding) -> None:
    """Set the day of the latest visit and of the next one, from the visits that count."""
    counted = Visit.objects.filter(site=binding.site_id, withdrawn_at=None)
    last = counted.order_by("-visited_date").values_list("visited_date", flat=True).first()
    binding.last_date = last
    binding.due_date = visiting.next_date(last or binding.start_date, binding.every_days)
    binding.save(update_fields=["last_date", "due_date"])
