"""What is refused about transfer letters."""

from __future__ import annotations

from bihuan.core.refusal import Refusal


class NotTransferable(Refusal):
    """No letter is made from a case of this kind or stage."""


class OneAddressee(Refusal):
    """A letter goes to one unit of the system, or to one body outside."""


class OwnUnit(Refusal):
    """The unit that sends a letter does not receive it."""


class NotOfThisCase(Refusal):
    """A photo is not one that officers took for this case."""


class NotYet(Refusal):
    """A day of receipt or answer is in the future."""


class BeforeIssue(Refusal):
    """A day of receipt is before the issue, or a day of answer before the receipt."""
