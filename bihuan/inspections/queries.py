"""Which inspections an officer sees, who may act in them, and what they consist of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import F, QuerySet
from django.utils.timezone import localdate

from bihuan.core import checklist_answers
from bihuan.core.checklist import Content, Item
from bihuan.core.checklist_answers import Score
from bihuan.core.hazard import Grade
from bihuan.core.inspection import Kind, may_inspect
from bihuan.core.powers import Power
from bihuan.inspections.models import (
    Answer,
    Inspection,
    Inspector,
    Involved,
    Photo,
    Settlement,
    Signature,
)
from bihuan.orgs import access
from bihuan.orgs.access import Seat
from bihuan.orgs.models import Post, Unit, User
from bihuan.sites import queries as sites
from bihuan.sites.models import Site
from bihuan.web.subjects import unseen

Inspections = QuerySet[Inspection, Inspection]
_SHOWN = ("site__unit", "unit", "area", "checklist")


def seats_of(user: User, now: datetime) -> tuple[Seat, ...]:
    """Return the posts from which the user acts: those of an officer, or of an operator."""
    on = localdate(now)
    return (*access.seats(user, on), *access.operating_seats(user, on))


def visible_to(user: User, now: datetime) -> Inspections:
    """Return the inspections in which a unit is involved that the officer reaches."""
    on = localdate(now)
    reads = access.has_somewhere(user, {Power.AUDIT}, on)
    units = access.scope(user, on) if reads else access.working_scope(user, on)
    found = Inspection.objects.select_related(*_SHOWN)
    if units is None:
        return found
    units |= {seat.unit.pk for seat in access.operating_seats(user, on)}
    seen = Involved.objects.filter(unit__in=units)
    return found.filter(pk__in=seen.values("inspection"))


def hidden_from(user: User, keys: Collection[str], now: datetime) -> set[str]:
    return unseen(visible_to(user, now), keys)


def may_see(user: User, key: str, now: datetime) -> bool:
    return not hidden_from(user, [key], now)


def sites_for(user: User, now: datetime) -> QuerySet[Site, Site]:
    """Return the sites that the user may inspect: those in sight, or those that it operates."""
    seen = sites.visible_to(user, now)
    operated = [seat.unit.pk for seat in access.operating_seats(user, localdate(now))]
    return seen | Site.objects.filter(operator_unit__in=operated) if operated else seen


def of_site(site: Site, user: User, now: datetime) -> Inspections:
    return visible_to(user, now).filter(site=site).order_by("-pk")


def open_of(user: User, now: datetime) -> Inspections:
    """Return planned and begun inspections of the posts that the officer holds or stands in for."""
    posts = [seat.post.pk for seat in seats_of(user, now)]
    own = Inspector.objects.filter(post__in=posts)
    found = Inspection.objects.filter(
        pk__in=own.values("inspection"),
        stage__in=[Inspection.Stage.PLANNED, Inspection.Stage.BEGUN],
    )
    return found.select_related(*_SHOWN).order_by(F("due_date").asc(nulls_last=True), "pk")


def own_post(user: User, inspection: Inspection, now: datetime) -> Post | None:
    """Return the inspecting post that the officer holds, or stands in for."""
    posts = {seat.post.pk: seat.post for seat in seats_of(user, now)}
    found = inspection.inspectors.filter(post__in=posts).order_by("pk").first()
    return posts[found.post_id] if found else None


def may_abandon(user: User, inspection: Inspection, now: datetime) -> bool:
    """Whether the officer may end it without a result: who inspects once it has begun, else a
    coordinator of the unit that inspects.
    """
    if inspection.has_ended:
        return False
    if own_post(user, inspection, now) is not None:
        return inspection.begun_at is not None
    return access.has(user, Power.COORDINATE, unit=inspection.unit, now=now)


def units_for(user: User, now: datetime) -> list[Unit]:
    """Return the units for which the officer may inspect: those of the posts."""
    found = {seat.unit.pk: seat.unit for seat in seats_of(user, now) if _may(seat)}
    return sorted(found.values(), key=lambda unit: unit.path)


def _may(seat: Seat) -> bool:
    return may_inspect(Kind.SELF_CHECK, seat.powers)


def own_posts(user: User, now: datetime) -> list[Post]:
    """Return the posts of the officer that may inspect."""
    return [seat.post for seat in seats_of(user, now) if _may(seat)]


def offered_posts(user: User, site: Site, now: datetime) -> list[Post]:
    """Return the posts that may inspect a site: those of the officer's units, of the unit in
    charge of its area, and of those that regulate it; to an operator, its own.
    """
    asked = {unit.pk for unit in units_for(user, now)}
    if not access.is_operator(user, localdate(now)):
        asked |= {site.unit_id, *site.regulators.values_list("unit", flat=True)}
    posts = Post.objects.in_force(localdate(now)).filter(unit__in=asked, unit__end_date=None)
    found = posts.select_related("unit").order_by("unit__path", "pk")
    return [post for post in found if may_inspect(Kind.SELF_CHECK, access.powers_of(post))]


def posts_of(inspection: Inspection) -> list[Post]:
    rows = inspection.inspectors.select_related("post__unit").order_by("pk")
    return [row.post for row in rows]


def witnesses(inspection: Inspection, actor: User, now: datetime) -> list[Post]:
    """Return the posts that can have witnessed a refusal: of the units that inspect, and of the
    unit in charge of the area; held by an officer who does not inspect, nor stands in for one.
    """
    on = localdate(now)
    units = inspection.involved.exclude(role=Involved.Role.OPERATOR).values("unit")
    posts = list(
        Post.objects.in_force(on)
        .filter(unit__in=units)
        .select_related("unit")
        .order_by("unit__path", "pk")
    )
    inspecting = set(inspection.inspectors.values_list("post", flat=True))
    held: dict[int, set[int]] = {}
    for tenure in access.acting([*inspecting, *(post.pk for post in posts)], on):
        held.setdefault(tenure.post_id, set()).add(tenure.member_id)
    apart = set(access.same_person(actor, now, now)).union(*(held.get(pk, ()) for pk in inspecting))
    return [
        post
        for post in posts
        if post.pk not in inspecting and held.get(post.pk) and not held[post.pk] & apart
    ]


@dataclass(frozen=True)
class Record:
    """Everything that an inspection consists of, read once."""

    inspection: Inspection
    content: Content
    answers: Mapping[str, Answer]
    photos: Sequence[Photo]
    settlements: Mapping[str, Settlement]
    signatures: Sequence[Signature]
    inspectors: Sequence[Post]

    @cached_property
    def values(self) -> dict[str, str]:
        return {item: each.value for item, each in self.answers.items() if each.value}

    @cached_property
    def shown(self) -> tuple[Item, ...]:
        return checklist_answers.shown(self.content, self.values)

    @cached_property
    def failed(self) -> tuple[Item, ...]:
        return checklist_answers.failed(self.content, self.values)

    @cached_property
    def unanswered(self) -> tuple[Item, ...]:
        return checklist_answers.unanswered(self.content, self.values)

    @cached_property
    def score(self) -> Score | None:
        """Return the score so far; None for a list without scores."""
        if not self.content.has_scores:
            return None
        return checklist_answers.score(self.content, self.values)

    @cached_property
    def without_photo(self) -> tuple[Item, ...]:
        found = {each.item for each in self.photos}
        return checklist_answers.photos_missing(self.content, self.values, found)

    @cached_property
    def unsettled(self) -> tuple[Item, ...]:
        return tuple(item for item in self.failed if item.key not in self.settlements)

    def photos_of(self, item: str, purpose: str = "") -> list[Photo]:
        return [
            each
            for each in self.photos
            if each.item == item and (not purpose or each.purpose == purpose)
        ]


def must_be_reported(record: Record, key: str) -> bool:
    """Whether no reason is enough for this failed item: its list points to a major hazard. The
    operator that checks itself reports none.
    """
    item = record.content.item(key)
    hint = item.hazard if item else None
    is_major = hint is not None and (hint.grade is Grade.MAJOR or bool(hint.criterion))
    return is_major and record.inspection.kind != Inspection.Kind.SELF_CHECK


def record_of(inspection: Inspection) -> Record:
    """Read an inspection that has begun."""
    assert inspection.version is not None, "it has begun"
    return Record(
        inspection,
        inspection.version.read(),
        {each.item: each for each in inspection.answers.select_related("post__unit")},
        list(inspection.photos.select_related("file").order_by("pk")),
        {each.item: each for each in inspection.settlements.all()},
        list(inspection.signatures.select_related("post__unit", "witness__unit").order_by("pk")),
        posts_of(inspection),
    )
