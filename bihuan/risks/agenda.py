"""Where the frame of the pages leads to risks: Today, the search box, and links to a subject."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bihuan.core.deadlines import Due
from bihuan.core.powers import Power
from bihuan.orgs import access
from bihuan.orgs.models import User
from bihuan.orgs.naming import name_of
from bihuan.risks import queries, wording
from bihuan.risks.models import Control, Regrading, RiskPoint
from bihuan.web.agenda import AT_MOST, AgendaItem, AgendaSection, Duty, SectionIfAny
from bihuan.web.finding import MOST, FoundPlace
from bihuan.web.subjects import SubjectType


def _address(key: str) -> str:
    return reverse("risks:risk", args=[key])


def _name(key: str) -> str:
    return RiskPoint.objects.get(pk=key).title


def _control_address(key: str) -> str:
    return Control.objects.get(pk=key).get_absolute_url()


def _control_name(key: str) -> str:
    return Control.objects.get(pk=key).measure[:80]


TYPE = SubjectType(
    _address, _name, queries.hidden_from, queries.may_see, wording.DONE, queries.may_attach_to_risk
)
CONTROL_TYPE = SubjectType(
    _control_address,
    _control_name,
    queries.hidden_controls,
    queries.may_see_control,
    wording.DONE,
    queries.may_attach,
)


def sections(user: User, now: datetime) -> Iterator[SectionIfAny]:
    """Return lower grades to confirm, the officer's own checks, and overdue ones of others."""
    if access.has_somewhere(user, (*queries.CONFIRMERS, Power.COORDINATE), localdate(now)):
        asked = queries.regradings_to_decide(user, now).select_related("risk__site__unit")
        yield SectionIfAny(_to_confirm, (asked.order_by("pk")[: AT_MOST + 1],))
    yield SectionIfAny(_own, (_first(queries.to_check(user, now)),))
    if access.tops(user, [Power.COORDINATE], localdate(now)):
        yield SectionIfAny(_of_others, (_first(queries.overdue_of_others(user, now)),))


def _first(found: queries.Controls) -> queries.Controls:
    rows = found.select_related("risk__site__unit").order_by("next_due_date", "pk")
    return rows[: AT_MOST + 1]


def _own(rows: list[Control]) -> AgendaSection:
    own = [_item(each, is_own=True) for each in rows]
    more = f"{reverse('risks:risks')}?checks=mine"
    return AgendaSection.of(_("Controls to check"), own, more, is_checked=True)


def _of_others(rows: list[Control]) -> AgendaSection:
    late = [_item(each, is_own=False) for each in rows]
    more = f"{reverse('risks:risks')}?checks=overdue"
    return AgendaSection.of(
        _("Overdue checks of controls"), late, more, is_checked=True, duty=Duty.WATCHED
    )


def _item(control: Control, *, is_own: bool) -> AgendaItem:
    site = control.risk.site
    return AgendaItem(
        title=control.measure[:80],
        url=control.get_absolute_url(),
        place=site.name,
        unit=name_of(site.unit),
        note=control.risk.title,
        due=Due(control.next_due_date),
        step_label=_("Check control") if is_own else "",
        step_url=reverse("risks:check", args=[control.pk]) if is_own else "",
        subject=control.subject,
        post=control.post_id,
    )


def _to_confirm(rows: list[Regrading]) -> AgendaSection:
    items = [_to_decide(each) for each in rows]
    return AgendaSection.of(_("Lower grades of risks to confirm"), items, is_checked=True)


def _to_decide(asked: Regrading) -> AgendaItem:
    risk = asked.risk
    return AgendaItem(
        title=risk.title,
        url=risk.get_absolute_url(),
        place=risk.site.name,
        unit=name_of(risk.site.unit),
        step_label=_("Confirm or refuse"),
        step_url=reverse("risks:decide", args=[asked.pk]),
        subject=risk.subject,
    )


def find(user: User, words: str, now: datetime) -> Iterator[FoundPlace]:
    """Return risks by their title, with the site."""
    named = queries.visible_to(user, now).filter(title__icontains=words)
    for risk in named.select_related("site").order_by("-pk")[:MOST]:
        yield FoundPlace(risk.title, risk.get_absolute_url(), "warning", risk.site.name)
