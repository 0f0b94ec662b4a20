"""Plans, rounds, draws and looking back, each by its pages."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.core.hazard import Stage
from bihuan.core.powers import Power
from bihuan.orgs.models import Post
from bihuan.plans.models import Draw, Plan, Planned, Review
from tests.factories import (
    make_case,
    make_checklist,
    make_officer,
    make_photo,
    make_site,
)
from tests.walk.pages import act, own
from tests.walk.world import World

NEW, DRAWS = "/desk/plans/new/", "/desk/draws/new/"


def kept(w: World, title: str = "每月检查", sites: int = 1) -> Plan:
    """A plan for the sites of the town, and its first round."""
    for _ in range(sites):
        make_site(w.town, now=w.site.now)
    version = make_checklist(w.town, now=w.site.now)
    act(
        w, f"{NEW}?unit={w.town.pk}", by="coordinator", sent_to=NEW, title=title, kind="ordinary",
        checklist=str(version.checklist_id), every="month", start_date=w.site.day(), days="10",
        posts=[str(w.post_of("reporter").pk)], go="keep",
    )  # fmt: skip
    return Plan.objects.latest("pk")


def planned(w: World) -> None:
    """A plan is kept, changed and stopped; its rows are begun, given to others and called off."""
    plan = kept(w, sites=3)
    at = f"/desk/plans/{plan.pk}/"
    first, second, third = Planned.objects.filter(round__plan=plan).order_by("pk")
    act(w, f"{at}change/", by="coordinator", title="每月安全检查", go="keep")
    _begun(w, first)
    other = str(w.post_of("handler").pk)
    act(w, f"/desk/planned/{second.pk}/give/", by="coordinator", posts=[other])
    act(w, f"/desk/planned/{third.pk}/call-off/", by="coordinator", reason="已停业")
    act(w, f"{at}stop/", by="coordinator", reason="改为抽查")
    assert Plan.objects.get(pk=plan.pk).stopped_at is not None


def _begun(w: World, row: Planned) -> None:
    here = row.round.get_absolute_url()
    act(w, here, by="reporter", sent_to=f"/desk/planned/{row.pk}/begin/")
    row.refresh_from_db()
    assert row.state == "begun"


def drawn(w: World) -> None:
    """A draw is opened, a conflict declared, sites are drawn, and another draw is cancelled."""
    sites = [make_site(w.town, now=w.site.now) for _ in range(3)]
    version = make_checklist(w.town, now=w.site.now)
    at = _opened(w, "inspect")
    reporter, handler = (str(w.post_of(role).pk) for role in ("reporter", "handler"))
    act(
        w, f"{at}declare/", by="coordinator", post=[reporter], site=sites[0].code, reason="亲属"
    )  # fmt: skip
    act(
        w, f"{at}draw/", by="coordinator", kind="ordinary", checklist=str(version.checklist_id),
        amount="number", number="2", is_weighted="no", posts=[reporter, handler], posts_each="1",
        start_date=w.site.day(), complete_date=w.site.day(10),
    )  # fmt: skip
    assert w.at("coordinator").get(f"{at}repeat/").status == 200
    assert w.at("coordinator").get(f"{at}export/").status == 200
    act(w, f"{at}cancel/", by="county coordinator", reason="场所清单有误")
    assert Draw.objects.latest("pk").cancelled_at is not None


def _opened(w: World, purpose: str) -> str:
    own(
        w.at("coordinator"), DRAWS, unit=str(w.town.pk), title="抽查", purpose=purpose,
        origin="public", seed="2026123", source="福彩3D第2026123期",
    )  # fmt: skip
    return f"/desk/draws/{Draw.objects.latest('pk').pk}/"


def looked_back(w: World) -> None:
    """Closed hazards are drawn; one holds, one has come back, one is looked back at no more."""
    for _ in range(3):
        _closed(w)
    own(
        w.at("county coordinator"), DRAWS, unit=str(w.realm.county.unit.pk), title="回头看",
        purpose="look_back", origin="system",
    )  # fmt: skip
    at = f"/desk/draws/{Draw.objects.latest('pk').pk}/"
    looker = w.realm.county.unit
    member = make_officer(looker, Power.VERIFY)
    person, post = w.site.officer(member), Post.objects.get(tenures__member=member)
    act(
        w, f"{at}draw/", by="county coordinator", amount="percent", percent="100",
        is_weighted="yes", posts=[str(post.pk)], from_date=w.site.day(-1), until_date=w.site.day(),
        start_date=w.site.day(), complete_date=w.site.day(10),
    )  # fmt: skip
    holds, back, dropped = Review.objects.filter(round__draw__pk=at.split("/")[3]).order_by("pk")
    own(
        person, f"/desk/reviews/{holds.pk}/", holds="yes", note="完好", photos=make_photo().read()
    )  # fmt: skip
    own(person, f"/desk/reviews/{back.pk}/", holds="no", note="又坏了", photos=None)
    second = w.site.officer(make_officer(looker, Power.COORDINATE))  # who drew calls off nothing
    own(second, f"/desk/reviews/{dropped.pk}/call-off/", reason="已拆除")
    verdicts = Review.objects.order_by("pk").values_list("verdict", flat=True)
    assert list(verdicts) == ["holds", "rebound", "called_off"]


def _closed(w: World) -> None:
    """A hazard that was fixed, verified and closed."""
    make_case(w.town, stage=Stage.CLOSED, now=w.site.now)


EVERYTHING: dict[Callable[[World], None], set[str]] = {
    planned: {
        "plans:new-plan",
        "plans:change-plan",
        "plans:stop-plan",
        "plans:begin-planned",
        "plans:give-planned",
        "plans:call-off-planned",
    },
    drawn: {
        "plans:open-draw",
        "plans:declare-conflict",
        "plans:conduct-draw",
        "plans:cancel-draw",
    },
    looked_back: {"plans:judge", "plans:call-off-review"},
}
