"""Today: whom an officer is asked to represent, and what that closes to the officer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bihuan.orgs import access, holdings, naming, stand_ins
from bihuan.orgs.models import StandInOffer, Tenure, User
from bihuan.orgs.wording import period
from bihuan.web.agenda import ASKED, AT_MOST, AgendaItem, AgendaSection


def sections(user: User, now: datetime) -> Iterator[AgendaSection]:
    """Return the questions that wait for the officer's answer."""
    asked = StandInOffer.objects.waiting(localdate(now)).filter(member=user)[: AT_MOST + 1]
    yield AgendaSection.of(_("Asked to be the stand-in"), map(_item, asked), order=ASKED)
    closed = (item for each in _represented(user, now) for item in _closed(each, now))
    yield AgendaSection.of(_("Closed to you because you are the stand-in"), closed, order=2)


def _represented(user: User, now: datetime) -> list[Tenure]:
    """Return the stand-ins of this officer that are in force."""
    on = localdate(now)
    if not access.represented(user, on):
        return []
    return list(stand_ins.now_and_later(on).filter(member=user, start_date__lte=on))


def _closed(stand_in: Tenure, now: datetime) -> Iterator[AgendaItem]:
    """Return that cases of the officer's own posts are closed now, because they are closed to the
    holder, whose stand-in can end it and see them again; or to the unit, and so permanently.
    """
    closed, held = holdings.closed_by(stand_in, now), stand_in.holder_tenure
    assert held is not None
    if closed.until_end:
        note = gettext("until you end the stand-in for %(holder)s") % {"holder": held.member}
        yield _closed_item(stand_in, closed.until_end, note)
    if closed.permanently:
        unit = naming.name_of(stand_in.post.unit)
        note = gettext("permanently, because you have acted in %(unit)s") % {"unit": unit}
        yield _closed_item(stand_in, closed.permanently, note)


def _closed_item(stand_in: Tenure, number: int, note: str) -> AgendaItem:
    page = reverse("orgs:end-stand-in", args=[stand_in.pk])
    return AgendaItem(
        title=ngettext(
            "%(count)d case of your own posts", "%(count)d cases of your own posts", number
        )
        % {"count": number},
        url=page,
        note=note,
        step_label=_("End the stand-in"),
        step_url=page,
    )


def _item(offer: StandInOffer) -> AgendaItem:
    page = reverse("orgs:answer-stand-in", args=[offer.pk])
    return AgendaItem(
        title=offer.tenure.member.name,
        url=page,
        note=f"{naming.seat_of(offer.tenure.post)} · {period(offer.start_date, offer.end_date)}",
        step_label=_("Accept or decline"),
        step_url=page,
    )
