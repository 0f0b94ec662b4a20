"""Split a cell that names a unit and its officer: 青杉镇 林小梅, 安监站/张三, 张三（安监站）."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from unicodedata import normalize

from bihuan.core import people

Find = Callable[[str], int | None]


class Named(NamedTuple):
    """The two parts of a cell, and the id of the unit if it is known."""

    unit: str
    officers: str
    unit_id: int | None


_MARKS = r"[\s/、,;:|\\\-—－–]"
_BETWEEN = re.compile(f"{_MARKS}+")
_BRACKETED = re.compile(r"^([^()]+)\(([^()]+)\)$")
_ORGANISATION = re.compile(
    "(政府|局|站|所|办|委|科|股|队|中心|镇|乡|村|社区|街道|学校|中学|小学|幼儿园|公司|厂|医院|卫生院"
    "|合作社|林场|场|网格|部|处|组|室|会|园区)$"
)
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
    "鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和"
    "穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛"
    "林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢裴陆"
    "荣翁荀羊惠甄曲家封芮储靳段富巫乌焦巴弓牧山谷车侯全班仰秋仲伊宫宁仇栾甘厉戎祖武符刘景詹束龙叶幸司"
    "韶黎白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴闻党翟谭贡姬申扶堵冉宰雍璩桑桂濮牛寿通边扈燕冀温庄晏柴瞿阎"
    "习艾鱼容向古易戈廖庾衡步都耿满匡文欧阳木海肖付闫涂代丛覃邝佟佘尚苟母代岳刀普者玉朵保兰农韩"
)


def parted(text: str, find: Find) -> Named | None:
    """Return the unit and the officers of a cell; None if it does not name both.

    The unit is one of ours, or has the ending of an organisation's name; the rest is people's
    names and nothing else.
    """
    plain = normalize("NFKC", text).strip()
    if find(plain) is not None:
        return None
    named = [each for each in _parts(plain) if _are_people(each.officers)]
    ours = (each._replace(unit_id=found) for each in named if (found := find(each.unit)))
    others = (each for each in named if _ORGANISATION.search(each.unit))
    return next(ours, None) or next(others, None)


def _parts(text: str) -> Iterator[Named]:
    """Yield every way to split the text, into a unit and what remains."""
    bracketed = _BRACKETED.match(text)
    if bracketed is not None:
        outside, inside = bracketed[1].strip(), bracketed[2].strip()
        yield Named(outside, inside, None)
        yield Named(inside, outside, None)
    for mark in reversed(list(_BETWEEN.finditer(text))):
        first, last = text[: mark.start()].strip(), text[mark.end() :].strip()
        if first and last:
            yield Named(first, last, None)
            yield Named(last, first, None)


def _are_people(text: str) -> bool:
    found = people.read(text)
    names = found.names.split(people.JOINED)
    return not found.remarks and all(map(_is_person, names))


def _is_person(name: str) -> bool:
    return 2 <= len(name) <= 4 and name[0] in _SURNAMES and not _ORGANISATION.search(name)
