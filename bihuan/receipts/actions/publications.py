"""What the public may see of a case: published in separate words, and withdrawn again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from bihuan.cases import queries
from bihuan.cases.actions.loop import begin, finish
from bihuan.cases.models import Case
from bihuan.core import discretion, legible
from bihuan.core.refusal import Missing, Refusal
from bihuan.orgs.models import User
from bihuan.receipts.actions.public import write
from bihuan.receipts.models import Message, Publication


class KeptConfidential(Refusal):
    """A confidential case is never published."""


@dataclass(frozen=True)
class Shown:
    """The published texts, and whether the point on the map is included."""

    title: str
    text: str = ""
    answer: str = ""
    place: str = ""
    with_point: bool = False


@transaction.atomic
def publish(
    *, case: Case, actor: User, now: datetime, shown: Shown, version: int | None = None
) -> Case:
    """Publish a case in separate words, or replace the published words."""
    act = begin(case=case, move="publish", actor=actor, now=now, version=version)
    if act.case.is_confidential:
        raise KeptConfidential
    words = {
        name: legible.clean(text) for name, text in asdict(shown).items() if name != "with_point"
    }
    missing = [name for name in act.row.requires if not words[name]]
    if missing:
        raise Missing(*missing)
    discretion.require_none(*words.values())
    stored = Publication.objects.filter(case=act.case).first()
    is_new = stored is None or stored.withdrawn_at is not None
    row = stored or Publication(case=act.case)
    for name, text in words.items():
        setattr(row, name, text)
    row.point = act.case.point if shown.with_point else None
    row.published_at = now if is_new else row.published_at
    row.withdrawn_at = None
    row.save()
    act.after["publication"] = words
    if is_new and act.case.channel in queries.FROM_PUBLIC:
        write(act, Message.Kind.NOTICE, what="published")
    return finish(act)


@transaction.atomic
def unpublish(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Withdraw a publication, with the reason; the row is kept for the record."""
    act = begin(case=case, move="unpublish", actor=actor, now=now, note=note, version=version)
    Publication.objects.filter(case=act.case, withdrawn_at=None).update(withdrawn_at=now)
    return finish(act)
