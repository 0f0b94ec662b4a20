"""Where the frame of the pages leads to duties: Today, and links to a subject."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.duties import queries, wording
from bihuan.duties.models import Duty
from bihuan.orgs.models import User
from bihuan.orgs.naming import name_of, title_of
from bihuan.web.agenda import AT_MOST, AgendaItem, AgendaSection, SectionIfAny
from bihuan.web.subjects import SubjectType


def _address(key: str) -> str:
    return reverse("duties:duty", args=[key])


def _name(key: str) -> str:
    duty = Duty.objects.select_related("site").get(pk=key)
    return f"{duty.site.name} · {duty.duty_kind}"


TYPE = SubjectType(
    _address, _name, queries.hidden_from, queries.may_see, wording.DONE, queries.may_attach
)


def sections(user: User, now: datetime) -> Iterator[SectionIfAny]:
    """Return the duties of the officer's own posts that wait for a signature."""
    if not queries.own_posts(user, now):
        return
    found = queries.to_sign(user, now).select_related("site__unit", "post")
    yield SectionIfAny(_to_sign, (found.order_by("pk")[: AT_MOST + 1],))


def _to_sign(rows: list[Duty]) -> AgendaSection:
    more = reverse("duties:sign-many")
    items = map(_item, rows)
    return AgendaSection.of(_("Duties to sign"), items, more, is_checked=True, order=6)


def _item(duty: Duty) -> AgendaItem:
    return AgendaItem(
        title=str(duty.duty_kind),
        url=duty.get_absolute_url(),
        place=duty.site.name,
        unit=name_of(duty.site.unit),
        note=title_of(duty.post),
        step_label=_("Sign duty"),
        step_url=reverse("duties:sign", args=[duty.pk]),
        subject=duty.subject,
        post=duty.post_id,
    )
