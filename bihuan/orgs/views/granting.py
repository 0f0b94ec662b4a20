"""Granted access that waits for confirmation by a second administrator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bihuan import formats
from bihuan.core.grants import NothingWaits, StillWaits
from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal
from bihuan.orgs import access, naming, queries
from bihuan.orgs.actions import granting
from bihuan.orgs.actions.steps import require_settled_over
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.orgs.wording import POWERS, explain

KINDS: Mapping[type[Post | Tenure | User], str] = {
    Tenure: "appointment",
    Post: "powers",
    User: "password",
}


@dataclass(frozen=True)
class PendingGrant:
    """A pending grant as the page shows it: where it can be revoked, and why the reader may not
    confirm it, if so.
    """

    kind: str
    row: Post | Tenure | User
    what: str
    powers: list[str]
    until_at: datetime | None
    url: str
    why_not: str

    @property
    def seen_at(self) -> str:
        return self.row.granted_at.isoformat() if self.row.granted_at else ""


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """List every pending grant of access to seals, with who can confirm it."""
    now = timezone.now()
    if not access.units_with(request.user, Power.ADMINISTER, localdate(now)):
        raise PermissionDenied
    own = cache(lambda unit: _waits_oneself(request.user, unit, now))  # once for each unit
    rows = [_row(each, request.user, own) for each in queries.waiting(request.user, now)]
    return render(request, "orgs/granting.html", {"rows": rows})


@require_POST
def confirm(request: SignedInRequest, kind: str, pk: int) -> HttpResponseRedirect:
    """Confirm a grant as the page showed it."""
    now = timezone.now()
    waiting = {(KINDS[type(row)], row.pk): row for row in queries.waiting(request.user, now)}
    try:
        if (kind, pk) not in waiting:
            raise NothingWaits
        granting.confirm(
            row=waiting[kind, pk],
            granted_at=_seen(request.POST.get("seen", "")),
            actor=request.user,
            now=now,
        )
    except Refusal as refusal:
        messages.error(request, explain(refusal))
    else:
        messages.success(request, _("Confirmed. It can be used for unsealing from now on."))
    return redirect("orgs:grants")


def _seen(text: str) -> datetime | None:
    """Return the grant time that the page showed; later grants were not reviewed."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _row(row: Post | Tenure | User, reader: User, own: Callable[[Unit], str]) -> PendingGrant:
    post = row.post if isinstance(row, Tenure) else row if isinstance(row, Post) else None
    holder = row.member if isinstance(row, Tenure) else row if isinstance(row, User) else None
    url = reverse("orgs:unit", args=[post.unit.code]) if post else ""
    if isinstance(row, Tenure):
        what = _("%(who)s was appointed to %(post)s") % {
            "who": row.member,
            "post": naming.seat_of(row.post),
        }
    elif isinstance(row, Post):
        what = _("Powers were added to %(post)s") % {"post": naming.seat_of(row)}
    else:
        what = _("%(who)s was given a password") % {"who": row}
        url = reverse("orgs:member", args=[row.username])
    return PendingGrant(
        kind=KINDS[type(row)],
        row=row,
        what=what,
        powers=[str(POWERS[Power(each)]) for each in post.powers] if post else [],
        until_at=row.grant.settles_at,
        url=url,
        why_not=_why_not(row, holder, reader) or (own(post.unit) if post else ""),
    )


def _why_not(row: Post | Tenure | User, holder: User | None, reader: User) -> str:
    if reader == holder or reader.pk == row.granted_by_id:
        return _("Another administrator must confirm it")
    if isinstance(row, User) and row.must_change_password:
        return _("Not yet used by the officer")
    return ""


def _waits_oneself(reader: User, unit: Unit, now: datetime) -> str:
    """Whether the reader was recently appointed or given a password, and so cannot confirm yet."""
    try:
        require_settled_over(reader, unit, now)
    except StillWaits as waits:
        until = formats.moment(waits.until_at)
        return _("Your own post or password is unconfirmed until %(moment)s") % {"moment": until}
    return ""
