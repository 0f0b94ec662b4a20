"""Answers of an inspection, saved as the page saves them, and the register of many inspections."""

import time
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bihuan.checklists.actions import lists, versions
from bihuan.checklists.models import Version
from bihuan.core.checklist import Content, Item, Section
from bihuan.core.inspection import Kind
from bihuan.core.rules import Bilingual
from bihuan.inspections.actions import course
from bihuan.inspections.models import Inspection
from bihuan.orgs.access import Console
from bihuan.orgs.models import Post, User
from bihuan.sites.actions import registering
from bihuan.sites.actions.registering import SiteFacts
from tools.bench import district

ITEMS = 40
ROUNDS = 20
Answer = dict[str, object]


def answers(count: str, rate: str) -> Answer:
    """Save answers over the page's own address at a steady rate; return how long each waited."""
    now = timezone.now()  # noqa: TID251 - as the page does
    user = User.objects.get(username=district.VILLAGE_OFFICER.format(0))
    post = Post.objects.select_related("unit").get(tenures__member=user)
    version = _version(post, now)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    begun = [_begun(post, version, user, now) for _ in range(1 + int(count) // ITEMS)]
    saves = [(made, item.key) for made in begun for item in version.read().items]
    waited = _paced(int(rate), [_save(client, made, key) for made, key in saves[: int(count)]])
    return {"milliseconds": waited}


def register(count: str) -> Answer:
    """Add inspections of a county, and read the register as an officer of a village does."""
    now = timezone.now()  # noqa: TID251 - as the page does
    user = User.objects.get(username=district.VILLAGE_OFFICER.format(0))
    post = Post.objects.select_related("unit").get(tenures__member=user)
    made = _begun(post, _version(post, now), user, now)
    _multiplied(made, int(count))
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    page = reverse("inspections:inspections")
    addresses = [page, f"{page}?stage=begun", made.get_absolute_url()]
    waited = [_timed(client, each) for _ in range(ROUNDS) for each in addresses]
    return {"milliseconds": waited}


def _version(post: Post, now: datetime) -> Version:
    items = tuple(Item(f"i{n}", Bilingual(f"第{n}项是否符合要求", "")) for n in range(1, ITEMS + 1))
    checklist = lists.make(
        unit=post.unit,
        title=f"测速检查表{uuid4().hex[:8]}",
        content=Content((Section("s", Bilingual("检查", ""), items),)),
        actor=Console.CONSOLE,
        now=now,
    )
    draft = Version.objects.get(checklist=checklist)
    return versions.put_to_use(version=draft, revision=1, actor=Console.CONSOLE, now=now)


def _begun(post: Post, version: Version, user: User, now: datetime) -> Inspection:
    facts = SiteFacts("测速小学")
    site = registering.enter(unit=post.unit, kind="school", facts=facts, actor=None, now=now)
    return course.begin(
        site=site,
        version=version,
        unit=post.unit,
        posts=[post],
        kind=Kind.ORDINARY,
        actor=user,
        now=now,
        key=uuid4(),
    )


def _save(client: Client, made: Inspection, item: str) -> Callable[[], None]:
    data = {"key": str(uuid4()), "item": item, "value": "yes", "note": "", "based_on": 0}

    def save() -> None:
        response = client.post(reverse("inspections:answer", args=[made.pk]), data)
        assert response.status_code == 200, response.content

    return save


def _paced(rate: int, acts: list[Callable[[], None]]) -> list[float]:
    """Start each when it is due; one that waits for the others before it has waited."""
    began, waited = time.perf_counter(), []
    for number, act in enumerate(acts):
        due = began + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        act()
        waited.append((time.perf_counter() - due) * 1000)
    return waited


def _timed(client: Client, address: str) -> float:
    began = time.perf_counter()
    response = client.get(address)
    assert response.status_code == 200
    return (time.perf_counter() - began) * 1000


def _multiplied(made: Inspection, count: int) -> None:
    """Copy the row, and the unit that sees it, over the units of the county."""
    fields = Inspection._meta.concrete_fields
    columns = [str(field.column) for field in fields if not field.primary_key]
    given = {"unit_id": "u.id", "area_id": "u.id", "key": "gen_random_uuid()"}
    values = ", ".join(given.get(column, f"i.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH u AS (SELECT id, row_number() OVER () - 1 AS n FROM orgs_unit), "
            f"many AS (SELECT count(*) AS units FROM u) "
            f"INSERT INTO inspections_inspection ({', '.join(columns)}) SELECT {values} "
            f"FROM generate_series(1, %s) AS g(n) CROSS JOIN many "
            f"JOIN u ON u.n = g.n %% many.units "
            f"CROSS JOIN inspections_inspection AS i WHERE i.id = %s",
            [count, made.pk],
        )
        cursor.execute(
            "INSERT INTO inspections_involved (inspection_id, unit_id, role) "
            "SELECT id, unit_id, 'inspects' FROM inspections_inspection WHERE id > %s",
            [made.pk],
        )
        cursor.execute("ANALYZE inspections_inspection, inspections_involved")
