"""The end of an inspection: both sides sign, or the refusal is recorded with a witness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.clocks.actions import running
from bihuan.core import inspection as core
from bihuan.core import legible, strokes
from bihuan.core.inspection import Act, Method, Side, Stage
from bihuan.core.masking import masked
from bihuan.core.refusal import Missing
from bihuan.inspections import hooks, queries
from bihuan.inspections.actions.course import locked, require_own_post
from bihuan.inspections.models import Inspection, Signature
from bihuan.journal.actions import record
from bihuan.orgs.models import Post, User

LONGEST_NAME = 60


@dataclass(frozen=True)
class Signed:
    """How one side signs: an inspecting post, or the site's side with a name."""

    side: Side
    way: Method
    post: Post | None = None
    name: str = ""
    drawing: str = ""
    reason: str = ""
    witness: Post | None = None


@transaction.atomic
def end(
    *,
    inspection: Inspection,
    result: str,
    signatures: Sequence[Signed],
    actor: User,
    now: datetime,
) -> Inspection:
    """End the inspection with its result and signatures; afterwards nothing of it changes."""
    here = locked(inspection)
    if here.stage == Stage.DONE:
        return here
    own = require_own_post(here, actor, now)
    target = core.after(Stage(here.stage), Act.END)
    found = queries.record_of(here)
    core.require_finished(_missing(found))
    _require_both(signatures, own)
    _require_apart(here, signatures, actor, now)
    for given in signatures:
        _row(here, found, given, now).save(force_insert=True)
    here.result = masked(legible.clean(result)).text
    if not legible.has_words(here.result):
        raise Missing("result")
    here.stage, here.done_at, here.failed_count = target.value, now, len(found.failed)
    here.save(update_fields=["stage", "done_at", "failed_count", "result"])
    ways = {str(given.side): str(given.way) for given in signatures}
    detail = {"failed": here.failed_count, "signatures": ways}
    record(here.subject, Act.END, by=actor, at=now, note=here.result[:500], detail=detail)
    hooks.reached(here, actor, now)
    return here


def _missing(found: queries.Record) -> dict[str, list[str]]:
    return {
        "unanswered": [item.key for item in found.unanswered],
        "without_photo": [item.key for item in found.without_photo],
        "unsettled": [item.key for item in found.unsettled],
    }


def _require_both(signatures: Sequence[Signed], own: Post) -> None:
    """Require the signature of the officer's own post, and exactly one of the site's side."""
    if not any(each.side is Side.INSPECTOR and each.post == own for each in signatures):
        raise Missing("inspector")
    if sum(each.side is Side.SITE for each in signatures) != 1:
        raise Missing("site")


def _require_apart(
    inspection: Inspection, signatures: Sequence[Signed], actor: User, now: datetime
) -> None:
    """Require as witness a post whose holder is none of those who inspect."""
    witnesses = [each.witness for each in signatures if each.witness is not None]
    if not witnesses:
        return
    able = {post.pk for post in queries.witnesses(inspection, actor, now)}
    if not all(post.pk in able for post in witnesses):
        raise core.WitnessInspects


def _row(inspection: Inspection, found: queries.Record, given: Signed, now: datetime) -> Signature:
    is_site = given.side is Side.SITE
    row = Signature(
        inspection=inspection,
        side=given.side.value,
        way=given.way.value,
        post=None if is_site else given.post,
        name=legible.clean(given.name)[:LONGEST_NAME] if is_site else "",
        signed_at=now,
        erase_date=core.erase_date(running.local_date(now)) if is_site else None,
    )
    if not is_site and given.post not in found.inspectors:
        raise Missing("inspector")
    match given.way:
        case Method.DRAWN:
            row.drawing = strokes.read(given.drawing)
            if not row.drawing:
                raise Missing("drawing" if is_site else "own_drawing")
        case Method.REFUSED:
            _refuse(row, given)
    if is_site and given.way is Method.DRAWN and not row.name:
        raise Missing("name")
    return row


def _refuse(row: Signature, given: Signed) -> None:
    """Record the refusal of the site's side, which another post witnessed."""
    row.reason, row.witness = masked(legible.clean(given.reason)).text, given.witness
    if row.side != Side.SITE or not legible.has_words(row.reason):
        raise Missing("refusal")
    if row.witness is None:
        raise Missing("witness")
