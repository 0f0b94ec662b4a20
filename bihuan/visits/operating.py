"""What an operator of sites sees: its sites, its papers, and the cases that it must solve."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from bihuan.cases import kinds
from bihuan.cases.models import Case
from bihuan.core.powers import OPERATING
from bihuan.orgs import access
from bihuan.orgs.models import Tenure, Unit, User
from bihuan.sites import catalogue
from bihuan.sites import queries as sites
from bihuan.sites.models import Site, SiteCase, SitePaper
from bihuan.visits.models import Visit
from bihuan.visits.submitted import PaperSubmission
from bihuan.web.subjects import unseen

# The operator reads this long before that a paper runs out.
RENEWED_AHEAD = timedelta(days=60)
Submissions = QuerySet[PaperSubmission, PaperSubmission]


def units_of(user: User, now: datetime) -> list[Unit]:
    """Return the units for which the user acts as an operator."""
    seats = access.operating_seats(user, localdate(now))
    return list({seat.unit.pk: seat.unit for seat in seats}.values())


def operated_by(user: User, now: datetime) -> QuerySet[Site, Site]:
    """Return the open sites that the user's own units operate."""
    units = [unit.pk for unit in units_of(user, now)]
    return Site.objects.open().filter(operator_unit__in=units)


def page_of(site: Site, user: User, now: datetime) -> str:
    """Return the page of the site that this user may open: an operator has one of its own."""
    if access.is_operator(user, localdate(now)):
        return reverse("visits:operated-site", args=[site.pk])
    return site.get_absolute_url()


def papers_of(site: Site) -> QuerySet[SitePaper, SitePaper]:
    """Return the papers of the site that are in force."""
    return SitePaper.objects.filter(site=site, ended_at=None).order_by("expires_date", "pk")


def cases_of(site: Site) -> QuerySet[Case, Case]:
    """Return the open cases at the site that its operator must solve.

    Never a confidential one, one from which an office is excluded, or of a kind that is only for
    those who work on it: the operator could be the one complained of.
    """
    linked = SiteCase.objects.filter(site=site, case=OuterRef("pk"), ended_at=None)
    return Case.objects.filter(
        Exists(linked),
        owner=site.operator_unit_id,
        kind__in=kinds.seen_in_reach(),
        is_confidential=False,
        exclusions=None,
        ended_at=None,
    )


def to_renew(user: User, now: datetime) -> QuerySet[SitePaper, SitePaper]:
    """Return the papers of the user's sites that expired or soon do, the first of them first."""
    sites_ = operated_by(user, now)
    last = localdate(now) + RENEWED_AHEAD
    found = SitePaper.objects.filter(site__in=sites_, ended_at=None, expires_date__lte=last)
    waiting = PaperSubmission.objects.filter(
        site=OuterRef("site"), kind=OuterRef("kind"), title=OuterRef("title"),
        state=PaperSubmission.State.WAITING,
    )  # fmt: skip
    found = found.annotate(is_submitted=Exists(waiting)).select_related("site")
    return found.order_by("expires_date", "pk")


def notes_for(site: Site) -> QuerySet[Visit, Visit]:
    """Return the visits with a note that is meant for the operator, the latest first."""
    found = Visit.objects.filter(site=site, withdrawn_at=None, is_note_shown=True)
    return found.exclude(note="").order_by("-visited_date", "-pk")


# -------------------------------------------------------------------- submissions
def replaced_by(submission: PaperSubmission) -> SitePaper | None:
    """Return the paper in force whose place this one takes: of the same kind, and not newer."""
    if submission.kind == catalogue.OTHER:
        return None
    found = papers_of(submission.site).filter(kind=submission.kind, title=submission.title)
    if submission.expires_date is not None:
        found = found.filter(expires_date__lte=submission.expires_date)
    return found.first()


def own_submissions(user: User, now: datetime) -> Submissions:
    """Return the papers submitted for the sites that the user operates."""
    return PaperSubmission.objects.filter(site__in=operated_by(user, now)).select_related("site")


def received_by(user: User, now: datetime) -> Submissions:
    """Return the papers submitted for sites whose papers the officer keeps."""
    return PaperSubmission.objects.filter(site__in=sites.added_to(user, now))


def waiting(user: User, now: datetime) -> Submissions:
    found = received_by(user, now).filter(state=PaperSubmission.State.WAITING)
    return found.select_related("site__unit")


def waiting_at(site: Site) -> Submissions:
    """Return the same of one site, for an officer who keeps its papers."""
    found = PaperSubmission.objects.filter(site=site, state=PaperSubmission.State.WAITING)
    return found.select_related("site__unit")


def submission_hidden_from(user: User, keys: Collection[str], now: datetime) -> set[str]:
    """Return which of these submissions the user sees neither as an officer nor as an operator."""
    return unseen(received_by(user, now), keys) & unseen(own_submissions(user, now), keys)


def may_see_submission(user: User, key: str, now: datetime) -> bool:
    return not submission_hidden_from(user, [key], now)


def may_attach(user: User, key: str, now: datetime) -> bool:
    """Whether the user may add files: the operator, while it waits."""
    found = own_submissions(user, now).filter(state=PaperSubmission.State.WAITING)
    return not unseen(found, [key])


# ------------------------------------------------------------------ users of a site
def may_invite(user: User, site: Site, now: datetime) -> bool:
    """Whether the officer invites users of the operator: the unit in charge, or a regulator."""
    is_open = site.closed_at is None and site.operator_unit_id is not None
    return is_open and sites.may_add(user, site, now)


def users_of(unit: Unit, now: datetime) -> list[Tenure]:
    """Return who acts for the operator now."""
    held = Tenure.objects.in_force(localdate(now)).filter(
        Q(post__unit=unit), member__is_active=True
    )
    rows = held.select_related("member", "post__unit").order_by("pk")
    return [each for each in rows if frozenset(each.post.powers) == OPERATING]
