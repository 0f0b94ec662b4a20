"""Tracking codes derived from this installation's secret: generated, hashed quickly and slowly, and
as words.

A code is derived from the key of its form, so that the same form sent twice returns the same
receipt although the code is not stored.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from functools import cache

from django.conf import settings
from mnemonic import Mnemonic

from bihuan.core import codes

_COST = {"r": 8, "p": 1, "dklen": 32, "maxmem": 64 * 1024 * 1024}
_SALT = b"bihuan tracking code 1"
_LISTS = {"zh": "chinese_simplified", "en": "english"}
# Characters of the Chinese list that no one wants on a receipt, and what is written instead: none
# of these is in the list, so receipts with the former ones stay valid.
_HARSH = (
    "死罪杀灭血病痛毒刀肠滚讼监鬼尸丧亡狱逮捕刑犯盗偷骗贪奴恶凶祸灾枪炮炸敌"
    "仇恨怒骂狗猪粪脏疯狂哭泪悲惨叛伤残败穷贫疫腐烂霉毁骨孤苦哀惩罚诬霸暴砍"
)
_INSTEAD = (
    "菊杏芹葵柚茄藕笋菇橙梨枣柿樱蕉椰榆槐枫柏藤苔菱蓉鹤鹿鲤鲫蟹蛙蝶蜂蚕鸽雁"
    "鹊莺鹅兔驴猫狸鲸笛箫壶碟勺筷帆桨锚廊帘枕毯伞砚桦杉橘棕虹霜泊潭堤崖坪圃"
)
_KIND = str.maketrans(_HARSH, _INSTEAD)


def code_for(form_key: str, slot: str) -> str:
    digest = _keyed(settings.SECRET_KEY, b"code", f"{form_key}/{slot}".encode())
    return f"{int.from_bytes(digest) % 10**codes.DIGITS:0{codes.DIGITS}}"


def quick(code: str) -> bytes:
    return _keyed(settings.SECRET_KEY, b"quick", code.encode())


def slow(code: str) -> bytes:
    return _keyed(settings.SECRET_KEY, b"slow", _stretched(code))


def every_hash(code: str) -> tuple[list[bytes], list[bytes]]:
    """Return the quick and the slow hashes under this and earlier secrets; takes equally long
    for any code.
    """
    stretched = _stretched(code)
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return (
        [_keyed(secret, b"quick", code.encode()) for secret in secrets],
        [_keyed(secret, b"slow", stretched) for secret in secrets],
    )


def phrase(code: str, language: str) -> str:
    """Return the code as five words, in Chinese five characters, which some people remember more
    easily.
    """
    return " ".join(codes.as_words(code, _words(language)))


def understood(typed: str) -> str:
    """Parse a code typed as digits or words; None if it is not one."""
    return codes.normal(typed) or next(_from_words(typed), "")


def _from_words(typed: str) -> Iterator[str]:
    for text in codes.wordings(typed):
        words = text.translate(_KIND).split()
        # Chinese words are characters, which people write without spaces.
        for pieces in (words, list("".join(words))):
            for language in _LISTS:
                if code := codes.from_words(pieces, _words(language)):
                    yield code


@cache
def _words(language: str) -> tuple[str, ...]:
    words = Mnemonic(_LISTS.get(language.partition("-")[0], _LISTS["en"])).wordlist
    return tuple(word.translate(_KIND) for word in words)


def _stretched(code: str) -> bytes:
    return hashlib.scrypt(code.encode(), salt=_SALT, n=settings.CODE_HASH_COST, **_COST)


def _keyed(secret: str, purpose: bytes, message: bytes) -> bytes:
    key = hashlib.sha256(b"bihuan " + purpose + b"\x00" + secret.encode()).digest()
    return hmac.digest(key, message, "sha256")
