"""What the rules answer when something may not be done. Each app's `wording.py` explains it."""


class Refusal(Exception):
    """The rules say no; the subclass and its fields say why, without any wording."""


class NotAllowed(Refusal):
    """The person holds no post with the needed power over that unit."""

    def __init__(self, power: str = "") -> None:
        super().__init__(power)
        self.power = power


class WrongStage(Refusal):
    """The move does not start from the stage that the case is in."""

    def __init__(self, move: str, stage: str) -> None:
        super().__init__(move, stage)
        self.move, self.stage = move, stage


class SamePerson(Refusal):
    """Four eyes: the person who did the work may not check, decide or close it."""


class NamedInLedger(SamePerson):
    """An imported ledger names an officer of this name as the one who did the work."""


class OwnAnswer(SamePerson):
    """The person who fixed, answered or reviewed it does not look into whether that solved it."""


class SameUnit(Refusal):
    """Four eyes: the unit that did the fix may not verify it."""


class Missing(Refusal):
    """Something the move requires was not given."""

    def __init__(self, *what: str) -> None:
        super().__init__(*what)
        self.what = what


class Stale(Refusal):
    """Somebody else changed the record since it was read."""
