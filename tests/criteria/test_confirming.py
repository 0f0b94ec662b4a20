"""Drafts are used only once an officer of the topmost unit has compared them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed, Refusal, SamePerson
from bihuan.criteria import actions, lists, queries
from bihuan.criteria.lists import Criterion
from bihuan.criteria.models import Confirmation
from bihuan.criteria.refusals import AlreadyConfirmed, NotADraft, NotConfirmed, ReadInTheFuture
from bihuan.journal.models import Entry
from bihuan.orgs.models import Post, Tenure, User
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import NOW, TODAY, make_officer, make_unit

pytestmark = pytest.mark.django_db


def _of(key: str) -> Criterion:
    found = lists.by_id(f"CRI-1/{key}", on=TODAY)
    assert found is not None
    return found


LIST, DRAFT, READ = _of("13.2").list, _of("13.2").item, _of("3.2").item
URL = reverse("criteria:confirm-item", args=["CRI-1", "2023", "13.2"])
PAGE = reverse("criteria:list", args=["CRI-1", "2023"])


@pytest.fixture
def officer() -> User:
    return make_officer(make_unit(), Power.COORDINATE)


def _post(officer: User) -> Post:
    return Post.objects.get(tenures__member=officer)


def _confirm(officer: User, **given: object) -> Confirmation:
    values = {
        "criteria": LIST, "item": DRAFT, "post": given.get("post") or _post(officer),
        "reference": "官网公布文本", "read_date": TODAY, "actor": officer, "now": NOW,
    }  # fmt: skip
    return actions.confirm(**(values | given))  # type: ignore[arg-type]


def _second(officer: User, **given: object) -> Confirmation:
    """Another officer of the same unit finds the same."""
    other = make_officer(_post(officer).unit, Power.COORDINATE)
    return _confirm(other, **given)


def _usable() -> set[str]:
    return {each.id for each in queries.usable(TODAY)}


def test_a_draft_is_usable_from_its_confirmation_until_it_is_withdrawn(officer: User) -> None:
    assert "CRI-1/13.2" not in _usable()

    made = _confirm(officer)
    assert "CRI-1/13.2" not in _usable()
    _second(officer)

    assert "CRI-1/13.2" in _usable()
    assert made.post == _post(officer)
    entry = Entry.objects.get(chain__subject=made.subject, act="confirm")
    assert (entry.act, entry.actor_id, entry.note) == ("confirm", officer.pk, "官网公布文本")

    actions.withdraw(criteria=LIST, item=DRAFT, note="有误", actor=officer, now=NOW)
    assert "CRI-1/13.2" not in _usable()
    assert _confirm(officer).pk != made.pk


def test_a_confirmation_holds_for_one_item_only(officer: User) -> None:
    before = _usable()

    _confirm(officer)
    _second(officer)

    assert _usable() - before == {"CRI-1/13.2"}


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"item": READ}, NotADraft),
        ({"reference": " ​ "}, Missing),
        ({"read_date": TODAY + timedelta(days=1)}, ReadInTheFuture),
    ],
)
def test_what_is_no_comparison_confirms_nothing(
    officer: User, given: dict[str, object], refused: type[Refusal]
) -> None:
    with pytest.raises(refused):
        _confirm(officer, **given)

    assert not Confirmation.objects.exists()


def test_the_same_item_is_confirmed_once(officer: User) -> None:
    _confirm(officer)
    _second(officer)

    with pytest.raises(AlreadyConfirmed):
        _second(officer)


def test_one_officer_does_not_do_both(officer: User) -> None:
    _confirm(officer)

    with pytest.raises(SamePerson):
        _confirm(officer)

    assert "CRI-1/13.2" not in _usable()


def test_who_stands_in_for_the_first_is_no_second_officer(officer: User) -> None:
    held = Tenure.objects.get(member=officer)
    other = make_officer(held.post.unit, Power.COORDINATE)
    post = _post(other)
    Tenure.with_stand_ins.create(
        member=other, post=held.post, holder_tenure=held, start_date=TODAY, end_date=TODAY
    )
    _confirm(officer, post=held.post)

    with pytest.raises(SamePerson):
        _confirm(other, post=post)


def test_only_what_is_confirmed_is_withdrawn(officer: User) -> None:
    with pytest.raises(NotConfirmed):
        actions.withdraw(criteria=LIST, item=DRAFT, note="有误", actor=officer, now=NOW)
    _confirm(officer)
    with pytest.raises(Missing):
        actions.withdraw(criteria=LIST, item=DRAFT, note=" ", actor=officer, now=NOW)


@pytest.mark.parametrize("power", sorted(set(Power) - queries.CONFIRMERS))
def test_other_posts_confirm_nothing(power: Power) -> None:
    other = make_officer(make_unit(), power)

    with pytest.raises(NotAllowed):
        _confirm(other)
    with pytest.raises(NotAllowed):
        actions.withdraw(criteria=LIST, item=DRAFT, note="有误", actor=other, now=NOW)


def test_a_unit_below_confirms_nothing_and_no_one_for_the_post_of_another(officer: User) -> None:
    below = make_officer(make_unit(make_unit()), Power.COORDINATE)

    with pytest.raises(NotAllowed):
        _confirm(below)
    with pytest.raises(NotAllowed):
        _confirm(officer, post=_post(make_officer(make_unit(), Power.COORDINATE)))


# ------------------------------------------------------------------------------- pages
def _page(client: Client, user: User, url: str, status: int = 200) -> str:
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_catalogue_has_the_lists_in_force_and_search_finds_items(
    client: Client, officer: User
) -> None:
    address = reverse("criteria:catalogue")

    now = _page(client, officer, address)
    past = _page(client, officer, f"{address}?state=past")
    found = _page(client, officer, f"{address}?q=13.2")

    assert "GB 35181-2025" in now
    assert "GB 35181-2017" not in now
    assert "GB 35181-2017" in past
    assert "CRI-1/13.2" in found


@pytest.mark.parametrize(
    "words", ["%00", "=cmd", "<script>alert(1)</script>", "x" * 9000, "没有的"]
)
def test_strange_words_find_nothing_and_break_nothing(
    client: Client, officer: User, words: str
) -> None:
    page = _page(client, officer, f"{reverse('criteria:catalogue')}?q={words}")

    assert "<script>alert(1)" not in page


@pytest.mark.parametrize(
    "path",
    [
        "desk/criteria/CRI-1/1999/",
        "desk/criteria/CRI-1/2023%00/",
        "desk/criteria/CRI-1/2023/99/confirm/",
        "desk/criteria/CRI-1/2023/99/withdraw/",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, officer: User, path: str) -> None:
    _page(client, officer, f"/{path}", 404)


def test_a_draft_is_confirmed_on_its_page_by_those_who_may(client: Client, officer: User) -> None:
    other = make_officer(make_unit(), Power.HANDLE)
    _page(client, other, URL, 404)
    assert URL not in _page(client, other, PAGE)
    assert URL in _page(client, officer, PAGE)
    sent = {"reference": "官网", "read_date": "2026-09-01", "post": _post(officer).pk}

    answer = client.post(URL, sent)

    assert answer.status_code == 302
    assert "CRI-1/13.2" not in _usable()
    again = client.post(URL, sent)
    assert again.status_code == 200
    second = make_officer(_post(officer).unit, Power.COORDINATE)
    assert URL in _page(client, second, PAGE)
    client.post(URL, {**sent, "post": _post(second).pk})
    assert "CRI-1/13.2" in _usable()
    assert Confirmation.objects.count() == 1


def test_what_was_typed_stays_and_the_error_is_at_its_field(client: Client, officer: User) -> None:
    client.force_login(officer)

    page = client.post(URL, {"reference": "文号一", "read_date": "2999-01-01", "post": "999999"})

    assert "文号一" in page.content.decode()
    assert {*page.context["form"].errors} == {"post"}
    assert not Confirmation.objects.exists()


def test_the_pages_make_the_same_queries_whatever_is_confirmed(
    client: Client, officer: User, count_queries: CountQueries
) -> None:
    client.force_login(officer)
    client.get(PAGE)
    with count_queries() as few:
        client.get(PAGE)
    for key in ("13.1", "13.2", "12.1", "11.1"):
        _confirm(officer, item=_of(key).item, now=PRESENT)

    with count_queries() as many:
        client.get(PAGE)

    assert len(many) == len(few)
