"""The subject tree: loaded once, edited by those who keep it, never losing what cases refer to."""

from __future__ import annotations

from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from bihuan.cases import kinds
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.grievances import categories
from bihuan.grievances.actions import category as acts
from bihuan.grievances.models import Category
from bihuan.journal import queries as journal
from bihuan.orgs.access import Console
from bihuan.orgs.models import User
from tests.conftest import CountQueries
from tests.factories import NOW, make_officer, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> User:
    return make_officer(make_unit(), Power.COORDINATE)


@pytest.fixture
def loaded() -> None:
    acts.load(actor=Console.CONSOLE, now=NOW)


def coded(code: str) -> Category:
    return Category.objects.get(code=code)


# --------------------------------------------------------- what is shipped
def test_the_shipped_tree_has_three_levels_with_names_in_both_languages() -> None:
    levels = Counter(len(node.code) // categories.STEP for node in categories.shipped())

    assert set(levels) == {1, 2, 3}
    assert (levels[1], levels[2]) == (12, 61)
    assert levels[3] > 180
    assert all(node.zh and node.en for node in categories.shipped())


def test_every_shipped_node_hangs_under_one_that_is_there() -> None:
    codes = {node.code for node in categories.shipped()}

    assert {node.parent for node in categories.shipped()} - codes == {""}


def test_no_two_shipped_nodes_at_one_place_have_the_same_name() -> None:
    for names in (
        [(node.parent, node.zh) for node in categories.shipped()],
        [(node.parent, node.en) for node in categories.shipped()],
    ):
        assert [name for name, n in Counter(names).items() if n > 1] == []


def test_every_shipped_kind_is_one_that_there_is_and_dangers_become_hazards() -> None:
    of_code = {node.code: node.kind for node in categories.shipped()}

    assert set(of_code.values()) == {name for name, _label in kinds.choices()}
    assert of_code["100101"] == "hazard"


# -------------------------------------------------------------------- loading
def test_loading_twice_adds_nothing_and_keeps_what_the_office_changed(keeper: User) -> None:
    assert acts.load(actor=keeper, now=NOW) == len(categories.shipped())
    acts.change(category=coded("01"), name="住建", actor=keeper, now=NOW)
    acts.retire(category=coded("0203"), actor=keeper, now=NOW, reason="并入交通局热线")

    assert acts.load(actor=keeper, now=NOW) == 0

    assert coded("01").name == "住建"
    assert coded("0203").retired_at == NOW


def test_the_command_says_how_many_it_added() -> None:
    answer = StringIO()

    call_command("load_categories", stdout=answer)
    call_command("load_categories", stdout=answer)

    first, second = answer.getvalue().splitlines()
    assert (first[-2:], second[-1]) == (str(len(categories.shipped()))[-2:], "0")


# -------------------------------------------------------------------- editing
@pytest.mark.parametrize("power", [Power.COORDINATE, Power.ADMINISTER])
def test_coordinators_and_administrators_at_the_top_keep_the_tree(power: Power) -> None:
    keeper = make_officer(make_unit(), power)

    added = acts.add(parent=None, name="其他事项", actor=keeper, now=NOW)

    assert added.code == "01"


def test_nobody_below_the_top_and_no_other_power_changes_it(loaded: None) -> None:
    county = make_unit()
    town = make_unit(county)
    others = [
        make_officer(town, Power.COORDINATE, Power.ADMINISTER),
        make_officer(county, *set(Power) - acts.EDITORS),
    ]
    for who in others:
        for act in (
            lambda who=who: acts.load(actor=who, now=NOW),
            lambda who=who: acts.add(parent=None, name="甲", actor=who, now=NOW),
            lambda who=who: acts.change(category=coded("01"), name="甲", actor=who, now=NOW),
            lambda who=who: acts.move(category=coded("0101"), parent=None, actor=who, now=NOW),
            lambda who=who: acts.retire(category=coded("01"), actor=who, now=NOW, reason="甲"),
            lambda who=who: acts.restore(category=coded("01"), actor=who, now=NOW),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_a_new_category_gets_the_next_code_and_no_code_is_given_twice(
    loaded: None, keeper: User
) -> None:
    first = acts.add(parent=coded("0101"), name="白蚁", actor=keeper, now=NOW)
    acts.retire(category=first, actor=keeper, now=NOW, reason="并入房屋安全")
    second = acts.add(parent=coded("0101"), name="白蚁", actor=keeper, now=NOW)

    assert (first.code, second.code) == ("010104", "010105")


def test_the_tree_never_grows_a_fourth_level(loaded: None, keeper: User) -> None:
    with pytest.raises(acts.TooDeep):
        acts.add(parent=coded("010101"), name="甲", actor=keeper, now=NOW)
    with pytest.raises(acts.TooDeep):
        acts.move(category=coded("01"), parent=coded("02"), actor=keeper, now=NOW)


def test_a_category_never_hangs_below_itself(loaded: None, keeper: User) -> None:
    for below in ("01", "0101"):
        with pytest.raises(acts.BelowItself):
            acts.move(category=coded("01"), parent=coded(below), actor=keeper, now=NOW)


def test_a_name_stands_once_at_its_place(loaded: None, keeper: User) -> None:
    with pytest.raises(acts.NameTaken):
        acts.add(parent=coded("0101"), name=" 危房鉴定与撤离 ", actor=keeper, now=NOW)
    with pytest.raises(Missing):
        acts.add(parent=None, name=" ", actor=keeper, now=NOW)
    assert acts.add(parent=coded("0201"), name="危房鉴定与撤离", actor=keeper, now=NOW)


def test_a_category_moves_with_what_is_below_and_keeps_its_code(loaded: None, keeper: User) -> None:
    moved = acts.move(category=coded("0305"), parent=coded("08"), actor=keeper, now=NOW)

    assert (moved.code, moved.parent) == ("0305", coded("08"))
    assert coded("030501").parent == moved


def test_what_is_retired_is_offered_no_more_but_stays(loaded: None, keeper: User) -> None:
    acts.retire(category=coded("0101"), actor=keeper, now=NOW, reason="改由住建部门统一受理")

    offered = {code for _group, leaves in categories.offered() for code, _name in leaves}
    assert "010101" not in offered
    assert "010201" in offered
    assert coded("010101").retired_at == NOW
    assert categories.coded("010101") is None


def test_nothing_comes_back_under_what_is_retired(loaded: None, keeper: User) -> None:
    acts.retire(category=coded("0101"), actor=keeper, now=NOW, reason="重复")

    with pytest.raises(acts.Retired):
        acts.restore(category=coded("010101"), actor=keeper, now=NOW)
    acts.restore(category=coded("0101"), actor=keeper, now=NOW)
    acts.restore(category=coded("010101"), actor=keeper, now=NOW)

    assert categories.coded("010101") is not None


def test_each_act_is_journaled(keeper: User) -> None:
    made = acts.add(parent=None, name="甲", actor=keeper, now=NOW)
    acts.change(category=made, name="乙", actor=keeper, now=NOW)
    acts.retire(category=made, actor=keeper, now=NOW, reason="不再需要")
    acts.restore(category=made, actor=keeper, now=NOW)

    entries = journal.timeline(made.subject).order_by("seq")
    assert [entry.act for entry in entries] == [
        "add-category",
        "change-category",
        "retire-category",
        "restore-category",
    ]
    assert {entry.actor for entry in entries} == {keeper}


# ---------------------------------------------------------------------- asking
def test_the_tree_is_read_in_one_query(loaded: None, count_queries: CountQueries) -> None:
    with count_queries() as queries:
        nodes = categories.tree()

    assert len(queries) == 1
    assert sum(1 for top in nodes for _ in top.walk()) == len(categories.shipped())


def test_only_leaves_that_the_public_may_choose_are_offered(loaded: None, keeper: User) -> None:
    leaf = coded("020202")
    acts.change(category=leaf, name=leaf.name, actor=keeper, now=NOW, is_offered=False)

    with translation.override("en"):
        groups = dict(categories.offered("hazard"))
        every = {code for _group, leaves in categories.offered() for code, _name in leaves}

    assert ("010101", "Cracked or leaning walls") in groups[
        "Housing and buildings · Safety of buildings"
    ]
    assert "020202" not in every
    assert not {"01", "0101"} & every


def test_a_search_finds_names_in_either_language(loaded: None) -> None:
    assert [node.category.code for node in categories.search("井盖")] == ["020102"]
    assert [node.category.code for node in categories.search("manhole")] == ["020102"]


# ----------------------------------------------------------------------- pages
def test_the_empty_page_offers_the_tree_of_the_release(client: Client, keeper: User) -> None:
    client.force_login(keeper)
    assert "/desk/categories/load/" in client.get("/desk/categories/").content.decode()

    client.post("/desk/categories/load/")

    assert Category.objects.count() == len(categories.shipped())


def test_the_keeper_adds_changes_moves_retires_and_restores_on_pages(
    loaded: None, client: Client, keeper: User
) -> None:
    client.force_login(keeper)
    named = {"name": "白蚁防治", "name_en": "Termites", "kind": "grievance", "is_offered": "on"}
    for path, given in (
        ("0101/add/", named),
        ("010104/change/", {**named, "name": "白蚁", "is_offered": ""}),
        ("010104/move/", {"parent": "0102", "reason": "归维修"}),
        ("010104/retire/", {"reason": "不再使用"}),
        ("010104/restore/", {}),
    ):
        assert client.get(f"/desk/categories/{path}").status_code == 200
        assert client.post(f"/desk/categories/{path}", given).status_code == 302, path

    changed = coded("010104")
    assert (changed.name, changed.parent, changed.is_offered, changed.retired_at) == (
        "白蚁",
        coded("0102"),
        False,
        None,
    )
    assert "白蚁" in client.get("/desk/categories/0102/").content.decode()


def test_a_refusal_is_said_on_the_page(loaded: None, client: Client, keeper: User) -> None:
    client.force_login(keeper)

    page = client.post("/desk/categories/01/move/", {"parent": "02", "reason": ""})

    assert "分类共三级" in page.content.decode()


def test_other_officers_look_and_do_not_edit(loaded: None, client: Client) -> None:
    client.force_login(make_officer(make_unit(make_unit()), Power.HANDLE))

    page = client.get("/desk/categories/0101/").content.decode()

    assert "/desk/categories/0101/retire/" not in page
    assert client.get("/desk/categories/0101/retire/").status_code == 403
    assert client.post("/desk/categories/load/").status_code == 403


def test_a_search_on_the_page_costs_no_more_than_the_tree(
    loaded: None, client: Client, keeper: User, count_queries: CountQueries
) -> None:
    client.force_login(keeper)
    client.get("/desk/categories/")

    with count_queries() as queries:
        page = client.get("/desk/categories/?q=路灯").content.decode()

    assert "020202" in page
    assert len(queries) <= 8
