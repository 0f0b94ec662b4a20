"""The editor of a draft: what its forms and buttons do, and what they refuse."""

from __future__ import annotations

import pytest
from django.test import Client

from bihuan.checklists.models import Version
from bihuan.core.checklist import AnswerType, Choice, Condition, HazardHint, Item
from bihuan.core.hazard import Grade
from bihuan.core.rules import Bilingual, Confidence
from bihuan.orgs.models import Unit, User
from tests.checklists.pages import FILLED, drafted, latest, page, send, url
from tests.factories import make_checklist

pytestmark = pytest.mark.django_db


# -------------------------------------------------------------------- the editor
def test_a_new_version_is_begun_once(client: Client, town: Unit, keeper: User) -> None:
    checklist = make_checklist(town).checklist

    for _ in range(2):
        answer = send(client, keeper, url("begin-draft", checklist))
        assert answer.headers["Location"] == url("draft", checklist)

    assert [v.number for v in Version.objects.order_by("number")] == [1, 2]


def test_an_item_is_added_with_all_of_its_properties(
    client: Client, town: Unit, keeper: User
) -> None:
    draft = drafted(town, keeper)
    form = {
        **FILLED, "answer": "choice", "help": "看一看",
        "choices": "* 木门 / Wood\n\n钢门 / Steel\n",
        "basis": "消防法 28", "confidence": "R", "photo_when_failed": "on", "score": "5",
        "grade": "major", "category": "消防安全", "days": "15", "criterion": "CRI-1/3",
        "condition": "i1=no", "trade": "market",
    }  # fmt: skip

    answer = send(client, keeper, url("add-item", draft.checklist), **form)

    *_, item = latest(draft).read().items
    assert answer.headers["Location"] == f"{url('draft', draft.checklist)}#{item.key}"
    assert item == Item(
        item.key,
        Bilingual("门是否关闭", "Is the door closed?"),
        AnswerType.CHOICE,
        help=Bilingual("看一看", ""),
        basis=Bilingual("消防法 28", ""),
        confidence=Confidence.RECALLED,
        choices=(
            Choice("c1", Bilingual("木门", "Wood"), True),
            Choice("c2", Bilingual("钢门", "Steel")),
        ),
        photo_when_failed=True,
        condition=Condition("i1", ("no",)),
        score=5,
        hazard=HazardHint("消防安全", Grade.MAJOR, 15, "CRI-1/3", "market"),
    )
    shown = page(client, keeper, url("item", draft.checklist, item.key))
    assert "* 木门 / Wood" in shown
    preview = page(client, keeper, url("version", draft.checklist, draft.number))
    assert "依据待核实" in preview
    assert "主管：市场监管" in preview


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": ""}, ""),
        ({"text": "长" * 301}, ""),
        ({"text": "a\x00b"}, ""),
        ({"section": "gone"}, ""),
        ({"answer": "geoshape"}, ""),
        ({"condition": "i9=no"}, ""),
        ({"score": "-1"}, ""),
        ({"score": "9" * 40}, ""),
        ({"days": "0", "grade": "general"}, ""),
        ({"days": "3"}, "请选择建议的隐患级别"),
        ({"answer": "number", "low": "5", "high": "1"}, "最小值大于最大值"),
        ({"answer": "number", "low": "NaN"}, ""),
        ({"answer": "number", "low": "1e99"}, ""),
        ({"answer": "choice", "choices": "一个"}, "至少需要两个选项"),
        ({"answer": "choice", "choices": "甲\n甲"}, "选项重复"),
        ({"text": "来访人员姓名", "answer": "text"}, "检查表只问规定是否落实"),
        ({"text": "登记身份证"}, "身份证"),
    ],
    ids=str,
)
def test_what_is_no_item_is_refused_and_kept_as_typed(
    client: Client, town: Unit, keeper: User, typed: dict[str, str], said: str
) -> None:
    draft = drafted(town, keeper)
    form = {**FILLED, "help": "留着这句", **typed}

    answer = send(client, keeper, url("add-item", draft.checklist), **form)

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "留着这句" in shown
    assert said in shown
    assert latest(draft).revision == 1


