"""What a move will do, as sentences for its form: from the table of the kind, and its own words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from bihuan.calendars.wording import amount
from bihuan.cases import kinds, queries
from bihuan.cases.models import Case
from bihuan.cases.wording import in_language
from bihuan.clocks.actions import running
from bihuan.core import rules
from bihuan.core.lifecycle import Transition
from bihuan.core.rules import Party, Rule, Unit
from bihuan.desk import pages
from bihuan.desk.move_pages import AnyMovePage
from bihuan.orgs.choices import name_of
from bihuan.web.templatetags.bihuan import day


def effects(case: Case, page: AnyMovePage, row: Transition, now: datetime) -> list[str]:
    """Return what happens to the case, to its time limits and to the reporter."""
    return [
        *_stage(case, row),
        *(str(sentence) for sentence in page.consequences),
        *(str(sentence) for sentence in pages.of(case).effects(case, row)),
        *_requested(case, row),
        *_clocks(case, page, row, now),
        *_told(case, page),
    ]


def of_each(case: Case, page: AnyMovePage, row: Transition, now: datetime) -> list[str]:
    """Return what happens to each of many cases at the same stage as this one."""
    named = pages.of(case).clocks(case, row)
    starts = (_starts(_rule(rule_id, named.jurisdiction, now), page) for rule_id in named.starts)
    return [*_stage(case, row), *(str(sentence) for sentence in page.consequences), *starts]


def _stage(case: Case, row: Transition) -> Iterator[str]:
    if not row.target or row.target == case.stage:
        return
    table, name = kinds.of(case).lifecycle, kinds.stage_words(case.kind, row.target)
    if row.target in table.ended and not case.ended_at:
        yield _("The case ends: its stage becomes “%(stage)s”.") % {"stage": name}
    else:
        yield _("The stage becomes “%(stage)s”.") % {"stage": name}


def _requested(case: Case, row: Transition) -> Iterator[str]:
    """Say what both answers to a pending request lead to; the case is loaded for its page."""
    until, unit = getattr(case, "extension_until", None), name_of(case.owner)
    if row.move == "decide_extension" and until:
        yield _("If you grant the extension, the new date is %(day)s.") % {"day": day(until)}
    if row.move == "decide_contest":
        yield _(
            "If you uphold the objection, the case goes to the post that you choose; if not, it "
            "stays with %(unit)s."
        ) % {"unit": unit}


def _clocks(case: Case, page: AnyMovePage, row: Transition, now: datetime) -> Iterator[str]:
    """Name the time limits that the move stops and starts; a replaced one only starts again."""
    named = pages.of(case).clocks(case, row)
    for clock in running.of_subject(case.subject):
        if clock.rule_id in named.stops and clock.rule_id not in named.starts:
            rule = running.of(clock).rule
            yield _("The time limit “%(name)s” ends.") % {"name": in_language(rule.name)}
    for rule_id in named.starts:
        yield _starts(_rule(rule_id, named.jurisdiction, now), page)


def _starts(rule: Rule, page: AnyMovePage) -> str:
    name = in_language(rule.name)
    if rule.unit is Unit.DATE and not page.asks_day:
        return _("The time limit “%(name)s” runs again, until the same day as before.") % {
            "name": name
        }
    if rule.unit is Unit.DATE:
        return _("The time limit “%(name)s” starts, until the day that you set.") % {"name": name}
    said = (
        _("The reporter's time limit “%(name)s” starts: %(length)s.")
        if rule.owed_by is Party.CITIZEN
        else _("The time limit “%(name)s” starts: %(length)s.")
    )
    return said % {"name": name, "length": amount(rule.unit, rule.length)}


def _rule(rule_id: str, jurisdiction: str, now: datetime) -> Rule:
    on = running.local_date(now)
    return rules.candidates(rule_id, on=on, jurisdiction=jurisdiction)[0]


def _told(case: Case, page: AnyMovePage) -> Iterator[str]:
    if page.tells and case.channel in queries.FROM_PUBLIC:
        yield _("The reporter is informed, and reads it with the tracking code.")
