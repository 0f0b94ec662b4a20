"""Requests to correct or erase what a reporter submitted (PRV-4)."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

from bihuan.core import legible
from bihuan.core.masking import MASK
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, Refusal
from bihuan.core.rules import Bilingual

# The clock for answering a request.
TERM = "PRV-4"
# The power needed to decide, in the unit responsible for the case or above it.
DECIDERS = frozenset({Power.COORDINATE, Power.APPROVE})
_SENTENCES = re.compile(r"(?<=[。！？；!?;\n])|(?<=\. )")


class Wants(StrEnum):
    """What is requested."""

    CORRECT = "correct"
    ERASE = "erase"


class AmendmentOutcome(StrEnum):
    """The decision."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


class Basis(StrEnum):
    """Why something is kept although the reporter asks otherwise."""

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
    """Nothing of that kind was submitted with this code, or it no longer exists."""


class AlreadyAsked(Refusal):
    """There is already a pending request about the same thing."""

    def __init__(self, asked_at: datetime) -> None:
        super().__init__(asked_at)
        self.asked_at = asked_at


class Unchanged(Refusal):
    """The corrected text equals the current one."""


class TooLong(Refusal):
    """The corrected text exceeds the limit; it is never truncated silently."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class NotOnlyLeftOut(Refusal):
    """The remaining text would contain words that are not the reporter's own."""


class HeldBack(Refusal):
    """The case is on hold as evidence, so nothing of it may be erased or replaced."""


class NotHeldBack(Refusal):
    """The refusal gives a hold as its reason, but there is none."""


class NoLongerOpen(Refusal):
    """The request was decided or withdrawn."""


def require_reasons(outcome: AmendmentOutcome, answer: str, basis: str) -> None:
    """Require a reason and a basis for a request not granted in full (个人信息保护法 50)."""
    if outcome is AmendmentOutcome.GRANTED:
        return
    lacking = [
        *(() if legible.has_words(answer) else ("answer",)),
        *(() if basis in frozenset(Basis) else ("basis",)),
    ]
    if lacking:
        raise Missing(*lacking)


def require_kept_as_evidence(outcome: AmendmentOutcome, basis: str, *, is_held: bool) -> None:
    """Allow only a refusal with that reason while a case is on hold."""
    if is_held and outcome is not AmendmentOutcome.REFUSED:
        raise HeldBack
    if basis == Basis.HELD and outcome is not AmendmentOutcome.GRANTED and not is_held:
        raise NotHeldBack


def require_left_out(words: str, left: str) -> str:
    """Require that the text only omits parts of the original, and adds nothing.

    A gap must mark each omission, also at the beginning and the end: without one, a text that
    begins too late or ends too early could say something else.
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
    """Return the text without gaps and spaces."""
    return "".join(words.replace(MASK, "").split())


def require_made_of(left: str, words: str, right: str) -> str:
    """Require that each sentence is a whole sentence of the original or the corrected text,
    never one of the officer's: a part of a sentence may say the opposite. Something of the
    original must change.
    """
    mine = _sentences(left)
    if not mine <= _sentences(words) | _sentences(right) or left.strip() == words.strip():
        raise NotOnlyLeftOut
    return left


def _sentences(words: str) -> frozenset[str]:
    return frozenset(filter(None, map(str.strip, _SENTENCES.split(words))))
