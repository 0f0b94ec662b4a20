"""An act on a case, its undo that is killed at a given moment, and what is there afterwards.

`plant MOVE` prints the case, `undo MOMENT NUMBER MEMBER` how many moments there were, `look NUMBER`
everything that an act and its undo change.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from django.db import transaction

from tests.clock import PRESENT
from tests.faults.dying import Moments

if TYPE_CHECKING:
    from bihuan.cases.models import Case

MADE, UNDONE = PRESENT - timedelta(minutes=5), PRESENT


def plant(move: str) -> dict[str, Any]:
    """Somebody's report, with the state before the last act and after it."""
    from bihuan.core.hazard import Grade
    from bihuan.hazards.actions import rectification, reporting
    from tests.cases.public import told
    from tests.factories import make_cast, make_photo, make_plan, make_unit

    cast = make_cast(make_unit(make_unit()))
    case = told(cast.post.unit, now=MADE).case
    acts: dict[str, Callable[[datetime], Case]] = {
        "confirm": lambda at: reporting.confirm(
            case=case, actor=cast.coordinator, now=at, grade=Grade.GENERAL
        ),
        "assign": lambda at: reporting.assign(
            case=case, plan=make_plan(cast.post, now=at), actor=cast.coordinator, now=at
        ),
        "start": lambda at: rectification.start(case=case, actor=cast.handler, now=at),
        "submit": lambda at: rectification.submit(
            case=case, actor=cast.handler, now=at, note="已修", photos=[make_photo()],
            is_shown=True,
        ),
    }  # fmt: skip
    for minute, (name, act) in enumerate(acts.items()):
        before = look(case.number)
        act(MADE + timedelta(minutes=minute))
        if name == move:
            break
    who = cast.coordinator if move == "confirm" else cast.handler
    return {
        "number": case.number, "member": who.pk, "before": before, "made": look(case.number),
    }  # fmt: skip


def undo(number: str, member: int) -> None:
    from bihuan.cases.actions import undoing
    from bihuan.cases.models import Case, UndoableAct
    from bihuan.orgs.models import User

    case = Case.objects.get(number=number)
    seq = UndoableAct.objects.filter(case=case).latest("seq").seq
    undoing.undo(case=case, seq=seq, actor=User.objects.get(pk=member), now=UNDONE)


def look(number: str) -> dict[str, Any]:
    """Return the rows of the case as the journal holds them, and what was said about it."""
    from bihuan.cases.models import Evidence, UndoableAct
    from bihuan.cases.standing import CaseWitness
    from bihuan.journal.models import Entry
    from bihuan.notices.models import Notice
    from bihuan.receipts.models import Delivery, Message

    of_case = {"case__number": number}
    parts = dict(CaseWitness().stands([number])[number])
    # What an undo leaves: the photos, and who worked on the fix.
    stays = {name: parts.pop(name, None) for name in ("evidence", "hands")}
    return {
        "rows": parts,
        "stays": stays["hands"],
        "photos": list(Evidence.objects.filter(**of_case).values_list("phase", "shown_to")),
        "letters": Message.objects.filter(**of_case).count(),
        "mails": Delivery.objects.filter(message__case__number=number).count(),
        "notices": Notice.objects.filter(subject=f"case/{number}").count(),
        "entries": list(
            Entry.objects.filter(chain__subject=f"case/{number}")
            .order_by("seq")
            .values_list("act", flat=True)
        ),
        "undone": UndoableAct.objects.filter(**of_case, undone_at__isnull=False).count(),
    }


if __name__ == "__main__":
    django.setup()
    what, *given = sys.argv[1:]
    if what == "plant":
        with transaction.atomic():
            planted = plant(*given)
        print(json.dumps(planted))
    elif what == "look":
        print(json.dumps(look(*given)))
    else:
        moment, number, member = given
        moments = Moments(int(moment), "cases_case", str(settings.MEDIA_ROOT))
        moments.watch()
        undo(number, int(member))
        print(moments.seen)
