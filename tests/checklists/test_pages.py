"""The pages of checklists: who gets them, what they say, and what the editor does."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.checklists import queries
from bihuan.checklists.actions import lists, versions
from bihuan.checklists.models import Checklist, Version
from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from tests.checklists.pages import EARLIER, FILLED, drafted, latest, page, send, url
from tests.conftest import CountQueries
from tests.factories import make_checklist, make_content, make_items, make_officer, make_unit

pytestmark = pytest.mark.django_db
LISTING = reverse("checklists:checklists")
AT_MOST = 24  # queries of any page with its frame, however long the list is
PAGES = ("checklist", "change", "retire", "draft", "put-to-use", "discard-draft", "add-section")


# ------------------------------------------------------------------------ access
def test_who_does_not_keep_a_list_gets_no_page_that_changes_it(
    client: Client, town: Unit, keeper: User, reader: User
) -> None:
    draft = drafted(town, keeper)
    stranger = make_officer(make_unit(), Power.COORDINATE)
    changing = [url(name, draft.checklist) for name in PAGES[1:]]
    changing.append(url("version", draft.checklist, draft.number))

    for officer in (reader, stranger):
        client.force_login(officer)
        assert {client.get(each).status_code for each in changing} == {404}
    client.force_login(stranger)
    assert client.get(draft.checklist.get_absolute_url()).status_code == 404
    assert client.get(url("version", draft.checklist, 1)).status_code == 404
    assert url("draft", draft.checklist) not in page(
        client, reader, draft.checklist.get_absolute_url()
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(
    client: Client, town: Unit, keeper: User, language: str
) -> None:
    draft = drafted(town, keeper)
    client.cookies["django_language"] = language
    pages = [LISTING, reverse("checklists:add"), *(url(name, draft.checklist) for name in PAGES)]
    pages += [url(name, draft.checklist, 1) for name in ("version", "sheet")]
    pages += [url("item", draft.checklist, "i1"), url("add-item", draft.checklist)]
    pages += [url("section", draft.checklist, "s1"), url("full-score", draft.checklist)]

    for each in pages:
        assert page(client, keeper, each)


def test_the_register_is_filtered_searched_and_found(
    client: Client, town: Unit, keeper: User, reader: User
) -> None:
    drafted(town, keeper)
    old = make_checklist(town, title="旧的检查表").checklist
    lists.retire(checklist=old, reason="合并", actor=keeper, now=EARLIER)

    assert "消防检查" in page(client, reader, LISTING)
    assert "旧的检查表" not in page(client, reader, LISTING)
    assert "旧的检查表" in page(client, reader, f"{LISTING}?state=retired")
    assert "消防检查" in page(client, keeper, f"{LISTING}?state=draft")
    assert "消防检查" not in page(client, reader, f"{LISTING}?state=draft")
    assert "消防检查" not in page(client, reader, f"{LISTING}?q=食堂")
    assert client.get(reverse("web:find"), {"q": "消防检"}).headers["Location"].startswith(LISTING)
    assert "消防检查" in page(client, reader, f"{LISTING}?state=x&older=y&q=%E6%B6%88")


def test_a_register_page_costs_the_same_whatever_it_lists(
    client: Client, town: Unit, keeper: User, count_queries: CountQueries
) -> None:
    make_checklist(town)
    page(client, keeper, LISTING)
    with count_queries() as one:
        page(client, keeper, LISTING)
    for _ in range(15):
        make_checklist(town)
    with count_queries() as many:
        page(client, keeper, LISTING)

    assert len(many) == len(one) <= AT_MOST


def test_the_editor_costs_the_same_whatever_is_in_the_draft(
    client: Client, town: Unit, keeper: User, count_queries: CountQueries
) -> None:
    draft = drafted(town, keeper)
    page(client, keeper, url("draft", draft.checklist))
    with count_queries() as few:
        page(client, keeper, url("draft", draft.checklist))
    content = make_content(make_items(60))
    versions.change_draft(
        version=draft, content=content, revision=1, what="", actor=keeper, now=EARLIER
    )
    with count_queries() as many:
        page(client, keeper, url("draft", draft.checklist))

    assert len(many) == len(few) <= AT_MOST


# ---------------------------------------------------------------------- one list
def test_a_list_is_made_once_by_a_form_that_is_sent_twice(
    client: Client, town: Unit, keeper: User
) -> None:
    form = {
        "title": "食堂检查", "unit": str(town.pk), "site_kinds": ["school"],
        "form_key": "0e4c1f5e-2f0b-4c39-a1a7-0a9d8c8ad6b0",
    }  # fmt: skip

    first = send(client, keeper, reverse("checklists:add"), **form)
    again = send(client, keeper, reverse("checklists:add"), **form)

    made = Checklist.objects.get()
    assert first.headers["Location"] == again.headers["Location"] == url("draft", made)
    assert (made.title, made.site_kinds, made.unit) == ("食堂检查", ["school"], town)


def test_a_list_begins_with_the_items_of_another(client: Client, town: Unit, keeper: User) -> None:
    version = make_checklist(town, title="消防检查")
    form = {"title": "我的检查", "unit": str(town.pk), "copied": str(version.pk)}

    send(client, keeper, reverse("checklists:add"), **form)

    made = Checklist.objects.get(title="我的检查")
    draft = queries.draft_of(made)
    assert draft is not None
    assert (draft.read(), made.origin) == (make_content(), "copied")


@pytest.mark.parametrize(
    "typed",
    [
        {"title": ""},
        {"title": "长" * 81},
        {"title": "a\x00b"},
        {"unit": "999999"},
        {"unit": "x"},
        {"copied": "999999"},
        {"site_kinds": ["nowhere"]},
    ],
    ids=str,
)
def test_what_makes_no_list_keeps_what_was_typed(
    client: Client, town: Unit, keeper: User, typed: dict[str, Any]
) -> None:
    form = {"title": "食堂检查", "title_en": "Canteen", "unit": str(town.pk)}

    answer = send(client, keeper, reverse("checklists:add"), **{**form, **typed})

    assert answer.status_code == 200
    assert "Canteen" in answer.content.decode()
    assert not Checklist.objects.exists()


def test_a_list_of_another_unit_is_not_made(client: Client, town: Unit, keeper: User) -> None:
    assert town.parent is not None
    send(client, keeper, reverse("checklists:add"), title="食堂检查", unit=str(town.parent.pk))

    assert not Checklist.objects.exists()


def test_a_list_is_renamed_retired_and_brought_back(
    client: Client, town: Unit, keeper: User
) -> None:
    checklist = make_checklist(town).checklist

    send(client, keeper, url("change", checklist), title="<b>新</b>", title_en="", site_kinds=[])
    assert "&lt;b&gt;新&lt;/b&gt;" in page(client, keeper, checklist.get_absolute_url())
    send(client, keeper, url("retire", checklist), reason="合并")
    assert Checklist.objects.get().is_retired
    assert url("draft", checklist) not in page(client, keeper, checklist.get_absolute_url())
    send(client, keeper, url("bring-back", checklist))
    assert not Checklist.objects.get().is_retired


def test_a_title_that_is_taken_is_said_at_the_form(
    client: Client, town: Unit, keeper: User
) -> None:
    make_checklist(town, title="食堂检查")

    answer = send(client, keeper, reverse("checklists:add"), title="食堂检查", unit=str(town.pk))

    assert "该单位已有同名检查表" in answer.content.decode()


# --------------------------------------------------------------------- published
def test_the_differences_are_shown_before_a_draft_is_put_to_use(
    client: Client, town: Unit, keeper: User
) -> None:
    draft = drafted(town, keeper)
    send(client, keeper, url("item", draft.checklist, "i1"), **FILLED)
    at = url("put-to-use", draft.checklist)

    shown = page(client, keeper, at)
    assert "<ins>门是否关闭 Is the door closed?</ins>" in shown
    assert "第4项是否符合要求" in shown

    answer = send(client, keeper, at, revision="2")
    assert answer.headers["Location"] == draft.checklist.get_absolute_url()
    assert latest(draft).state == Version.State.IN_USE


def test_a_draft_with_faults_says_where_they_are(client: Client, town: Unit, keeper: User) -> None:
    draft = drafted(town, keeper)
    send(client, keeper, url("add-section", draft.checklist), title="空的", revision="1")
    at = url("put-to-use", draft.checklist)

    assert "该部分没有检查项" in page(client, keeper, url("draft", draft.checklist))
    assert "草稿仍有错误" in page(client, keeper, at)
    assert "草稿仍有错误" in send(client, keeper, at, revision="2").content.decode()
    assert latest(draft).is_draft


def test_a_draft_is_discarded_and_the_version_in_use_stays(
    client: Client, town: Unit, keeper: User
) -> None:
    draft = drafted(town, keeper)

    send(client, keeper, url("discard-draft", draft.checklist), revision="1")

    assert [v.number for v in Version.objects.all()] == [1]


def test_a_version_is_shown_as_the_inspector_sees_it(
    client: Client, town: Unit, keeper: User, reader: User
) -> None:
    version = make_checklist(town, title="消防检查")

    shown = page(client, reader, version.get_absolute_url())
    paper = page(client, reader, url("sheet", version.checklist, 1))

    assert "第1项是否符合要求" in shown
    assert "不适用" in shown
    assert "□ 是" in paper
