"""Today: whom an officer is asked to represent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from bihuan.orgs import naming
from bihuan.orgs.models import StandInOffer, User
from bihuan.orgs.wording import period
from bihuan.web.agenda import AT_MOST, AgendaItem, AgendaSection


def sections(user: User, now: datetime) -> Iterator[AgendaSection]:
    """Return the questions that wait for the officer's answer."""
    asked = StandInOffer.objects.waiting(localdate(now)).filter(member=user)[: AT_MOST + 1]
    yield AgendaSection.of(_("Asked to be the stand-in"), map(_item, asked), order=2)


def _item(offer: StandInOffer) -> AgendaItem:
    page = reverse("orgs:answer-stand-in", args=[offer.pk])
    return AgendaItem(
        title=offer.tenure.member.name,
        url=page,
        note=f"{naming.seat_of(offer.tenure.post)} · {period(offer.start_date, offer.end_date)}",
        step_label=_("Accept or decline"),
        step_url=page,
    )
