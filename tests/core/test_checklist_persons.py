"""A checklist asks whether a rule is kept; it never collects visitors, pupils or staff."""

from __future__ import annotations

import pytest

from bihuan.core import checklist_persons
from bihuan.core.checklist import AnswerType, Choice, Content, Fault, Item, Section
from bihuan.core.rules import Bilingual
from tests.boundary import PROMISES

# Words of the boundary that name a facility or a duty in a checklist, each with its reason.
NOT_OF_ITEMS = {
    "来访人": "来访人员 of a gate, whose logging is asked about; a list of them is refused",
    "手机": "a mobile phone may be equipment of a ranger; a number of one is refused",
    "电话号码": "of the alarm line or of the duty room",
    "微信": "a group of the duty room; an account is refused",
    "出生": "in names of hospitals; a date of birth is refused",
    "卡口": "a checkpoint of the forest",
    "摄像": "cameras of a school have to work",
    "住宿": "sleeping in a workshop is asked about",
    "拦截": "a net or a weir",
    "拘留": "as a sanction named in a basis",
    "看护": "of children and of equipment",
    "谣言": "in the rules of a plan for emergencies",
}


def _item(zh: str, answer: AnswerType = AnswerType.YES_NO, en: str = "") -> Item:
    return Item("a", Bilingual(zh, en), answer)


@pytest.mark.parametrize(
    "word",
    [w for promise in PROMISES if not promise.only_of_people for w in promise.chinese.split()],
)
def test_every_word_of_the_boundary_is_refused_or_has_a_reason(word: str) -> None:
    refused = checklist_persons.asked_for(_item(f"是否记录{word}"))

    assert bool(refused) != (word in NOT_OF_ITEMS)


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("填写来访人员姓名", ""),
        ("学生名单", ""),
        ("未到岗员工的姓名", ""),
        ("情况", "Names of visitors"),
        ("情况", "List of pupils absent today"),
        ("情况", "Who is the member of staff on duty?"),
    ],
)
@pytest.mark.parametrize("answer", [AnswerType.TEXT, AnswerType.PHOTO, AnswerType.CHOICE])
def test_an_item_that_collects_names_is_refused(zh: str, en: str, answer: AnswerType) -> None:
    item = _item(zh, answer, en)
    content = Content((Section("s", Bilingual("节", ""), (item,)),))

    (found,) = checklist_persons.faults(content)

    assert (found.fault, found.item) == (Fault.ASKS_FOR_PERSON, "a")
    assert found.words


@pytest.mark.parametrize(
    "item",
    [
        _item("来访人员和车辆是否登记", en="Are visitors and vehicles logged?"),
        _item("学生名单是否未在门口张贴", en="Is the list of pupils kept off the gate?"),
        _item("在岗人员数", AnswerType.NUMBER, "Number of staff on post"),
        _item("灭火器位置", AnswerType.TEXT, "Where is the extinguisher?"),
        _item("设备名称", AnswerType.TEXT, "Name of the equipment"),
        _item("摄像头是否正常", en="Do the cameras work?"),
    ],
)
def test_an_item_that_asks_about_a_rule_is_not(item: Item) -> None:
    assert checklist_persons.asked_for(item) == ()


@pytest.mark.parametrize(
    "item",
    [
        Item("a", Bilingual("登记", ""), help=Bilingual("抄写身份证", "")),
        Item("a", Bilingual("登记", ""), choices=(Choice("b", Bilingual("重点人员", "")),)),
        _item("登记", en="Copy  the ID\nNumber"),
        _item("登记", en="Copy FINGERPRINTS"),
    ],
)
def test_help_and_choices_are_read_in_either_case(item: Item) -> None:
    assert checklist_persons.asked_for(item)
