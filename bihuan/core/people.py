"""Identify the officers named in a ledger, however the names are written.

Offices write a name with its telephone number, several names in one cell, spaces within a name. The
rule that the officer who did the fix does not verify it must apply to people, not to spellings.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

REMEMBERED = 1 << 14


class Named(NamedTuple):
    """The content of one cell: names joined as they are stored, its telephone numbers, and
    other words.
    """

    names: str
    phones: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


JOINED = "、"
_PHONE = re.compile(
    r"(?:(?:联系|办公|移动|手机)?(?:电话|手机|号码)+|tel|phone|mobile)?[\s:：.]*"
    r"(?<!\d)(?:(?:\+?86[- ]?)?1\d{2}[- ]?\d{4}[- ]?\d{4}|\(?0\d{2,3}\)?[- ]?\d{7,8}(?:-\d{1,5})?"
    r"|\d{5,8})(?!\d)",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_BETWEEN = re.compile(r"[、,;/&|+\n\t]+|\s{2,}")
_AT_THE_ENDS = re.compile(r"^[\W_]+|[\W_]+$")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·•]+")
_AND = re.compile(r"以及|[和及与或暨同跟]")
_AND_OTHERS = re.compile(r"等[\d一二两三四五六七八九十几多]*[名位]?人?$")
# 姓名, 整改人: a label before a name.
_LABEL = re.compile(r"姓名|.*人")
_LONGEST_NAME = 4
_TWO_LETTER_SURNAMES = (
    "欧阳", "上官", "司马", "诸葛", "东方", "尉迟", "夏侯", "皇甫", "令狐", "慕容", "司徒", "司空",
    "公孙", "轩辕", "长孙", "宇文", "端木", "南宫", "呼延", "申屠", "钟离", "闻人", "澹台", "赫连",
    "百里", "东郭", "独孤", "第五",
)  # fmt: skip
_RANK = (
    "(?:副|代理)?(?:县长|区长|市长|镇长|乡长|村长|书记|主任|局长|所长|站长|科长|股长|处长|部长|"
    "校长|园长|院长|厂长|矿长|场长|队长|组长|经理|总经理|董事长|负责人|同志|先生|女士)"
)
_RANK_AFTER = re.compile(_RANK + "$")
_RANK_BEFORE = re.compile("^" + _RANK)


@lru_cache(REMEMBERED)
def read(text: str) -> Named:
    """Parse the names in a text about one or more officers; the text is already normalised."""
    plain = normalize("NFKC", text)
    if plain.isalpha() and len(plain) <= _LONGEST_NAME:
        return Named(plain)
    phones = tuple("".join(re.findall(r"[\d+]", each)) for each in _PHONE.findall(plain))
    plain = _BRACKETED.sub(_unless_empty, _PHONE.sub(" ", plain))
    related = tuple(each.strip(" :：,，、;；") for each in _BRACKETED.findall(plain))
    outside = _BRACKETED.sub(JOINED, plain)
    if not _HAN.search(outside) and not any(map(str.isalpha, outside)):
        # "(name) phone": the part in brackets is the name.
        outside, related = JOINED.join(related), ()
    names = _names(outside)
    if not names and not phones:
        # Punctuation alone is kept as it is.
        return Named(" ".join(plain.split()))
    return Named(JOINED.join(names), phones, related)


def _unless_empty(bracket: re.Match[str]) -> str:
    return bracket[0] if bracket[1].strip(" :：,，、;；") else " "


def _names(text: str) -> list[str]:
    names: list[str] = []
    for part in _BETWEEN.split(text):
        for name in _parted(_AT_THE_ENDS.sub("", part)):
            if name and name not in names:
                names.append(name)
    return names


def _parted(part: str) -> list[str]:
    """Return one name, or the two that a space or an "and" separates."""
    words = part.split()
    if words and all(map(_HAN.fullmatch, words)):
        if _are_two_names(words):
            words = ["".join(words[:2]), "".join(words[2:])]
        elif any(len(word) == 1 for word in words) or words[0] in _TWO_LETTER_SURNAMES:
            words = ["".join(words)]
        return [name for word in words for name in _around_and(word)]
    return [" ".join(words)]


def _are_two_names(words: list[str]) -> bool:
    """「张 三 李 四」 is two people; 欧 阳 娜 娜 is one."""
    return list(map(len, words)) == [1] * 4 and "".join(words[:2]) not in _TWO_LETTER_SURNAMES


def _around_and(word: str) -> list[str]:
    """「白若兰和何静」 is two people; 郑和 is one."""
    if len(word) <= _LONGEST_NAME:
        return [word]
    found = _AND.split(word)
    return found if all(1 < len(name) <= _LONGEST_NAME for name in found) else [word]


@lru_cache(REMEMBERED)
def people(names: str) -> frozenset[str]:
    """Return the people named, normalised so that two spellings of one name are equal."""
    return frozenset(in_order(names))


@lru_cache(REMEMBERED)
def in_order(names: str) -> tuple[str, ...]:
    """Return the same people in the order in which they are named."""
    found = (each for name in read(names).names.split(JOINED) for each in _meant(name))
    return tuple(_bare(name) for name in found if name)


def _meant(name: str) -> list[str]:
    """Return the people in a stored name: punctuation and digits separate or pad, and name no
    one.
    """
    parts = _HAN.findall(name)
    whole = "".join(parts)
    if len(whole) < 2:
        return [name]
    if len(whole) <= _LONGEST_NAME and any(len(part) == 1 for part in parts):
        parts = [whole]
    found = [_alone(part) for part in parts]
    return [each for each in found if len(each) > 1 and not _LABEL.fullmatch(each)] or found


def _alone(name: str) -> str:
    shorter = _AND_OTHERS.sub("", name)
    return shorter if len(shorter) > 1 else name


def _bare(name: str) -> str:
    found = "".join(name.split()).casefold()
    for rank in (_RANK_AFTER, _RANK_BEFORE):
        shorter = rank.sub("", found)
        # 王书记 alone does not identify a person.
        found = shorter if len(shorter) > 1 else found
    return found
