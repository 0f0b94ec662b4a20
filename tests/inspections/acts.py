"""What tests do again and again with an inspection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from bihuan.core.inspection import Method, Outcome, Side
from bihuan.files.actions import check
from bihuan.inspections.actions import answering, ending, settling
from bihuan.inspections.actions.answering import Save
from bihuan.inspections.actions.ending import Signed
from bihuan.inspections.actions.settling import Decision, Proposal
from bihuan.inspections.models import Answer, Inspection, Photo
from bihuan.orgs.models import Post, User
from tests.factories import NOW, make_photo

DRAWING = "10,10 200,100 400,20;500,20 600,200"
ALL_WELL = {"exits": "yes", "canteen": "not_applicable", "alarm": "works"}


def save(
    inspection: Inspection,
    item: str,
    value: str,
    by: User,
    *,
    note: str = "",
    based_on: int = 0,
    key: UUID | None = None,
    now: datetime = NOW,
) -> Answer:
    return answering.answer(
        inspection=inspection,
        save=Save(item, value, note, based_on, key or uuid4()),
        actor=by,
        now=now,
    )


def answer_all(inspection: Inspection, by: User, **values: str) -> None:
    for key, value in {**ALL_WELL, **values}.items():
        save(inspection, key, value, by)


def photograph(
    inspection: Inspection,
    item: str,
    by: User,
    *,
    purpose: str = "found",
    key: UUID | None = None,
) -> Photo:
    return answering.add_photo(
        inspection=inspection,
        item=item,
        purpose=purpose,
        upload=check(make_photo()),
        actor=by,
        now=NOW,
        key=key or uuid4(),
    )


def decide(
    inspection: Inspection, by: User, item: str, outcome: Outcome = Outcome.HAZARD, **given: object
) -> None:
    hazard = None
    if outcome is Outcome.HAZARD:
        unit = given.pop("unit", inspection.unit)
        hazard = Proposal("疏散通道堵塞", "教学楼一层", unit, grade="major")  # type: ignore[arg-type]
    decision = Decision(item, outcome, hazard=hazard, **given)  # type: ignore[arg-type]
    settling.settle(inspection=inspection, decisions=[decision], actor=by, now=NOW)


def signed(post: Post, **site: object) -> Sequence[Signed]:
    given: Mapping[str, object] = {
        "way": Method.DRAWN,
        "name": "周代表",
        "drawing": DRAWING,
        **site,
    }
    return [
        Signed(Side.INSPECTOR, Method.DRAWN, post, drawing=DRAWING),
        Signed(Side.SITE, **given),  # type: ignore[arg-type]
    ]


def end(inspection: Inspection, by: User, now: datetime = NOW, **site: object) -> Inspection:
    post = Post.objects.get(tenures__member=by)
    return ending.end(
        inspection=inspection,
        result="限期整改。",
        signatures=signed(post, **site),
        actor=by,
        now=now,
    )