def test_an_item_text_is_shown_as_text_whatever_it_is(
    client: Client, town: Unit, keeper: User
) -> None:
    draft = drafted(town, keeper)
    form = {**FILLED, "text": "=HYPERLINK(1)<script>", "text_en": ""}

    send(client, keeper, url("add-item", draft.checklist), **form)

    for name in ("draft", "put-to-use"):
        shown = page(client, keeper, url(name, draft.checklist))
        assert "=HYPERLINK(1)&lt;script&gt;" in shown
    assert "&lt;script&gt;" in page(client, keeper, url("sheet", draft.checklist, draft.number))


def test_the_buttons_move_copy_and_delete_and_the_last_change_is_undone(
    client: Client, town: Unit, keeper: User
) -> None:
    draft = drafted(town, keeper)
    at = url("draft", draft.checklist)

    def press(button: str) -> list[str]:
        send(client, keeper, at, do=button, revision=latest(draft).revision)
        return [item.key for item in latest(draft).read().items]

    assert press("item-down:i1") == ["i2", "i1", "i3", "i4"]
    assert press("item-up:i1") == ["i1", "i2", "i3", "i4"]
    first, copy, *_ = press("item-copy:i1")
    assert (first, len(latest(draft).read().items)) == ("i1", 5)
    assert press(f"item-delete:{copy}") == ["i1", "i2", "i3", "i4"]
    assert copy in press("undo:")
    assert press("section-delete:s1") == []
    assert copy in press("undo:")


@pytest.mark.parametrize("do", ["", "item-eat:i1", "item-up", "x:y:z"])
def test_a_button_that_is_not_there_does_nothing(
    client: Client, town: Unit, keeper: User, do: str
) -> None:
    draft = drafted(town, keeper)

    answer = send(client, keeper, url("draft", draft.checklist), do=do, revision="1")

    assert answer.status_code in (302, 404)
    assert latest(draft).revision == 1


def test_a_draft_changed_in_two_tabs_is_refused_with_what_changed(
    client: Client, town: Unit, keeper: User
) -> None:
    draft = drafted(town, keeper)
    send(client, keeper, url("item", draft.checklist, "i2"), **{**FILLED, "text": "别处改的"})

    answer = send(client, keeper, url("item", draft.checklist, "i1"), **FILLED)

    shown = answer.content.decode()
    assert "打开本页后草稿已被修改" in shown
    assert "别处改的" in shown
    assert "门是否关闭" in shown
    assert latest(draft).read().items[0].text.zh != "门是否关闭"
    # Sent again after reading, it is saved.
    send(client, keeper, url("item", draft.checklist, "i1"), **{**FILLED, "revision": "2"})
    assert [item.text.zh for item in latest(draft).read().items][:2] == ["门是否关闭", "别处改的"]


def test_a_button_on_a_page_that_is_older_than_the_draft_changes_nothing(
    client: Client, town: Unit, keeper: User
) -> None:
    draft = drafted(town, keeper)
    at = url("draft", draft.checklist)
    send(client, keeper, at, do="item-down:i1", revision="1")

    send(client, keeper, at, do="item-delete:i1", revision="1")

    assert "移动检查项" in page(client, keeper, at)
    assert len(latest(draft).read().items) == 4


def test_sections_are_added_and_renamed(client: Client, town: Unit, keeper: User) -> None:
    draft = drafted(town, keeper)

    send(client, keeper, url("add-section", draft.checklist), title="用电", revision="1")
    send(client, keeper, url("section", draft.checklist, "s1"), title="消防设施", revision="2")

    assert [s.title.zh for s in latest(draft).read().sections] == ["消防设施", "用电"]


def test_a_full_score_is_set_and_taken_away(client: Client, town: Unit, keeper: User) -> None:
    draft = drafted(town, keeper)
    at = url("full-score", draft.checklist)

    send(client, keeper, at, full_score="100", revision="1")
    assert latest(draft).read().full_score == 100
    send(client, keeper, at, full_score="", revision="2")
    assert latest(draft).read().full_score == 0
