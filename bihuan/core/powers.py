"""What a post lets its holder do, over its unit and every unit below it."""

from enum import StrEnum


class Power(StrEnum):
    """One role of `docs/glossary.md`; a post holds any set of them."""

    REPORT = "report"
    HANDLE = "handle"
    VERIFY = "verify"
    APPROVE = "approve"
    COORDINATE = "coordinate"
    DUTY = "duty"
    SUPERVISE = "supervise"
    ADMINISTER = "administer"
    AUDIT = "audit"


# They look after the house, and do not work on what people bring: they give no sight of it.
HOUSEKEEPING = frozenset({Power.ADMINISTER, Power.AUDIT})
