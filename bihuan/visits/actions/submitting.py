"""Submit papers as the operator of a site; accept or refuse them as an officer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from bihuan.core import legible
from bihuan.core.masking import masked
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.files import actions as files
from bihuan.files.actions import ATTACH, Checked
from bihuan.files.models import Attachment
from bihuan.journal.actions import record
from bihuan.notices import actions as notices
from bihuan.orgs.models import User
from bihuan.sites import catalogue
from bihuan.sites.actions import papers
from bihuan.sites.actions.papers import PaperFacts
from bihuan.sites.models import Site, SitePaper
from bihuan.sites.refusals import ExpiresBeforeIssue, UnknownKind
from bihuan.visits import operating
from bihuan.visits.acts import SubmissionAct
from bihuan.visits.refusals import DecidedAlready
from bihuan.visits.submitted import PaperSubmission

State = PaperSubmission.State


@transaction.atomic
def submit(
    *,
    site: Site,
    facts: PaperFacts,
    uploads: Sequence[Checked],
    actor: User,
    now: datetime,
    form_key: UUID | None = None,
) -> PaperSubmission:
    """Submit a paper of a site that the user operates; the same form sent twice submits one."""
    here = operating.operated_by(actor, now).select_for_update(of=("self",)).filter(pk=site.pk)
    if here.first() is None:
        raise NotAllowed
    if form_key and (made := PaperSubmission.objects.filter(form_key=form_key).first()):
        return made
    submission = PaperSubmission(site=site, submitted_at=now, form_key=form_key, **_columns(facts))
    try:
        with transaction.atomic():
            submission.save()
    except IntegrityError:
        return PaperSubmission.objects.get(form_key=form_key)
    after = {"site": site.code, "kind": facts.kind, "number": submission.number}
    record(submission.subject, SubmissionAct.SUBMIT, by=actor, at=now, after=after)
    if uploads:
        files.attach(subject=submission.subject, uploads=uploads, actor=actor, now=now)
    return submission


@transaction.atomic
def withdraw(*, submission: PaperSubmission, actor: User, now: datetime) -> PaperSubmission:
    """Take back a paper that was not decided yet."""
    held = _held(submission)
    if not operating.own_submissions(actor, now).filter(pk=held.pk).exists():
        raise NotAllowed
    return _decide(held, State.WITHDRAWN, SubmissionAct.WITHDRAW, actor, now)


@transaction.atomic
def accept(*, submission: PaperSubmission, actor: User, now: datetime) -> SitePaper:
    """Put the paper on the register, with its files, in the place of the one that it renews."""
    held = _held(submission)
    names = ("kind", "title", "number", "issuer", "issued_date", "expires_date", "count")
    facts = PaperFacts(**{name: getattr(held, name) for name in names})
    old = operating.replaced_by(held)
    if old is None:
        held.paper = papers.add(site=held.site, facts=facts, actor=actor, now=now)
    else:
        held.paper = papers.renew(paper=old, facts=facts, actor=actor, now=now)
    _take_files(held, held.paper, actor, now)
    _decide(held, State.ACCEPTED, SubmissionAct.ACCEPT, actor, now)
    _notify(held, now)
    return held.paper


@transaction.atomic
def refuse(
    *, submission: PaperSubmission, reason: str, actor: User, now: datetime
) -> PaperSubmission:
    """Refuse the paper, with a reason that the operator reads."""
    held = _held(submission)
    if not operating.received_by(actor, now).filter(pk=held.pk).exists():
        raise NotAllowed
    if not reason.strip():
        raise Missing("reason")
    held.reason = masked(reason.strip()).text
    _decide(held, State.REFUSED, SubmissionAct.REFUSE, actor, now)
    _notify(held, now)
    return held


def _notify(held: PaperSubmission, now: datetime) -> None:
    """Notify the users of the operator of the decision."""
    unit = held.site.operator_unit
    members = [each.member for each in operating.users_of(unit, now)] if unit else []
    notices.tell(
        members,
        subject=held.subject,
        what=held.state,
        cause=f"{held.subject}/{held.state}",
        now=now,
        detail={"reason": held.reason} if held.reason else {},
    )


def _held(submission: PaperSubmission) -> PaperSubmission:
    rows = PaperSubmission.objects.select_related(
        "site__unit", "site__operator_unit"
    ).select_for_update(of=("self",))
    held = rows.get(pk=submission.pk)
    if held.state != State.WAITING:
        raise DecidedAlready
    return held


def _decide(
    held: PaperSubmission, state: PaperSubmission.State, act: SubmissionAct, actor: User,
    now: datetime,
) -> PaperSubmission:  # fmt: skip
    held.state, held.decided_at = state.value, now
    held.save(update_fields=["state", "decided_at", "reason", "paper"])
    record(held.subject, act, by=actor, at=now, note=held.reason)
    return held


def _take_files(held: PaperSubmission, paper: SitePaper, actor: User, now: datetime) -> None:
    rows = list(Attachment.objects.filter(subject=held.subject).select_related("file"))
    for row in rows:
        Attachment.objects.create(
            subject=paper.subject, file=row.file, caption=row.caption, added_by=actor, added_at=now
        )
    if rows:
        detail = {"files": [row.file.sha256 for row in rows]}
        record(paper.subject, ATTACH, by=actor, at=now, detail=detail)


def _columns(facts: PaperFacts) -> dict[str, object]:
    if facts.kind not in catalogue.paper_kinds():
        raise UnknownKind
    if facts.issued_date and facts.expires_date and facts.expires_date < facts.issued_date:
        raise ExpiresBeforeIssue
    words = {name: legible.clean(getattr(facts, name)) for name in ("title", "number", "issuer")}
    count = facts.count if catalogue.paper_kind(facts.kind).is_count else None
    return {**asdict(facts), **words, "count": count}
