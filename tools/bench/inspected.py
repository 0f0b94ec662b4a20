"""Answers of an inspection, saved as the page saves them."""

import time
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

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
from tools.bench.processor import backend, spent

ITEMS = 40
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
    acts = [_save(client, made, key) for made, key in saves[: int(count)]]
    server = backend()
    before, waited = spent(server), _paced(int(rate), acts)
    return {"milliseconds": waited, "cpu_ms": (spent(server) - before) * 1000 / len(acts)}


def version_and_post() -> tuple[Version, Post]:
    """Return a checklist in use and a post that inspects by it, both of a village."""
    now = timezone.now()  # noqa: TID251 - as commands do
    user = User.objects.get(username=district.VILLAGE_OFFICER.format(0))
    post = Post.objects.select_related("unit").get(tenures__member=user)
    return _version(post, now), post


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
