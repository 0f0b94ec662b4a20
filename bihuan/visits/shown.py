"""What the page of a site shows of bindings and visits."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from bihuan.orgs import choices
from bihuan.orgs.models import User
from bihuan.sites import queries as sites
from bihuan.sites.models import Site
from bihuan.sites.sections import Button, Section
from bihuan.visits import operating, queries, wording

LATEST = 5


def section(site: Site, user: User, now: datetime) -> Section | None:
    """Show the post to which the site is bound, and the latest visits to it."""
    if not queries.reads(user, site, now):
        return None
    on, binding = localdate(now), queries.bound_at(site)
    visits = queries.latest(site, LATEST + 1)
    context: dict[str, object] = {
        "site": site,
        "binding": binding,
        "visits": visits[:LATEST],
        "has_more": len(visits) > LATEST,
        "may_bind": queries.may_bind(user, site, now),
    }
    if binding is not None:
        state = binding.state(on)
        context |= {
            "holder": choices.holders([binding.post_id], on).get(binding.post_id, ""),
            "every": wording.every(binding.every_days),
            "state": wording.STATES[state],
            "tone": wording.TONES[state],
        }
    return Section("visits/site_section.html", context)


def record_button(site: Site, user: User, now: datetime) -> Button | None:
    """Let the officer of the bound post record a visit."""
    if site.closed_at is not None or not queries.own_posts(user, now):
        return None
    binding = queries.bound_at(site)
    if binding is None or queries.visiting_post(user, binding, now) is None:
        return None
    return Button(_("Record a visit"), reverse("visits:record", args=[binding.pk]), "check")


def bind_button(site: Site, user: User, now: datetime) -> Button | None:
    """Let a coordinator bind a site without a post."""
    if not queries.may_bind(user, site, now) or queries.bound_at(site) is not None:
        return None
    return Button(_("Bind to a post"), reverse("visits:bind", args=[site.pk]), "person")


def poster_button(site: Site, user: User, now: datetime) -> Button | None:
    """Let officers print the poster of the site; an operator has one on the wall."""
    if site.closed_at is not None or not queries.reads_any(user, now):
        return None
    return Button(_("Poster"), reverse("sites:poster", args=[site.pk]), "print")


def submissions(site: Site, user: User, now: datetime) -> Section | None:
    """Show the papers that the operator submitted and that wait for this officer."""
    if not sites.may_add(user, site, now):
        return None
    rows = list(operating.waiting_at(site).order_by("pk")[:LATEST])
    return Section("visits/submissions_section.html", {"rows": rows}) if rows else None


def users_button(site: Site, user: User, now: datetime) -> Button | None:
    """Let the unit in charge or a regulator invite users of the operator."""
    if site.operator_unit_id is None or not operating.may_invite(user, site, now):
        return None
    return Button(
        _("Users of the operator"), reverse("visits:operator-users", args=[site.pk]), "people"
    )
