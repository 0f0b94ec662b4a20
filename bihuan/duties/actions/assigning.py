"""Assign duties at sites, change their text or post, and end them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from bihuan.core.masking import masked
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.core.resent import mark_of
from bihuan.duties import catalogue
from bihuan.duties.acts import Act
from bihuan.duties.models import Duty, DutyText
from bihuan.duties.refusals import (
    AssignedAlready,
    DutyEnded,
    EndsBeforeStart,
    NothingToCopy,
    PostEnded,
    SiteClosed,
    TooMany,
    UnknownKind,
)
from bihuan.journal.actions import record
from bihuan.orgs.models import Post, User
from bihuan.sites import queries as sites
from bihuan.sites.choices import posts_at
from bihuan.sites.models import Site

AT_ONCE = 200


@dataclass(frozen=True)
class DutyWords:
    """The text of a duty and its source; it names no person."""

    text: str
    source: str

    def masked(self) -> DutyWords:
        return DutyWords(masked(self.text).text, masked(self.source).text)


@dataclass(frozen=True)
class Assignment:
    """A kind of duty for a post, from a day on."""

    kind: str
    post: Post
    words: DutyWords
    start_date: date
    end_date: date | None = None


@transaction.atomic
def assign(
    *,
    site: Site,
    given: Assignment,
    actor: User,
    now: datetime,
    form_key: UUID | None = None,
) -> Duty:
    """Assign a duty at a site to a post, whose holder then has to sign it."""
    _require(site, given, actor, now)
    if form_key and (made := Duty.objects.filter(form_key=form_key).first()):
        return made
    if given.end_date is not None and given.end_date < given.start_date:
        raise EndsBeforeStart
    words = given.words.masked()
    if not words.text.strip():
        raise Missing("text")
    _end_expired(site, given, actor, now)
    try:
        with transaction.atomic():
            duty = Duty.objects.create(
                site=site, kind=given.kind, post=given.post, text=words.text, source=words.source,
                start_date=given.start_date, end_date=given.end_date, form_key=form_key,
            )  # fmt: skip
    except IntegrityError as clash:
        raise AssignedAlready from clash
    DutyText.objects.create(duty=duty, number=1, text=words.text, source=words.source, made_at=now)
    after = {"kind": duty.kind, "post": duty.post_id, "text": duty.text, "source": duty.source}
    detail = {"site": site.code, "start_date": duty.start_date.isoformat()}
    record(duty.subject, Act.ASSIGN, by=actor, at=now, after=after, detail=detail)
    return duty


@transaction.atomic
def assign_many(
    *,
    at: Sequence[Site],
    given: Assignment,
    actor: User,
    now: datetime,
    form_key: UUID | None = None,
) -> int:
    """Assign the same duty at several sites at once; a site that already has it is left out."""
    if len(at) > AT_ONCE:
        raise TooMany(AT_ONCE)
    made = 0
    for site in sorted(at, key=lambda each: each.pk):
        key = mark_of(str(form_key), str(site.pk)) if form_key else None
        there = Duty.objects.in_force(localdate(now)).filter(site=site, kind=given.kind)
        if there.filter(post=given.post).exists():
            continue
        assign(site=site, given=given, actor=actor, now=now, form_key=key)
        made += 1
    return made


@transaction.atomic
def copy(*, duties: Sequence[Duty], to: Sequence[Site], actor: User, now: datetime) -> int:
    """Give other sites the duties of one site: the same posts and texts, unsigned. A site that has
    a duty of that kind keeps its own.
    """
    if len(to) > AT_ONCE:
        raise TooMany(AT_ONCE)
    today, made = localdate(now), 0
    for site in sorted(to, key=lambda each: each.pk):
        in_force = Duty.objects.in_force(today).filter(site=site)
        own = set(in_force.values_list("kind", flat=True))
        for duty in duties:
            if duty.kind in own:
                continue
            given = Assignment(duty.kind, duty.post, DutyWords(duty.text, duty.source), today)
            assign(site=site, given=given, actor=actor, now=now)
            made += 1
    if not made:
        raise NothingToCopy
    return made


@transaction.atomic
def reword(*, duty: Duty, words: DutyWords, actor: User, now: datetime) -> Duty:
    """Give a duty a new text: a new version, which has to be signed again."""
    here = _held(duty, actor, now)
    said = words.masked()
    if not said.text.strip():
        raise Missing("text")
    before = {"text": here.text, "source": here.source}
    after = {"text": said.text, "source": said.source}
    if before == after:
        return here
    here.text, here.source, here.number = said.text, said.source, here.number + 1
    here.save(update_fields=["text", "source", "number"])
    DutyText.objects.create(
        duty=here, number=here.number, text=said.text, source=said.source, made_at=now
    )
    detail = {"number": here.number}
    record(here.subject, Act.REWORD, by=actor, at=now, before=before, after=after, detail=detail)
    return here


@transaction.atomic
def hand_over(*, duty: Duty, post: Post, actor: User, now: datetime) -> Duty:
    """Give a duty to another post, whose holder has to sign it."""
    here = _held(duty, actor, now)
    _require_post(here.site, post, now)
    if here.post_id == post.pk:
        return here
    before, after = {"post": here.post_id}, {"post": post.pk}
    here.post = post
    try:
        with transaction.atomic():
            here.save(update_fields=["post"])
    except IntegrityError as clash:
        raise AssignedAlready from clash
    record(here.subject, Act.HAND_OVER, by=actor, at=now, before=before, after=after)
    return here


@transaction.atomic
def hand_over_many(*, duties: Sequence[Duty], post: Post, actor: User, now: datetime) -> int:
    """Give several duties to one post."""
    if len(duties) > AT_ONCE:
        raise TooMany(AT_ONCE)
    for duty in sorted(duties, key=lambda each: each.pk):
        hand_over(duty=duty, post=post, actor=actor, now=now)
    return len(duties)


@transaction.atomic
def end(*, duty: Duty, reason: str, actor: User, now: datetime) -> Duty:
    """End a duty today, with the reason; it and its signatures stay on record."""
    here = _held(duty, actor, now)
    if not reason.strip():
        raise Missing("reason")
    _end(here, masked(reason).text, actor, now)
    return here


def _end(duty: Duty, note: str, actor: User, now: datetime) -> None:
    last = max(localdate(now), duty.start_date)
    duty.ended_at, duty.end_date = now, min(last, duty.end_date or last)
    duty.save(update_fields=["ended_at", "end_date"])
    record(duty.subject, Act.END, by=actor, at=now, note=note)


def _end_expired(site: Site, given: Assignment, actor: User, now: datetime) -> None:
    """Let a duty of the post whose last day is past give way to the new one."""
    same = Duty.objects.filter(site=site, kind=given.kind, post=given.post, ended_at=None)
    for expired in same.filter(end_date__lt=localdate(now)):
        _end(expired, "", actor, now)


def _require(site: Site, given: Assignment, actor: User, now: datetime) -> None:
    if not sites.may_change(actor, site, now):
        raise NotAllowed
    if site.closed_at is not None:
        raise SiteClosed
    if given.kind not in catalogue.kinds():
        raise UnknownKind
    _require_post(site, given.post, now)


def _require_post(site: Site, post: Post, now: datetime) -> None:
    if not posts_at(site, localdate(now)).filter(pk=post.pk).exists():
        raise PostEnded


def _held(duty: Duty, actor: User, now: datetime) -> Duty:
    """Return the duty, locked until the transaction ends, if the officer may change it."""
    rows = Duty.objects.select_for_update(of=("self",)).select_related("site__unit")
    here = rows.get(pk=duty.pk)
    if not sites.may_change(actor, here.site, now):
        raise NotAllowed
    if here.ended_at is not None:
        raise DutyEnded
    if here.site.closed_at is not None:
        raise SiteClosed
    return here
