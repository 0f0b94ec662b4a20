"""What people told, corrected or erased because they ask for it (PRV-4)."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

from bihuan.core import legible
from bihuan.core.masking import MASK
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, Refusal
from bihuan.core.rules import Bilingual

# The clock within which it is answered.
TERM = "PRV-4"
# Who decides, in the unit that has the case or above it.
DECIDERS = frozenset({Power.COORDINATE, Power.APPROVE})
_SENTENCES = re.compile(r"(?<=[。！？；!?;\n])|(?<=\. )")


class Wants(StrEnum):
    """What is asked for."""

    CORRECT = "correct"
    ERASE = "erase"


class AmendmentOutcome(StrEnum):
    """What was decided."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


class Basis(StrEnum):
    """Why something stays as it is although the person asks otherwise."""

    NEEDED = "needed"
    KEPT = "kept"
    HELD = "held"
    RIGHT = "right"
    OTHER = "other"


# 个人信息保护法, read article by article (S); PAP-17 for the retention list.
LAW: dict[Basis, Bilingual] = {
    Basis.NEEDED: Bilingual(
        zh="《个人信息保护法》第三十四条、第四十七条第一款第一项：处理目的尚未实现",
        en="Personal Information Protection Law, Arts. 34 and 47(1)1: still needed for its purpose",
    ),
    Basis.KEPT: Bilingual(
        zh="《个人信息保护法》第四十七条第二款：法律、行政法规规定的保存期限未届满",
        en="Personal Information Protection Law, Art. 47(2): the retention period is not over",
    ),
    Basis.HELD: Bilingual(
        zh="《个人信息保护法》第三十四条、第四十七条第一款第一项：诉讼、审计或者调查需要，作为证据保留，"
        "处理目的尚未实现",
        en="Personal Information Protection Law, Arts. 34 and 47(1)1: kept as evidence for a "
        "court, an audit or an inquiry, and so still needed for its purpose",
    ),
    Basis.RIGHT: Bilingual(
        zh="《个人信息保护法》第四十六条第二款：已核实，并非不准确或者不完整",
        en="Personal Information Protection Law, Art. 46(2): verified, and neither wrong nor "
        "incomplete",
    ),
    Basis.OTHER: Bilingual(
        zh="《个人信息保护法》第五十条第一款：见说明的理由",
        en="Personal Information Protection Law, Art. 50(1): see the reason",
    ),
}
AGAINST = Bilingual(
    zh="《个人信息保护法》第五十条第二款", en="Personal Information Protection Law, Art. 50(2)"
)


class NotThere(Refusal):
    """Nothing of that kind was told under this code, or it is gone."""


class AlreadyAsked(Refusal):
    """The same thing is asked about, and waits for a decision."""

    def __init__(self, asked_at: datetime) -> None:
        super().__init__(asked_at)
        self.asked_at = asked_at


class Unchanged(Refusal):
    """The right words are those that stand there already."""


class TooLong(Refusal):
    """Less room is there than these words take; nobody cuts them without a word."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class NotOnlyLeftOut(Refusal):
    """Something else than the person's own words would stand there."""


class HeldBack(Refusal):
    """The case is held back as evidence, so that nothing of it is erased or replaced now."""


class NotHeldBack(Refusal):
    """The refusal names a hold, and there is none."""


class NoLongerOpen(Refusal):
    """It was decided, or the person has withdrawn it."""


def require_reasons(outcome: AmendmentOutcome, answer: str, basis: str) -> None:
    """What is not granted in full says why, and on what it rests (个人信息保护法 50)."""
    if outcome is AmendmentOutcome.GRANTED:
        return
    lacking = [
        *(() if legible.has_words(answer) else ("answer",)),
        *(() if basis in frozenset(Basis) else ("basis",)),
    ]
    if lacking:
        raise Missing(*lacking)


def require_kept_as_evidence(outcome: AmendmentOutcome, basis: str, *, is_held: bool) -> None:
    """While a case is held back a request can only be refused, and only then for that reason."""
    if is_held and outcome is not AmendmentOutcome.REFUSED:
        raise HeldBack
    if basis == Basis.HELD and outcome is not AmendmentOutcome.GRANTED and not is_held:
        raise NotHeldBack


def require_left_out(words: str, left: str) -> str:
    """The words with gaps in them: something may be left out of them, and nothing put in.

    Each gap stands where something is left out, at the beginning and at the end as well: words
    that begin or end too early without one would say something else.
    """
    first, *others = map(str.strip, left.split(MASK))
    whole = words.strip()
    if not others or not whole.startswith(first):
        raise NotOnlyLeftOut
    *between, last = others
    at, end = len(first), len(whole) - len(last)
    for piece in filter(None, between):
        found = whole.find(piece, at, end)
        if found < 0:
            raise NotOnlyLeftOut
        at = found + len(piece)
    if at > end or not whole.endswith(last) or _bare(left) == _bare(words):
        raise NotOnlyLeftOut
    return left


def _bare(words: str) -> str:
    """The words without gaps and spaces."""
    return "".join(words.replace(MASK, "").split())


def require_made_of(left: str, words: str, right: str) -> str:
    """Each sentence is a whole one of the earlier or of the corrected words, none an officer's
    own: a piece of one may say the contrary. Something of the earlier words has to change."""
    mine = _sentences(left)
    if not mine <= _sentences(words) | _sentences(right) or left.strip() == words.strip():
        raise NotOnlyLeftOut
    return left


def _sentences(words: str) -> frozenset[str]:
    return frozenset(filter(None, map(str.strip, _SENTENCES.split(words))))
