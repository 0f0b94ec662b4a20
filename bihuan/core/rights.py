"""The legal rights of the public that may be shown: verified, in force, and owed to them."""

from __future__ import annotations

from datetime import date

from bihuan.core import rules
from bihuan.core.procedure import Procedure
from bihuan.core.rules import Confidence, Rule, UnknownRule, lineage


def of(procedure: Procedure, on: date) -> tuple[Rule, ...]:
    """Return the rights in the course of a grievance, in the order in which they arise."""
    named = [rule for slot in procedure.slots for rule in procedure.every_rule(slot)]
    named += procedure.remedies
    return _told(named, procedure.jurisdiction, on)


def beside(procedure: Procedure, on: date) -> tuple[Rule, ...]:
    """Return all other rights: protection from danger, mediation, access to information."""
    places = lineage(procedure.jurisdiction)
    named = [rule.id for rule in rules.every_rule() if rule.jurisdiction in places]
    along = of(procedure, on)
    return tuple(each for each in _told(named, procedure.jurisdiction, on) if each not in along)


def source(rule_id: str, procedure: Procedure, on: date) -> Rule | None:
    """Return the rule behind a pathway if it may be shown as a right."""
    return next(iter(_told([rule_id], procedure.jurisdiction, on)), None)


def default(rule_id: str, procedure: Procedure, on: date) -> Rule | None:
    """Return the rule behind a pathway if it is a default of this system, which claims no law."""
    found = _in_force(rule_id, procedure.jurisdiction, on)
    return next((rule for rule in found if rule.confidence is Confidence.PROJECT_DEFAULT), None)


def _told(named: list[str], jurisdiction: str, on: date) -> tuple[Rule, ...]:
    return tuple(
        rule
        for rule_id in dict.fromkeys(named)
        for rule in _in_force(rule_id, jurisdiction, on)
        if rule.is_public_right
    )


def _in_force(rule_id: str, jurisdiction: str, on: date) -> tuple[Rule, ...]:
    try:
        return rules.candidates(rule_id, on=on, jurisdiction=jurisdiction)[:1]
    except (UnknownRule, rules.RuleNotInForce):
        return ()
