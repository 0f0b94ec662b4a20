"""Whoever is complained of, or does not need to know, learns nothing of a case on any path.

Every address of the site and every command is walked; what they answer is searched for the
case's number and title. A coordinator who may know finds both, or the test would be empty.
Officers with a single power walk what takes no choice; those with every power walk everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from bihuan import cli
from bihuan.cases.actions import clocks, evidence
from bihuan.cases.models import AccessGrant, Assist, Case, Contest, Evidence, Exclusion
from bihuan.core.hazard import Move, Stage
from bihuan.core.powers import Power
from bihuan.hazards.actions import reporting
from bihuan.hazards.models import Control
from bihuan.journal.actions import record
from bihuan.notices.actions import tell
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.receipts.accounts import Account, Intake
from bihuan.receipts.models import FollowUp, Message, Rating, UnsealRequest
from tests.cases.public import WHO
from tests.clock import PRESENT
from tests.factories import (
    make_case,
    make_cast,
    make_officer,
    make_photo,
    make_post,
    make_tenure,
    make_unit,
)
from tests.sitemap import Route, addresses, routes, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TITLE = "巡查人员私设收费点"
WORDS = "私设收费"  # a page may repeat what was looked for, so it is looked for in part
NOT_WALKED = {"orgs:sign-out", "web:set_language"}  # they end the walk, or send it elsewhere


@dataclass
class Scene:
    """A case about a town, everything that could give it away, and whoever must not know."""

    case: Case
    county: Unit
    town: Unit
    village: Unit
    # Cases that everybody here may see, and that point at the one that nobody here may.
    whole: Case
    part: Case
    double: Case
    knows: User
    shut: dict[str, User]

    def give_away(self) -> tuple[str, str]:
        return self.case.number, TITLE


@transaction.atomic
def make_scene(*, is_confidential: bool) -> Scene:
    city = make_unit(name="江安市")
    county = make_unit(city, name="云溪县")
    town = make_unit(county, name="双河镇")
    village = make_unit(town, name="石桥村")
    knows = make_officer(city, Power.COORDINATE, name="孙协调")
    accused = make_officer(county, Power.COORDINATE, Power.HANDLE, name="钱科长")
    involved = make_officer(county, Power.COORDINATE, Power.HANDLE, name="吴科员")
    cast = make_cast(village)
    whole, part, double = (
        make_case(village, stage=Stage.RECTIFYING, cast=cast, now=PRESENT, title=title)
        for title in ("路灯不亮", "护栏松动", "标线模糊")
    )
    case = reporting.receive(Intake(
        account=Account(
            title=TITLE, unit=town, place="镇农贸市场", identity=WHO,
            about_units=(town,), about_officers=(accused,), is_confidential=is_confidential,
        ),
        form_key=f"scene-{is_confidential}",
        now=PRESENT)).case  # fmt: skip
    Case.objects.filter(pk=case.pk).update(parent=whole)
    Exclusion.objects.create(case=case, member=involved, cause="interest", added_at=PRESENT)
    shut = {"accused": accused, "with an interest": involved}
    for unit in (town, village):
        for power in Power:
            shut[f"{power} of {unit}"] = make_officer(unit, power)
        shut[f"everything of {unit}"] = make_officer(unit, *Power)
    if is_confidential:
        for power in (Power.SUPERVISE, Power.AUDIT, Power.VERIFY, Power.ADMINISTER):
            shut[f"{power} of {city}"] = make_officer(city, power)
    shut[f"everything once of {village}"] = _moved(village, city, case)
    scene = Scene(case, county, town, village, whole, part, double, knows, shut)
    _point_at(scene)
    _lay_traces(scene)
    case.refresh_from_db()
    return scene


def _moved(village: Unit, city: Unit, case: Case) -> User:
    """There when it was reported three days ago, and in the city with every power since."""
    moved = make_officer(village, *Power)
    Exclusion.objects.filter(case=case, member=None).update(since_at=PRESENT - timedelta(days=3))
    Tenure.objects.filter(member=moved).update(end_date=(PRESENT - timedelta(days=2)).date())
    here = make_tenure(moved, make_post(city, *Power))
    if case.is_confidential:
        AccessGrant.objects.create(case=case, post=here.post, added_at=PRESENT)
    return moved


def _point_at(scene: Scene) -> None:
    """Other cases name it: as a part, a whole, the original, where a photo was, on timelines."""
    case, now = scene.case, PRESENT
    Case.objects.filter(pk=scene.part.pk).update(parent=case)
    Case.objects.filter(pk=scene.double.pk).update(
        duplicate_of=case, stage=Stage.REJECTED, ended_at=now
    )
    (photo,) = evidence.keep(case, [make_photo(seed=5)], "after", actor=scene.knows, now=now)
    for other in (scene.whole, scene.part, scene.double):
        here = Evidence.objects.create(
            case=other,
            file=photo.file,
            phase="after",
            reused_from=photo,
            added_at=now,
            added_by=scene.knows,
        )
        assert here.reused_from == photo
        for act, name in (("add_child", "child"), ("comment", "seen_again")):
            record(other.subject, act, by=None, at=now, detail={name: case.number})


def _lay_traces(scene: Scene) -> None:
    """Everything on the case that lists, Today and notices are made from."""
    case, town, now = scene.case, scene.town, PRESENT
    clerk = scene.shut[f"everything of {scene.village}"]
    worker = scene.shut[f"everything of {town}"]
    post = Post.objects.get(tenures__member=worker)
    Case.objects.filter(pk=case.pk).update(
        origin=town, post=post, reported_by=clerk, is_urgent=True,
        stage=Stage.RECTIFYING, due_at=now,
    )  # fmt: skip
    Assist.objects.create(case=case, unit=town, task="协助", added_at=now)
    Contest.objects.create(
        case=case, from_unit=scene.village, to_unit=town, reason="不归我村", raised_by=clerk,
        raised_at=now,
    )  # fmt: skip
    Message.objects.create(case=case, kind="addition", text="补充", said_at=now)
    UnsealRequest.objects.create(
        seal=case.seals.get(), reason="核对", asked_by=clerk, asked_at=now,
        until_at=now + timedelta(days=1),
    )  # fmt: skip
    item = FollowUp.objects.create(case=case, clock=clocks.start(case, "LOC-10", now), said_at=now)
    Rating.objects.create(
        case=case, stage="closed", solved=False, item=item, unit=town, rated_at=now
    )
    Control.objects.create(
        hazard=case.hazard, what="围挡", post=post, expiry_date=now.date(), added_by=worker,
        added_at=now, clock=clocks.start(case, "LOC-7", now, due_date=now.date()),
    )  # fmt: skip
    tell(
        [scene.knows, *scene.shut.values()],
        subject=case.subject,
        what="overdue",
        cause="before the bar",
        now=now,
        detail={"rule": "LOC-1", "due_at": now.isoformat(), "title": TITLE},
    )
    # What was changed here beside the journal is how it stands.
    record(case.subject, "comment", by=None, at=now)


@pytest.fixture(params=[False, True], ids=["barred", "confidential"])
def scene(request: pytest.FixtureRequest) -> Scene:
    return make_scene(is_confidential=request.param)


# ------------------------------------------------------------------------- walk
def walk_of(scene: Scene) -> list[tuple[Route, str]]:
    """Every address, with everything that could fill its places, and every question."""
    walked = addresses(lambda route, name: _fillings(scene, route, name))
    plain = [(route, url) for route, url in walked if route.name not in NOT_WALKED]
    return [*plain, *_questions(scene)]


def _fillings(scene: Scene, route: Route, name: str) -> list[object]:
    fillings: dict[str, list[object]] = {
        "number": [each.number for each in (scene.case, scene.whole, scene.part, scene.double)],
        "move": [Move.COMMENT, Move.REJECT, Move.ADD_CHILD, Move.ASSIGN, Move.FOLLOW_UP],
        "pk": [UnsealRequest.objects.get().pk],
        "code": [scene.town.code],
        "username": [scene.knows.username],
        "slot": ["reporter"],
        "suffix": ["json", "xml"],
    }
    if route.name in ("desk:clock", "desk:evidence"):
        rows = getattr(
            scene.case, {"desk:clock": "clocks", "desk:evidence": "evidence"}[route.name]
        )
        fillings["pk"] = list(rows.values_list("pk", flat=True))
    return fillings.get(name, ["1"])


def _questions(scene: Scene) -> Iterator[tuple[Route, str]]:
    """What pages answer that take their question in the address."""
    asked = {
        "desk:ledger": [
            "state=all", f"q={scene.case.number}", f"q={WORDS}", "due=late", "mine=1",
            f"unit={scene.town.code}&state=all", "kind=hazard", "stage=rectifying", "sort=-number",
        ],
        "desk:similar": [f"title={WORDS}&place=镇农贸市场"],
        "desk:sheets": [f"case={scene.case.number}&case={scene.whole.number}", "all=yes"],
        "desk:export-chosen": [f"case={scene.case.number}&case={scene.whole.number}"],
        "desk:timeline": ["before=99"],
        "portal:near": [f"q={WORDS}"],
        "portal:open": [f"q={WORDS}"],
    }  # fmt: skip
    for route in routes():
        for query in asked.get(route.name, []):
            numbers = [scene.whole.number] if route.parameters else []
            yield route, f"{reverse(route.name, args=numbers)}?{query}"


def leaks(scene: Scene, client: Client, user: User | None, walk: Iterable[str]) -> list[str]:
    """The addresses that say of the case what was not in the address already."""
    if user is not None:
        client.force_login(user)
    found = []
    for url in walk:
        said = text_of(client.get(url))
        if TITLE in said or (scene.case.number in said and scene.case.number not in url):
            found.append(url)
    return found


def is_own(scene: Scene, route: Route, url: str) -> bool:
    own = route.path.startswith("/desk/cases/<slug:number>") and "?" not in url
    return own and scene.case.number in url


def test_nobody_who_is_shut_out_learns_of_it_on_any_page(client: Client, scene: Scene) -> None:
    walk = [(route, url) for route, url in walk_of(scene) if not is_own(scene, route, url)]
    desk = [(route, url) for route, url in walk if not route.is_public]
    plain = [url for route, url in desk if not route.parameters or route.name == "desk:case"]
    # What the public's pages answer does not depend on who is signed in.
    found = {"nobody": leaks(scene, client, None, [url for _route, url in walk])}

    for who, user in scene.shut.items():
        urls = plain if " of " in who and "every" not in who else [url for _route, url in desk]
        found[who] = leaks(scene, client, user, urls)

    assert {who: urls for who, urls in found.items() if urls} == {}


def test_its_own_addresses_are_not_found(client: Client, scene: Scene) -> None:
    own = [url for route, url in walk_of(scene) if is_own(scene, route, url)]

    for who, user in scene.shut.items():
        client.force_login(user)
        for url in own if "every" in who else own[:1]:
            assert client.get(url).status_code in (404, 405), (who, url)
            assert client.post(url).status_code in (404, 405), (who, url)


def test_whoever_may_know_finds_it_where_the_others_do_not(client: Client, scene: Scene) -> None:
    walk = [url for route, url in walk_of(scene) if route.path.startswith("/desk/")]
    found = "\n".join(leaks(scene, client, scene.knows, walk))

    for name, *numbers in [
        ("desk:today",),
        ("desk:ledger",),
        ("desk:case", scene.whole.number),
        ("desk:case", scene.part.number),
        ("desk:case", scene.double.number),
        ("desk:sheet", scene.case.number),
    ]:
        assert reverse(name, args=numbers) in found, name
    assert ("/desk/cases/export/" in found) is not scene.case.is_confidential


def test_no_command_says_it(
    scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "ledger.xlsx"
    with suppress(SystemExit):  # no worker runs here
        call_command("check_installation", "--json")
    for name, *options in [
        ("tick", "--json"), ("tick",), ("journal", "verify", "--json"), ("receipt", "keys"),
        ("rotate-seals",), ("recount", "--json"), ("imports-lost",),
        ("explain", "LOC-1", "--start", "2026-09-15T10:00:00+08:00"),
        ("export", "--kind", "hazard", str(out)),
        ("export", "--kind", "hazard", "--unit", scene.town.code, str(tmp_path / "town.xlsx")),
    ]:  # fmt: skip
        call_command(name.replace("-", "_"), *options)

    said = capsys.readouterr().out
    said += "".join(text_of(HttpResponse(file.read_bytes())) for file in tmp_path.glob("*.xlsx"))

    assert scene.whole.number in said
    assert not any(secret in said for secret in scene.give_away())
    assert set(cli.COMMANDS) - _SAYING_NOTHING == {
        "tick", "journal", "receipt", "rotate-seals", "explain", "export", "recount",
        "imports-lost", "check",
    }  # fmt: skip


# They serve, change or read in, and answer with counts alone.
_SAYING_NOTHING = {
    "serve", "work", "migrate", "load-district", "load-boundaries", "load-calendar",
    "load-categories", "load-checklists", "import",
    "free-duplicates", "accept-time", "unlock", "reset-password", "remove-factor", "backup",
    "restore", "end-sessions", "archive",  # what a package holds: tests/retention
}  # fmt: skip
