"""The pages of visits: large rows with one tap, lists for coordinators, and hostile input."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from bihuan.core.powers import Power
from bihuan.orgs.models import Unit
from bihuan.visits.actions import grouping
from bihuan.visits.models import Binding, Group, Visit
from bihuan.visits.views import exporting
from bihuan.web import agenda
from tests.clock import PRESENT
from tests.factories import NOW, TODAY, make_officer, make_photo, make_post, make_site, make_unit
from tests.journal.lifting import lifted
from tests.sitemap import text_of
from tests.visits.scene import Scene, colleague, make_binding, make_visit

pytestmark = pytest.mark.django_db
HOSTILE = ["\x00", "x" * 5000, "<script>alert(1)</script>", "=cmd|'/c calc'!A0", "-1", "9" * 30]


@pytest.fixture
def officer(client: Client, scene: Scene) -> Client:
    client.force_login(scene.officer)
    return client


@pytest.fixture
def coordinator(client: Client, scene: Scene) -> Client:
    client.force_login(scene.coordinator)
    return client


def page(client: Client, name: str, *args: object, query: str = "") -> str:
    answer = client.get(f"{reverse(f'visits:{name}', args=args)}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def overdue(scene: Scene, **facts: Any) -> Binding:
    return make_binding(scene.site(**facts), scene.post, due_date=TODAY - timedelta(days=1))


# ------------------------------------------------------------------------- mine
def test_what_is_due_is_first_and_the_rest_is_one_tap_away(officer: Client, scene: Scene) -> None:
    later = localdate(PRESENT) + timedelta(days=20)
    make_binding(scene.site(name="以后再去"), scene.post, due_date=later)
    overdue(scene, name="已经超期")

    due, every = page(officer, "mine"), page(officer, "mine", query="?show=all")

    assert "已经超期" in due
    assert "以后再去" not in due
    assert "以后再去" in every


def test_one_tap_records_a_visit_and_offers_to_undo_it(officer: Client, scene: Scene) -> None:
    binding = overdue(scene)
    key = {"form_key": str(uuid4())}
    url = reverse("visits:in-order", args=[binding.pk])

    first, again = (officer.post(url, key) for _ in range(2))
    shown = officer.get(first.headers["Location"]).content.decode()
    visit = Visit.objects.get()
    officer.post(reverse("visits:withdraw", args=[visit.pk]), {"undo": "1"})

    assert first.headers["Location"] == again.headers["Location"]
    assert reverse("visits:withdraw", args=[visit.pk]) in shown
    assert Visit.objects.get().withdrawn_at == PRESENT


def test_undo_is_offered_for_ten_minutes_and_to_the_officer_only(
    client: Client, scene: Scene
) -> None:
    visit = make_visit(overdue(scene))
    query = f"?made={visit.pk}"
    withdraw = reverse("visits:withdraw", args=[visit.pk])
    client.force_login(colleague(scene))
    other = page(client, "mine", query=query)
    with lifted():
        Visit.objects.filter(pk=visit.pk).update(made_at=PRESENT - timedelta(minutes=11))
    client.force_login(scene.officer)

    assert withdraw not in other
    assert withdraw not in page(client, "mine", query=query)


def test_a_site_of_another_post_is_not_found(client: Client, scene: Scene) -> None:
    binding = overdue(scene)
    client.force_login(colleague(scene))

    for name in ("record", "in-order"):
        url = reverse(f"visits:{name}", args=[binding.pk])
        assert client.post(url, {"outcome": "in_order"}).status_code == 404
    assert not Visit.objects.exists()


def test_the_form_takes_a_note_and_photos_and_keeps_them_when_refused(
    officer: Client, scene: Scene
) -> None:
    binding = overdue(scene)
    url = reverse("visits:record", args=[binding.pk])
    given: dict[str, Any] = {"outcome": "in_order", "note": "疏散通道畅通"}
    given["visited_date"] = "2099-01-01"

    refused = officer.post(url, given)
    given |= {"visited_date": localdate(PRESENT).isoformat(), "photos": make_photo()}
    done = officer.post(url, given)

    assert "疏散通道畅通" in refused.content.decode()
    assert done.status_code == 302
    shown = page(officer, "visit", Visit.objects.get().pk)
    assert "疏散通道畅通" in shown
    assert "/desk/attachments/" in shown


def test_what_was_found_is_reported_next_with_the_site_filled_in(
    officer: Client, scene: Scene
) -> None:
    binding = overdue(scene, name="青溪小学")
    given = {"outcome": "found", "visited_date": localdate(PRESENT).isoformat()}

    done = officer.post(reverse("visits:record", args=[binding.pk]), given, follow=True)

    assert done.redirect_chain[-1][0].startswith("/desk/hazards/report/?at=site%2F")
    assert "青溪小学" in done.content.decode()


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["outcome", "visited_date", "note", "form_key"])
def test_hostile_input_records_nothing_wrong(
    officer: Client, scene: Scene, name: str, text: str
) -> None:
    binding = overdue(scene)
    given = {"outcome": "in_order", "visited_date": localdate(PRESENT).isoformat(), name: text}

    answer = officer.post(reverse("visits:record", args=[binding.pk]), given)

    assert answer.status_code in (200, 302)
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["made", "show", "older", "unit", "post", "batch", "late", "kind"]
)
@pytest.mark.parametrize("text", ["%00", "x", "-1", "9" * 30, "<b>"])
def test_hostile_addresses_are_harmless(
    client: Client, scene: Scene, query: str, text: str
) -> None:
    client.force_login(make_officer(scene.town, Power.COORDINATE, Power.REPORT))

    for name in ("mine", "coverage", "bound", "unbound", "posts", "groups"):
        answer = client.get(f"{reverse(f'visits:{name}')}?{query}={text}")
        assert answer.status_code in (200, 302, 400, 404)


# ------------------------------------------------------------------ coordinators
def test_unbound_sites_are_chosen_and_bound_together_and_undone(
    coordinator: Client, scene: Scene
) -> None:
    sites = [scene.site(), scene.site()]
    chosen = {"site": [each.pk for each in sites]}
    form = coordinator.get(reverse("visits:bind-many"), chosen)
    key = form.context["form"].initial["form_key"]
    given = {**chosen, "post": scene.post.pk, "form_key": str(key)}

    done = coordinator.post(reverse("visits:bind-many"), given)
    shown = coordinator.get(done.headers["Location"]).content.decode()
    batch = Binding.objects.latest("pk").batch
    coordinator.post(reverse("visits:undo-binding", args=[batch]))

    assert reverse("visits:undo-binding", args=[batch]) in shown
    assert not Binding.objects.filter(ended_at=None).exists()


def test_sites_of_another_unit_in_the_form_are_left_out(coordinator: Client, scene: Scene) -> None:
    own, other = scene.site(), make_site(make_unit())
    given = {"site": [own.pk, other.pk], "post": scene.post.pk}

    coordinator.post(reverse("visits:bind-many"), given)

    assert [each.site for each in Binding.objects.all()] == [own]


def test_a_post_of_another_unit_in_the_form_is_refused(coordinator: Client, scene: Scene) -> None:
    site, post = scene.site(), make_post(make_unit(), Power.REPORT)

    coordinator.post(reverse("visits:bind", args=[site.pk]), {"post": post.pk})

    assert not Binding.objects.exists()


def test_too_many_sites_for_a_post_give_a_warning(coordinator: Client, scene: Scene) -> None:
    for _ in range(3):
        make_binding(scene.site(), scene.post, every_days=1)
    site = scene.site()

    answer = coordinator.post(
        reverse("visits:bind", args=[site.pk]), {"post": scene.post.pk}, follow=True
    )

    assert "超出核定量" in answer.content.decode()
    assert "超出核定量" in page(coordinator, "posts")


def test_the_coverage_names_no_officer(coordinator: Client, scene: Scene) -> None:
    overdue(scene)

    shown = page(coordinator, "coverage")

    assert "王网格" not in shown
    assert "网格员" not in shown


def test_the_lists_are_downloaded_as_workbooks(coordinator: Client, scene: Scene) -> None:
    overdue(scene, name="=HYPERLINK(1)甲校")
    scene.site(name="乙校")

    bound = text_of(coordinator.get(reverse("visits:bound-workbook")))
    unbound = text_of(coordinator.get(reverse("visits:unbound-workbook")))

    assert "甲校" in bound
    assert "超期" in bound
    assert "乙校" in unbound
    assert "甲校" not in unbound


def test_a_workbook_that_is_not_the_whole_list_says_so(
    coordinator: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "AT_MOST", 2)
    address = reverse("visits:unbound-workbook")
    for name in ("甲校", "乙校"):
        scene.site(name=name)
    assert "只有前 2 行" not in text_of(coordinator.get(address))

    scene.site(name="丙校")

    assert "只有前 2 行" in text_of(coordinator.get(address))


def test_a_group_is_formed_changed_and_dissolved(coordinator: Client, scene: Scene) -> None:
    add = reverse("visits:add-group", args=[scene.village.pk])
    coordinator.post(add, {"name": "东片组", "posts": [scene.post.pk]})
    group = Group.objects.get()
    coordinator.post(
        reverse("visits:change-group", args=[group.pk]),
        {"name": "西片组", "posts": [scene.post.pk]},
    )
    shown = page(coordinator, "groups")
    coordinator.post(reverse("visits:dissolve-group", args=[group.pk]))

    assert "西片组" in shown
    assert Group.objects.get().ended_at == PRESENT


def test_pages_for_coordinators_are_not_found_by_others(officer: Client, scene: Scene) -> None:
    site = scene.site()
    group = grouping.form(
        unit=scene.village, name="东片组", posts=[scene.post], actor=scene.coordinator, now=NOW
    )
    addresses = [
        *(reverse(f"visits:{name}") for name in ("coverage", "bound", "unbound", "posts")),
        *(reverse(f"visits:{name}") for name in ("groups", "bind-many", "bound-workbook")),
        reverse("visits:bind", args=[site.pk]),
        reverse("visits:change-group", args=[group.pk]),
        reverse("visits:add-group", args=[scene.village.pk]),
    ]

    assert {officer.get(url).status_code for url in addresses} == {404}


# ------------------------------------------------------------ the page of a site
def test_the_page_of_a_site_shows_its_post_and_visits(client: Client, scene: Scene) -> None:
    binding = overdue(scene)
    make_visit(binding)
    client.force_login(scene.officer)
    own = client.get(binding.site.get_absolute_url()).content.decode()
    client.force_login(scene.coordinator)
    other = client.get(binding.site.get_absolute_url()).content.decode()

    assert reverse("visits:record", args=[binding.pk]) in own
    assert reverse("visits:bind", args=[binding.site_id]) not in own
    assert reverse("visits:record", args=[binding.pk]) not in other
    assert reverse("visits:bind", args=[binding.site_id]) in other
    assert "网格员" in other


def test_an_enterprise_sees_its_site_without_the_visits(client: Client, scene: Scene) -> None:
    firm = make_unit(scene.town, kind=Unit.Kind.ENTERPRISE)
    site = scene.site(operator_unit=firm)
    make_visit(make_binding(site, scene.post))
    client.force_login(make_officer(firm, Power.HANDLE))

    shown = client.get(site.get_absolute_url())

    assert shown.status_code == 200
    assert "网格员" not in shown.content.decode()
    assert client.get(reverse("visits:history", args=[site.pk])).status_code == 404


# ------------------------------------------------------------------------- Today
def test_due_visits_and_unbound_sites_are_on_today(scene: Scene) -> None:
    overdue(scene, name="已经超期")
    make_binding(scene.site(), scene.post)
    scene.site()

    own = [item.title for each in agenda.sections(scene.officer, NOW) for item in each.items]
    others = [item.title for each in agenda.sections(scene.coordinator, NOW) for item in each.items]

    assert own == ["已经超期"]
    assert others == ["1 个未绑定场所"] or others == ["1 site without a post"]


# ----------------------------------------------------------------------- queries
@pytest.mark.parametrize("name", ["mine", "coverage", "bound", "unbound", "posts"])
def test_the_number_of_queries_does_not_grow_with_the_sites(
    client: Client, scene: Scene, name: str
) -> None:
    client.force_login(make_officer(scene.town, Power.COORDINATE, Power.REPORT))
    post = scene.post

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            page(client, name, query="?show=all")
        return len(found)

    def add() -> None:
        make_binding(scene.site(), post)
        scene.site()

    add()
    asked()
    few = asked()
    for _ in range(5):
        add()

    assert asked() == few
