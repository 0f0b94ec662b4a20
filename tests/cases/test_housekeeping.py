"""To administer or to audit gives no sight of what people bring for themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client

from bihuan.cases import queries
from bihuan.cases.models import Case
from bihuan.core.grievance import GRIEVANCE
from bihuan.core.mediation import MEDIATION
from bihuan.core.powers import Power
from bihuan.core.suggestion import SUGGESTION
from bihuan.journal.actions import record
from bihuan.notices.actions import tell
from bihuan.orgs.models import Post, User
from tests.cases.public import Office, make_office, told
from tests.clock import PRESENT
from tests.factories import make_member, make_officer, make_post, make_tenure
from tests.sitemap import Route, addresses, routes, text_of

pytestmark = pytest.mark.django_db

TITLE = "反映拖欠工资的事"
HAZARD = "路灯不亮"
NOT_WALKED = {"orgs:sign-out", "web:set_language"}
HOUSEKEEPERS = {
    "administrator": (Power.ADMINISTER,),
    "auditor": (Power.AUDIT,),
    "both": (Power.ADMINISTER, Power.AUDIT),
    "nothing": (),
}
BROUGHT = [GRIEVANCE.kind, SUGGESTION.kind, MEDIATION.kind]


@dataclass(frozen=True)
class Scene:
    office: Office
    complaint: Case
    hazard: Case


@pytest.fixture
def scene() -> Scene:
    """A complaint and a hazard in the town, each of which the other names on its timeline."""
    office = make_office()
    complaint = told(office.town, kind="grievance", title=TITLE).case
    hazard = told(office.town, title=HAZARD).case
    record(hazard.subject, "comment", by=None, at=PRESENT, detail={"seen_again": complaint.number})
    return Scene(office, complaint, hazard)


def housekeeper(scene: Scene, *powers: Power) -> User:
    return make_officer(scene.office.county, *powers)


def seen(user: User) -> set[str]:
    return set(queries.visible_to(user, PRESENT).values_list("title", flat=True))


def walk(scene: Scene, user: User) -> Iterator[str]:
    fillings: dict[str, list[object]] = {
        "number": [scene.complaint.number, scene.hazard.number],
        "code": [scene.office.town.code],
        "username": [user.username],
        "slot": ["reporter"],
    }

    def fill(route: Route, name: str) -> list[object]:
        return fillings.get(name, ["1"])

    walked = addresses(fill)
    yield from (url for route, url in walked if route.name not in NOT_WALKED)
    asked = ["state=all", f"q={TITLE[2:]}", "kind=grievance", f"unit={scene.office.town.code}"]
    (ledger,) = (route.path for route in routes() if route.name == "desk:ledger")
    yield from (f"{ledger}?{question}" for question in asked)


@pytest.mark.slow
@pytest.mark.parametrize("powers", HOUSEKEEPERS.values(), ids=HOUSEKEEPERS.keys())
def test_no_page_says_anything_of_a_complaint(
    client: Client, scene: Scene, powers: tuple[Power, ...]
) -> None:
    user = housekeeper(scene, *powers)
    tell(
        [user],
        subject=scene.complaint.subject,
        what="overdue",
        cause="before",
        now=PRESENT,
        detail={"rule": "LOC-1", "due_at": PRESENT.isoformat(), "title": TITLE},
    )
    client.force_login(user)
    number = scene.complaint.number

    said = {url: text_of(client.get(url)) for url in walk(scene, user)}

    assert [
        url for url, text in said.items() if TITLE in text or (number in text and number not in url)
    ] == []


@pytest.mark.parametrize("kind", BROUGHT)
@pytest.mark.parametrize("powers", HOUSEKEEPERS.values(), ids=HOUSEKEEPERS.keys())
def test_hazards_are_seen_and_nothing_that_people_bring(
    client: Client, scene: Scene, powers: tuple[Power, ...], kind: str
) -> None:
    Case.objects.filter(pk=scene.complaint.pk).update(kind=kind)
    user = housekeeper(scene, *powers)
    client.force_login(user)

    assert seen(user) == {HAZARD}
    assert queries.case_for(user, scene.hazard.number, PRESENT)
    assert client.get(scene.complaint.get_absolute_url()).status_code == 404
    assert queries.shut_among(user, [scene.complaint.number], PRESENT)
    assert not queries.seen_among(user, [scene.complaint.number], PRESENT)


@pytest.mark.parametrize("power", [p for p in Power if p not in (Power.ADMINISTER, Power.AUDIT)])
def test_every_power_that_works_sees_both(scene: Scene, power: Power) -> None:
    user = make_officer(scene.office.county, power, Power.AUDIT)

    assert seen(user) == {TITLE, HAZARD}
    assert queries.case_for(user, scene.complaint.number, PRESENT)


def test_who_works_below_and_audits_above_sees_complaints_where_they_work(scene: Scene) -> None:
    own = told(scene.office.village, kind="grievance", title="村里的事").case
    user = make_officer(scene.office.village, Power.HANDLE)
    make_tenure(user, make_post(scene.office.county, Power.AUDIT))

    assert seen(user) == {HAZARD, "村里的事"}
    assert queries.case_for(user, own.number, PRESENT)
    with pytest.raises(Case.DoesNotExist):
        queries.case_for(user, scene.complaint.number, PRESENT)


def test_a_housekeeper_at_the_top_sees_no_more(scene: Scene) -> None:
    """Whose posts reach all there is asks without units."""
    user = make_member()
    make_tenure(user, make_post(scene.office.county, Power.ADMINISTER))
    make_tenure(user, make_post(scene.office.village, Power.HANDLE))

    assert Post.objects.filter(unit=scene.office.county, powers=["administer"]).exists()
    assert seen(user) == {HAZARD}
