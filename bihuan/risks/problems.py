"""Hazards that are reported from the page of a risk, or after a check that failed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from bihuan.cases.models import Case
from bihuan.desk import hooks
from bihuan.desk.hooks import Beginning, Origin
from bihuan.orgs.models import User
from bihuan.risks import queries
from bihuan.risks.models import Control, ControlCheck, RiskPoint
from bihuan.sites import subject as sites
from bihuan.sites.actions import links

TITLE = 200


def address(at: RiskPoint | Control, user: User, now: datetime) -> str:
    """Return where the officer reports a hazard at the site of this risk; empty if nowhere."""
    url = hooks.report_address(user, now)
    return f"{url}?{urlencode({'at': at.subject})}" if url else ""


def _of_risk(user: User, key: str, now: datetime) -> Beginning | None:
    """Return what the report begins with: the site, and what can happen."""
    if queries.hidden_from(user, [key], now):
        return None
    risk = RiskPoint.objects.get(pk=key)
    return _begin(risk, risk.title, risk.harm, risk.subject, user, now)


def _of_control(user: User, key: str, now: datetime) -> Beginning | None:
    """Return what the report begins with: the site, the measure, and what the last check found."""
    if queries.hidden_controls(user, [key], now):
        return None
    control = Control.objects.select_related("risk").get(pk=key)
    failed = ControlCheck.objects.filter(control=control, is_effective=False).order_by("-pk")
    found = failed.values_list("note", flat=True).first() or ""
    return _begin(control.risk, control.measure, found, control.subject, user, now)


def _begin(
    risk: RiskPoint, title: str, description: str, subject: str, user: User, now: datetime
) -> Beginning | None:
    at = sites.begin_report(user, str(risk.site_id), now)
    if at is None:
        return None
    more = {"title": title[:TITLE], "description": description}
    return replace(at, subject=subject, initial={**at.initial, **more})


def _risk_reported(key: str, case: Case, actor: User, now: datetime) -> None:
    links.reported(str(RiskPoint.objects.get(pk=key).site_id), case, actor, now)


def _control_reported(key: str, case: Case, actor: User, now: datetime) -> None:
    control = Control.objects.select_related("risk").get(pk=key)
    links.reported(str(control.risk.site_id), case, actor, now)


OF_RISK = Origin(_of_risk, _risk_reported)
OF_CONTROL = Origin(_of_control, _control_reported)
