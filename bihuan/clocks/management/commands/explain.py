"""`bihuan explain RULE --start ISO`: print a deadline and its arithmetic."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from bihuan import languages
from bihuan.calendars import queries, wording
from bihuan.core import clocks, rules
from bihuan.core.explain import Explanation, explain
from bihuan.core.refusal import Refusal


class Command(BaseCommand):
    help = "Show how a deadline is calculated."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rule", metavar="RULE", help="PET-8, HAZ-5, LOC-1 …")
        parser.add_argument("--start", required=True, help="an ISO date, or date and time")
        parser.add_argument("--due", help="the date set for the case, for rules without a length")
        parser.add_argument("--calendar", default="CN", help="the jurisdiction (default CN)")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self,
        *args: Any,
        rule: str,
        start: str,
        due: str | None,
        calendar: str,
        as_json: bool,
        **options: Any,
    ) -> None:
        try:
            explanation = _explanation(
                rule, _instant(start), _day(due) if due else None, calendar.upper()
            )
        except Refusal as refusal:
            raise CommandError(wording.explain(refusal)) from refusal
        except OverflowError as error:
            raise CommandError(_("The dates are outside the supported range.")) from error
        if as_json:
            self.stdout.write(json.dumps(_as_data(explanation), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(wording.derivation(explanation)))


def _explanation(
    rule_id: str, at: datetime, due_date: date | None, jurisdiction: str
) -> Explanation:
    outlook = queries.outlook(jurisdiction)
    zone = timezone.get_current_timezone()
    on = at.astimezone(zone).date()
    rule = rules.rule(rule_id, on=on, jurisdiction=jurisdiction)
    clock = clocks.start(rule, at, zone=zone, due_date=due_date)
    return explain(clock, outlook.short, outlook.long)


def _instant(text: str) -> datetime:
    """Parse the instant; without an offset it is local time."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise _no_date(text) from error
    return at if timezone.is_aware(at) else timezone.make_aware(at)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _no_date(text) from error


def _no_date(text: str) -> CommandError:
    message = _("“%(text)s” is not a date: write 2026-11-22 or 2026-11-22T09:30.")
    return CommandError(message % {"text": text})


def _as_data(explanation: Explanation) -> dict[str, object]:
    clock = explanation.clock
    return {
        "rule": clock.rule.id,
        "version": clock.rule.version,
        "name": languages.of(clock.rule.name),
        "source": languages.of(clock.rule.source),
        "confidence": clock.rule.confidence,
        "is_public_right": clock.rule.is_public_right,
        "calendar": explanation.calendar.jurisdiction,
        "calendar_version": explanation.calendar.version,
        "start": clock.started_at.astimezone(clock.zone).isoformat(),
        "due_at": explanation.due_at and explanation.due_at.isoformat(),
        "due_at_unrolled": explanation.due_at_unrolled and explanation.due_at_unrolled.isoformat(),
        "provisional": explanation.is_provisional,
        "days": [
            {
                "date": day.date.isoformat(),
                "counted": day.counted,
                "number": day.number,
                "role": day.role,
                "kind": day.kind,
                "holiday": day.holiday,
                "provisional": day.is_open,
                "why": wording.why(day),
            }
            for day in explanation.days
        ],
    }
