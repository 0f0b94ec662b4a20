"""The next version of a checklist from a file, and the drafts that wait on Today."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bihuan.checklists import exported, queries
from bihuan.checklists.actions import versions
from bihuan.checklists.models import Checklist, Version
from bihuan.checklists.refusals import AlreadyInUse, ChangedMeanwhile, NoDraft
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed
from bihuan.journal.models import Entry
from bihuan.orgs.models import Unit, User
from tests.at_once import at_once
from tests.checklists.pages import EARLIER, page, url
from tests.checklists.workbooks import FORMS, SURVEY, workbook
from tests.factories import NOW, make_checklist, make_content, make_items, make_officer, make_unit

# Item 2 under another name, item 1 under its own with other words, item 3 gone, one more.
FORM = workbook(
    [SURVEY, ("select_one yn", "q9", "第2项是否符合要求"), ("text", "i1", "情况说明"),
     ("text", "more", "其他")],
    [("list_name", "name", "label"), ("yn", "yes", "是"), ("yn", "no", "否")],
)  # fmt: skip


@pytest.fixture
def listed(town: Unit) -> Checklist:
    return make_checklist(town, title="消防检查", now=EARLIER).checklist


def _read(client: Client, user: User, listed: Checklist, data: bytes) -> Any:
    client.force_login(user)
    file = SimpleUploadedFile("form.xlsx", data)
    return client.post(url("import-next", listed), {"file": file})


def _text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def _sent(answer: Any) -> dict[str, str]:
    form = answer.context["form"]
    return {name: str(form[name].value()) for name in ("content", "revision")}


@pytest.mark.django_db
def test_the_differences_are_shown_and_nothing_is_kept_before(
    client: Client, keeper: User, listed: Checklist
) -> None:
    answer = _read(client, keeper, listed, FORM)

    shown = _text(answer)
    lines = {line.text: line.kind for line in answer.context["differences"]}
    assert (lines["情况说明"], lines["其他"], lines["第3项是否符合要求"]) == (
        "修改",
        "新增",
        "删除",
    )
    assert "与第 1 版的差异" in shown
    assert listed.versions.count() == 1


@pytest.mark.django_db
def test_what_was_compared_becomes_the_draft_once_with_the_keys_of_before(
    client: Client, keeper: User, listed: Checklist
) -> None:
    sent = _sent(_read(client, keeper, listed, FORM))

    for _ in range(2):
        answer = client.post(url("keep-next", listed), sent)
        assert answer.headers["Location"] == url("draft", listed)

    draft = queries.draft_of(listed)
    assert draft is not None
    assert [item.key for item in draft.read().items] == ["i2", "i1", "more"]
    assert (draft.number, draft.revision) == (2, 1)
    before = queries.in_use(listed)
    assert before is not None
    assert before.read() == make_content()


@pytest.mark.django_db
def test_a_version_that_was_exported_comes_back_without_a_difference(
    client: Client, keeper: User, listed: Checklist
) -> None:
    data = exported.xlsform(make_content(), title="消防检查", key="k", version=1)

    answer = _read(client, keeper, listed, data)

    assert answer.context["differences"] == []
    assert "文件与使用中的版本内容相同。" in _text(answer)


@pytest.mark.django_db
def test_a_draft_is_replaced_only_as_it_was_when_compared_and_can_be_brought_back(
    client: Client, keeper: User, listed: Checklist
) -> None:
    own = make_content(make_items(4))
    draft = versions.begin_draft(checklist=listed, content=own, actor=keeper, now=EARLIER)
    answer = _read(client, keeper, listed, FORM)
    assert "第 2 版的草稿将被替换" in _text(answer)
    later = make_content(make_items(5))
    versions.change_draft(
        version=draft, content=later, revision=1, what="item:i5", actor=keeper, now=EARLIER
    )

    refused = client.post(url("keep-next", listed), _sent(answer))
    assert "打开本页后草稿已被修改" in _text(refused)
    assert Version.objects.get(pk=draft.pk).read() == later
    client.post(url("keep-next", listed), _sent(refused))

    draft.refresh_from_db()
    assert [item.key for item in draft.read().items] == ["i2", "i1", "more"]
    versions.undo_change(version=draft, revision=draft.revision, actor=keeper, now=NOW)
    draft.refresh_from_db()
    assert draft.read() == later


@pytest.mark.django_db
def test_a_draft_that_is_gone_meanwhile_is_not_replaced(keeper: User, listed: Checklist) -> None:
    content = make_content(make_items(4))

    with pytest.raises(NoDraft):
        versions.bring_in(checklist=listed, content=content, revision=1, actor=keeper, now=NOW)


@pytest.mark.django_db
def test_only_who_keeps_the_list_brings_in_its_next_version(
    client: Client, town: Unit, reader: User, listed: Checklist
) -> None:
    client.force_login(reader)

    assert client.get(url("import-next", listed)).status_code == 404
    assert client.post(url("keep-next", listed)).status_code == 404
    assert url("import-next", listed) not in page(client, reader, url("checklist", listed))
    with pytest.raises(NotAllowed):
        versions.bring_in(
            checklist=listed, content=make_content(), revision=0, actor=reader, now=NOW
        )


@pytest.mark.django_db
def test_a_retired_list_has_no_next_version(
    client: Client, keeper: User, listed: Checklist
) -> None:
    Checklist.objects.filter(pk=listed.pk).update(retired_at=EARLIER)
    client.force_login(keeper)

    assert client.get(url("import-next", listed)).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "said"),
    [
        ((FORMS / "tutorial.xls").read_bytes(), "member"),
        ((FORMS / "widgets.xls").read_bytes(), "my_geopoint"),
        (workbook([SURVEY]), "XLSForm"),
        (workbook([SURVEY, ("text", "a", "=1+1")]), "survey!C2"),
        (workbook([SURVEY, ("text", "who", "来访人员姓名")]), "检查表只问规定是否落实"),
        (b"x\x00y", "XLSForm"),
    ],
    ids=["repeat", "shapes", "no questions", "formula", "persons", "no workbook"],
)
def test_what_cannot_be_in_a_list_is_refused_by_name_and_keeps_nothing(
    client: Client, keeper: User, listed: Checklist, data: bytes, said: str
) -> None:
    answer = _read(client, keeper, listed, data)

    assert said in _text(answer)
    assert listed.versions.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sent",
    [{}, {"content": "{}", "revision": "0"}, {"content": "x\x00", "revision": "0"},
     {"content": "", "revision": "-1"}],
    ids=["nothing", "no list", "NUL", "minus"],
)  # fmt: skip
def test_what_was_changed_on_the_way_back_is_refused(
    client: Client, keeper: User, listed: Checklist, sent: dict[str, str]
) -> None:
    client.force_login(keeper)

    answer = client.post(url("keep-next", listed), sent)

    assert answer.headers["Location"] == url("import-next", listed)
    assert listed.versions.count() == 1


# ------------------------------------------------------------------------- Today
@pytest.mark.django_db
def test_today_shows_the_drafts_of_the_own_unit_to_its_coordinator_alone(
    client: Client, town: Unit, keeper: User, reader: User, listed: Checklist
) -> None:
    draft = versions.begin_draft(checklist=listed, actor=keeper, now=EARLIER)
    above = make_officer(town.parent or make_unit(), Power.COORDINATE)

    assert "检查表草稿" in page(client, keeper, reverse("desk:today"))
    assert url("draft", listed) in page(client, keeper, reverse("desk:today"))
    for other in (reader, above):
        assert url("draft", listed) not in page(client, other, reverse("desk:today"))

    versions.discard_draft(version=draft, revision=1, actor=keeper, now=NOW)
    assert url("draft", listed) not in page(client, keeper, reverse("desk:today"))


# ----------------------------------------------------------------- two at a time
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_put_a_draft_to_use_at_once_one_hears_that_it_is_in_use() -> None:
    town, listed, draft = _draft_of_two()
    keepers = [make_officer(town, Power.COORDINATE) for _ in range(2)]

    answers = at_once(
        *(
            lambda who=who: versions.put_to_use(version=draft, revision=1, actor=who, now=NOW)
            for who in keepers
        )
    )

    assert [type(each) for each in answers if not isinstance(each, Version)] == [AlreadyInUse]
    in_use = listed.versions.filter(state=Version.State.IN_USE)
    assert [version.number for version in in_use] == [2]
    assert Entry.objects.filter(chain__subject=listed.subject, act="put_to_use").count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_files_brought_in_at_once_one_officer_hears_of_the_other() -> None:
    town, listed, _draft = _draft_of_two()
    keepers = [make_officer(town, Power.COORDINATE) for _ in range(2)]

    answers = at_once(
        *(
            lambda who=who, count=count: versions.bring_in(
                checklist=listed, content=make_content(make_items(count)), revision=1,
                actor=who, now=NOW,
            )
            for count, who in enumerate(keepers, 5)
        )
    )  # fmt: skip

    refused = [each for each in answers if not isinstance(each, Version)]
    assert [type(each) for each in refused] == [ChangedMeanwhile]
    assert listed.versions.filter(state=Version.State.DRAFT).get().revision == 2


def _draft_of_two() -> tuple[Unit, Checklist, Version]:
    """A list in use with a draft that has one more item."""
    town = make_unit(make_unit())
    listed = make_checklist(town).checklist
    content = make_content(make_items(4))
    keeper = make_officer(town, Power.COORDINATE)
    draft = versions.begin_draft(checklist=listed, content=content, actor=keeper, now=NOW)
    return town, listed, draft
