"""The written opinion (PET-25): drafted by one officer, issued by another, sent to the reporter."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from bihuan.cases.actions import loop
from bihuan.cases.models import Case
from bihuan.core import legible
from bihuan.core.grievance import Decision, Move, ReviewOutcome
from bihuan.core.refusal import Missing
from bihuan.grievances.actions.procedure_clocks import proceed
from bihuan.grievances.models import Opinion
from bihuan.grievances.queries import Round, procedure_of, record_of
from bihuan.orgs.models import User
from bihuan.receipts.actions.public import write
from bihuan.receipts.models import Message

DRAFTS = {
    Round.ANSWER: Move.DRAFT,
    Round.REVIEW: Move.DRAFT_REVIEW,
    Round.REREVIEW: Move.DRAFT_REREVIEW,
}
SENDS_BACK = {
    Round.ANSWER: Move.SEND_BACK,
    Round.REVIEW: Move.SEND_BACK_REVIEW,
    Round.REREVIEW: Move.SEND_BACK_REREVIEW,
}
ISSUES = {
    Round.ANSWER: Move.ISSUE,
    Round.REVIEW: Move.ISSUE_REVIEW,
    Round.REREVIEW: Move.ISSUE_REREVIEW,
}


@dataclass(frozen=True)
class Parts:
    """The content of a written opinion; `outcome` is for reviews: whether the previous one is
    upheld.
    """

    request: str = ""
    facts: str = ""
    reasons: str = ""
    decision: str = ""
    basis: str = ""
    outcome: str = ""

    def missing(self, required: tuple[str, ...]) -> list[str]:
        return [name for name in required if not legible.has_words(getattr(self, name))]


@transaction.atomic
def draft(
    *,
    case: Case,
    parts: Parts,
    actor: User,
    now: datetime,
    round: Round = Round.ANSWER,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Draft the opinion with every part that the procedure requires, for the head to issue."""
    act = loop.begin(
        case=case, move=DRAFTS[round], actor=actor, now=now, note=note, version=version
    )
    required = procedure_of(record_of(act.case)).opinion
    if round is not Round.ANSWER:
        required = (*required, "outcome")
    if missing := parts.missing(required):
        raise Missing(*missing)
    given = {name: legible.clean(text) for name, text in asdict(parts).items()}
    given["decision"] = Decision(given["decision"]).value
    given["outcome"] = ReviewOutcome(given["outcome"]).value if round is not Round.ANSWER else ""
    Opinion.objects.update_or_create(
        case=act.case,
        round=round,
        defaults={**given, "unit": act.case.owner, "drafted_by": actor, "drafted_at": now},
    )
    act.detail["decision"] = given["decision"]
    act.after.update(given)
    return proceed(act)


@transaction.atomic
def send_back(
    *,
    case: Case,
    actor: User,
    now: datetime,
    note: str,
    round: Round = Round.ANSWER,
    version: int | None = None,
) -> Case:
    """Return the draft with the reason; the clock continues."""
    return proceed(
        loop.begin(
            case=case, move=SENDS_BACK[round], actor=actor, now=now, note=note, version=version
        )
    )


@transaction.atomic
def issue(
    *,
    case: Case,
    actor: User,
    now: datetime,
    note: str = "",
    round: Round = Round.ANSWER,
    version: int | None = None,
) -> Case:
    """Issue another officer's draft as the head, and send it to the reporter."""
    act = loop.begin(
        case=case, move=ISSUES[round], actor=actor, now=now, note=note, version=version
    )
    opinion = Opinion.objects.select_related("drafted_by", "unit").get(case=act.case, round=round)
    opinion.issued_by, opinion.issued_at = actor, now
    opinion.letter = write(
        act,
        Message.Kind.LETTER,
        what=f"opinion/{round}",
        detail={name: getattr(opinion, name) for name in ("request", "facts", "reasons", "basis")}
        | {"decision": opinion.decision, "outcome": opinion.outcome, "unit": opinion.unit.name},
    )
    opinion.save(update_fields=["issued_by", "issued_at", "letter"])
    act.change(
        act.case,
        resolved_by=opinion.drafted_by,
        resolved_unit=opinion.unit,
        verified_by=actor,
        closed_by=None,
    )
    act.detail["decision"] = opinion.decision
    return proceed(act)
