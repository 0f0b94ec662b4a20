"""The forms of the staff in which something is typed, as the pages of many officers show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from django.test import Client

from bihuan.cases import queries
from bihuan.cases.models import Case
from bihuan.core import grievance, hazard, mediation
from bihuan.core.powers import Power
from bihuan.grievances.actions import suggestion
from bihuan.orgs.models import Post, Tenure, User
from bihuan.receipts.accounts import Account, Intake
from tests.cases.public import accused, told
from tests.clock import PRESENT
from tests.desk.pages import a_case, offered, page_of
from tests.factories import make_cast, make_officer
from tests.grievances import offices
from tests.mediations import table
from tests.sitemap import Route, addresses

POSTED = re.compile(r'<form [^>]*method="post".*?</form>', re.DOTALL)
TYPED = re.compile(r'<textarea|<input [^>]*type="(?:text|search|number|email|tel|url|password)"')


@dataclass(frozen=True)
class StaffPage:
    """A page with a form to type in, as the server sent it."""

    name: str
    path: str
    content: str


def staff_pages() -> list[StaffPage]:
    """Every page of the staff with a form to type in: one of each route, and of each move."""
    users = _people_and_cases()
    found: dict[str, StaffPage] = {}
    for page in (*_moves(users), *_others(users)):
        if page.name not in found and _has_typed(page.content):
            found[page.name] = page
    return list(found.values())


def _has_typed(content: str) -> bool:
    main = content.partition("<main")[2]
    return any(TYPED.search(form) for form in POSTED.findall(main))


# ----------------------------------------------------------------------- world
def _people_and_cases() -> list[User]:
    """Cases of every kind at every stage that is open to officers, and one that is confidential."""
    realm = offices.make_realm()
    cast = make_cast(realm.town.unit)
    for stage in hazard.Stage:
        a_case(cast, stage)
    for step in list(grievance.Stage)[:6]:
        offices.bring(realm.town, step, now=PRESENT)
    disputes = table.make_office(PRESENT)
    for talk in (mediation.Stage.BROUGHT, mediation.Stage.MEDIATING, mediation.Stage.DRAFTED):
        table.at(disputes, talk)
    told(realm.town.unit)
    accused(realm.town.unit)
    suggested = Account(title="增设晚班公交", unit=realm.town.unit, description="末班车太早。")
    suggestion.receive(Intake(account=suggested, form_key=uuid4().hex, now=PRESENT))
    make_officer(realm.province.unit, Power.ADMINISTER, name="管理员")
    return list(User.objects.order_by("pk"))


def _moves(users: list[User]) -> Iterator[StaffPage]:
    seen: set[tuple[str, str]] = set()
    client = Client()
    for user in users:
        for case in queries.visible_to(user, PRESENT).order_by("pk"):
            what = "confidential" if case.is_confidential else case.kind
            for move in offered(page_of(client, user, case)):
                if (what, move) not in seen:
                    seen.add((what, move))
                    path = f"{case.get_absolute_url()}{move}/"
                    yield StaffPage(f"{what}:{move}", path, _content(client, path))


def _others(users: list[User]) -> Iterator[StaffPage]:
    numbers = dict(Case.objects.order_by("-pk").values_list("kind", "number"))
    keys: dict[str, list[object]] = {
        "number": list(numbers.values()),
        "move": [],
        "slot": ["reporter"],
        "code": list(Post.objects.values_list("unit__code", flat=True)[:1]),
        "username": [users[-1].username],
        "pk": [1, Tenure.objects.latest("pk").pk, Post.objects.latest("pk").pk],
        "post": [Post.objects.latest("pk").pk],
    }

    def fill(route: Route, name: str) -> list[object]:
        return keys.get(name, [1])

    paths = [(route.name, path) for route, path in addresses(fill) if not route.is_public]
    client, seen = Client(), set()
    for user in _of_each_sort(users):
        client.force_login(user)
        for name, path in paths:
            if (
                name not in seen
                and path.startswith("/desk/")
                and (content := _content(client, path))
            ):
                seen.add(name)
                yield StaffPage(name, path, content)


def _of_each_sort(users: list[User]) -> list[User]:
    """The first officer with each set of powers."""
    sorts = {
        repr(user.tenures.values_list("post__powers").first()): user for user in reversed(users)
    }
    return list(sorts.values())


def _content(client: Client, path: str) -> str:
    # A form that has an address of its own is opened by a redirect.
    answer = client.get(path, follow="intake" in path)
    is_page = answer.status_code == 200 and "html" in answer.headers.get("Content-Type", "")
    if answer.streaming:  # `close` would end the test's connection to its database as well
        for close in answer._resource_closers:  # type: ignore[attr-defined]
            close()
        return ""
    return answer.content.decode() if is_page else ""
