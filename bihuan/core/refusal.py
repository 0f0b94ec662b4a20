"""Refusals: what the rules return when something is not allowed. Each app's `wording.py`
explains its own.
"""


class Refusal(Exception):
    """The rules refuse; the subclass and its fields give the reason, without any text."""


class NotAllowed(Refusal):
    """The person holds no post with the required power over that unit."""

    def __init__(self, power: str = "") -> None:
        super().__init__(power)
        self.power = power


class WrongStage(Refusal):
    """The move does not start from the current stage of the case."""

    def __init__(self, move: str, stage: str) -> None:
        super().__init__(move, stage)
        self.move, self.stage = move, stage


class SamePerson(Refusal):
    """Four eyes: the person who did the work may not verify, decide or close it."""


class NamedInLedger(SamePerson):
    """An imported ledger names an officer with this name as the one who did the work."""


class OwnAnswer(SamePerson):
    """The person who fixed, answered or reviewed it may not investigate whether that solved it."""


class SameUnit(Refusal):
    """Four eyes: the unit that did the fix may not verify it."""


class Missing(Refusal):
    """A required value is missing."""

    def __init__(self, *what: str) -> None:
        super().__init__(*what)
        self.what = what


class Stale(Refusal):
    """The record was changed by another user since it was read."""
