"""The short names under which offices write their units: 青杉镇 for 青杉镇人民政府."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

SHORTEST = 2
# The end of a full name, and what is left of it.
_ENDINGS = (
    ("人民政府", ""), ("街道办事处", "街道"), ("街道办事处", "街道办"), ("办事处", ""),
    ("村民委员会", ""), ("村民委员会", "村委会"), ("居民委员会", ""), ("居民委员会", "居委会"),
    ("管理委员会", "管委会"), ("委员会", "委"), ("有限责任公司", ""), ("有限责任公司", "公司"),
    ("有限公司", ""), ("有限公司", "公司"),
)  # fmt: skip
# Usual abbreviations of departments, at the end of the name.
_DEPARTMENTS = (
    ("应急管理局", "应急局"), ("市场监督管理局", "市场监管局"), ("监督管理局", "监管局"),
    ("监督管理站", "监管站"), ("住房和城乡建设局", "住建局"), ("卫生健康局", "卫健局"),
    ("教育体育局", "教体局"), ("交通运输局", "交通局"), ("文化和旅游局", "文旅局"),
    ("安全生产监督管理站", "安监站"), ("安全生产监督管理局", "安监局"),
    ("综合行政执法队", "综合执法队"), ("综合行政执法局", "综合执法局"),
    ("消防救援大队", "消防大队"),
)  # fmt: skip
_PLACE_BEFORE = re.compile("^[^省市州县区旗]{1,7}?([省州县旗]|市(?!场)|(?<![社小])区)(?=.{2,}$)")
# Alone, these name no unit.
_GENERIC = frozenset(
    ("人民政府", "政府", "办事处", "管委会", "管理委员会", "委员会", "村委会", "居委会", "公司")
)
_BRACKETED = re.compile(r"\([^()]*\)")
_LEVEL = re.compile("(省|市|州|县|区|旗|镇|乡|街道|社区|村)$")


def plain(name: str) -> str:
    """Normalise a name: letters of the usual width, without spaces."""
    return "".join(normalize("NFKC", name).split()).casefold()


def short_names(name: str) -> set[str]:
    """Return the names under which this unit may be written, its own among them."""
    whole = plain(name)
    found = {whole, _BRACKETED.sub("", whole)}
    for step in (_without_ending, _abbreviated, _without_place):
        found |= {shorter for each in found for shorter in step(each)}
    return {each for each in found if len(each) >= SHORTEST and each not in _GENERIC}


def _without_ending(name: str) -> Iterator[str]:
    for ending, instead in _ENDINGS:
        if name.endswith(ending):
            yield name.removesuffix(ending) + instead


def _abbreviated(name: str) -> Iterator[str]:
    for ending, instead in _DEPARTMENTS:
        if name.endswith(ending):
            yield name.removesuffix(ending) + instead


def _without_place(name: str) -> Iterator[str]:
    """Drop the county or city before the name, as its own offices do: 县应急局, 应急局."""
    found = _PLACE_BEFORE.match(name)
    if found is not None:
        rest = name[found.end() :]
        yield rest
        yield found[1] + rest


def is_alike(text: str, short_name: str) -> bool:
    """Whether a text may mean the unit with this short name; not enough to be read as it."""
    stem = _LEVEL.sub("", short_name)
    return len(stem) >= SHORTEST and (stem in text or (len(text) >= SHORTEST and text in stem))
