"""The same officer is the same person, however a ledger writes the name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.people import in_order, people, read


@pytest.mark.parametrize(
    ("text", "names", "phones"),
    [
        ("白若兰", "白若兰", 0),
        ("白若兰13800000000", "白若兰", 1),
        ("白若兰（13800000001）", "白若兰", 1),
        ("白若兰\n138 0000 0002", "白若兰", 1),
        ("白若兰：0870-1234567", "白若兰", 1),
        ("白若兰 联系电话：１３８００００００００", "白若兰", 1),
        ("（龙云）13800000001", "龙云", 1),
        ("13800000000", "", 1),
        ("白若兰、何静", "白若兰、何静", 0),
        ("白若兰/何静", "白若兰、何静", 0),
        ("白若兰 何静", "白若兰、何静", 0),
        ("白若兰和何静", "白若兰、何静", 0),
        ("白若兰13800000000，何静13800000001", "白若兰、何静", 2),
        ("白若兰、白 若 兰", "白若兰", 0),
        ("白 若兰", "白若兰", 0),
        ("欧阳 娜娜", "欧阳娜娜", 0),
        ("张 三 李 四", "张三、李四", 0),
        ("郑和", "郑和", 0),
        ("Wang  Wei", "Wang、Wei", 0),
        ("Wang Wei", "Wang Wei", 0),
        ("李某某", "李某某", 0),
    ],
)
def test_names_are_kept_without_telephones_and_blanks(text: str, names: str, phones: int) -> None:
    found = read(text)

    assert (found.names, len(found.phones)) == (names, phones)
    assert read(found.names) == (found.names, (), ())


def test_what_stands_in_brackets_behind_a_name_is_kept_beside_it() -> None:
    assert read("白若兰（副镇长，13800000000）").remarks == ("副镇长",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("白若兰13800000000", "白若兰"),
        ("白若兰、何静", "何静"),
        ("白若兰 ", "白 若兰"),
        ("白若兰（镇长）", "镇长白若兰"),
        ("WANG WEI", "Wang Wei"),
        ("张三主任", "张三"),
        *(
            (f"李四{mark}张三", "张三")
            for mark in (
                "\\",
                "—",
                "-",
                "－",
                "~",
                "→",
                "│",
                ".",
                "。",
                ":",
                "<",
                "@",
                "或",
                "以及",
            )
        ),
        ("张三《李四》", "张三"),
        ("①张三②李四", "李四"),
        ("1.张三 2.李四", "李四"),
        ("整改人：张三", "张三"),
        ("张三1", "张三"),
        ("张三等2人", "张三"),
        ("张三等", "张三"),
        ("张-三", "张三"),
        ("张_三", "张三"),
        ("张\ufe00三", "张三"),
        ("张\u3164三", "张三"),
        ("张 三 李 四", "张三"),
    ],
)
def test_two_writings_of_one_person_meet(one: str, other: str) -> None:
    assert people(one) & people(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("白若兰", "白若"),
        ("李明", "李明华"),
        ("13800000000", "13800000000"),
        ("整改人：张三", "整改人：李四"),
        ("张三等2人", "李四等2人"),
        ("阿里·买买提", "阿里·艾合买提"),
        ("欧 阳 娜 娜", "欧阳"),
        ("Anne-Marie", "Anne"),
        ("李Tom", "李Jack"),
    ],
)
def test_different_people_and_numbers_do_not_meet(one: str, other: str) -> None:
    assert not people(one) & people(other)


def test_people_keep_their_order() -> None:
    assert in_order("何静、白若兰") == ("何静", "白若兰")


@given(st.text(max_size=40))
def test_names_that_were_read_are_read_the_same_again(said: str) -> None:
    once = read(said).names

    assert read(once).names == once
    assert people(once) == people(said)
