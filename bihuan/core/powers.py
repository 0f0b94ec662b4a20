"""What a post lets its holder do, over its unit and every unit below it."""

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


# Housekeeping powers: they do not include work on cases, and give no access to them.
HOUSEKEEPING = frozenset({Power.ADMINISTER, Power.AUDIT})
