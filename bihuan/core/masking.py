"""Mask personal data of members of the public in texts about a problem.

Identity-card numbers, mobile numbers, and names directly after words such as 举报人 are replaced by
×××. It finds known patterns and does not claim to find every name.
"""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

MASK = "×××"


class MaskedText(StrEnum):
    """What was masked."""

    IDENTITY = "identity"
    PHONE = "phone"
    NAME = "name"


class Masked(NamedTuple):
    """The text as it may be stored, and what was removed from it."""

    text: str
    found: frozenset[MaskedText]


# ---------------------------------------------------------------------- numbers
ID_CARD = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
_OLD_ID_CARD = re.compile(
    r"(身份证(?:号码?|件号)?(?:是|为)?[:：\s]*)(\d{15}(?:\d{2}[\dXx])?)(?!\d)"
)
MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


def is_id_card(number: str) -> bool:
    """Whether the last of 18 digits is the check digit of the others (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECK_DIGITS[total % 11] == number[-1].upper()


# ------------------------------------------------------------------------ names
_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_SURNAMES = "".join(_WORDS["surnames"])
_COMPOUND, _STRONG, _WEAK = (
    "|".join(_WORDS[name]) for name in ("compound_surnames", "strong", "weak")
)
_NO_NAMES = frozenset(_WORDS["no_names"])
_NAME = rf"(?:(?:{_COMPOUND}|[{_SURNAMES}])(?:某{{1,2}}|先生|女士|同志|[\u4e00-\u9fff]{{1,2}}?))"
_END = (
    r"(?=[\s,，。；;、:：（(）)\[\]【】“”\"'×]|$|\d|\+|举报|反映|投诉|来电|来访|来信|称|身份证|电话|手机|联系|申请"
    r"|要求|住|报警|求助)"
)
_TOLD = (
    r"(?=\s*[（(]|\s*[，,]?\s*(?:身份证|电话|手机|联系)|\s*\d"
    r"|举报|反映|投诉|来电|来访|来信|称|报警|求助)"
)
_AFTER_STRONG = re.compile(rf"((?:{_STRONG})(?:姓名|名叫)?(?:是|为)?[:：\s]*)({_NAME}){_END}")
_AFTER_WEAK = re.compile(rf"((?:{_WEAK})[:：\s]*)({_NAME}){_TOLD}")


def masked(text: str) -> Masked:
    """Return the text without personal data; most texts are returned unchanged."""
    found: set[MaskedText] = set()
    if _LONG.search(text):
        text = _without_numbers(text, found)
    if _ANNOUNCES.search(text):
        text = _without_names(text, found)
    return Masked(_RUN.sub(MASK, text), frozenset(found)) if found else Masked(text, _NOTHING)


_RUN = re.compile(r"×{4,}")
_NOTHING: frozenset[MaskedText] = frozenset()
_LONG = re.compile(r"\d{3}[- ]?\d{4}")
# The last characters of the words that a name may follow.
_ANNOUNCES = re.compile("[人众民主户长生者工名]")


def _without_numbers(text: str, found: set[MaskedText]) -> str:
    def identity(match: re.Match[str]) -> str:
        if not is_id_card(match[0]):
            return match[0]
        found.add(MaskedText.IDENTITY)
        return MASK

    def said_to_be_one(match: re.Match[str]) -> str:
        found.add(MaskedText.IDENTITY)
        return match[1] + MASK

    def phone(match: re.Match[str]) -> str:
        found.add(MaskedText.PHONE)
        return MASK

    text = _OLD_ID_CARD.sub(said_to_be_one, ID_CARD.sub(identity, text))
    return MOBILE.sub(phone, text)


def _without_names(text: str, found: set[MaskedText]) -> str:
    def name(match: re.Match[str]) -> str:
        if match[2][:2] in _NO_NAMES or match[2] in _NO_NAMES:
            return match[0]
        found.add(MaskedText.NAME)
        return match[1] + MASK

    return _AFTER_WEAK.sub(name, _AFTER_STRONG.sub(name, text))
