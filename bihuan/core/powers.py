"""What a post lets its holder do, over its unit and every unit below it."""

from collections.abc import Iterable
from enum import StrEnum


class Power(StrEnum):
    """One role of `docs/glossary.md`; a post has any set of them."""

    REPORT = "report"
    HANDLE = "handle"
    VERIFY = "verify"
    APPROVE = "approve"
    COORDINATE = "coordinate"
    DUTY = "duty"
    SUPERVISE = "supervise"
    ADMINISTER = "administer"
    AUDIT = "audit"
    OPERATE = "operate"


# Housekeeping powers: they do not include work on cases, and give no access to them.
HOUSEKEEPING = frozenset({Power.ADMINISTER, Power.AUDIT})
# A post of an operator of sites has this power and no other: it is no post of an officer, and
# gives access to the sites of its own unit only.
OPERATING = frozenset({Power.OPERATE})
# Powers that do not include work on cases.
NO_CASES = HOUSEKEEPING | OPERATING
# What any post of an officer may have.
OF_OFFICERS = frozenset(Power) - OPERATING


def are_together(powers: Iterable[str]) -> bool:
    """Whether one post may have these powers: those of an operator stay alone."""
    given = frozenset(powers)
    return Power.OPERATE not in given or given == OPERATING
