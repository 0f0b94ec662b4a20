"""An inspection from its beginning to both signatures, each step by its page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import uuid4

from bihuan.cases.models import Case
from bihuan.core.inspection import Kind
from bihuan.inspections.actions import course
from bihuan.inspections.models import Answer, Inspection, Photo, Settlement
from bihuan.sites.models import Site
from tests.factories import make_checklist, make_photo, make_site
from tests.inspections.acts import DRAWING
from tests.inspections.conftest import ITEMS
from tests.walk.pages import Seen, act, journaled, own
from tests.walk.world import World

BY = "handler"


def inspected(w: World) -> None:
    """Begun, answered at each tap and by the plain form, decided, signed, printed."""
    site, at = _begun(w)
    pk = Inspection.objects.latest("pk").pk
    _sent(w, f"{at}answer/", key=uuid4(), item="exits", value="no", note="", based_on=0)
    assert Answer.objects.get(inspection=pk).state == "failed"
    _sent(w, f"{at}photo/", key=uuid4(), item="exits", purpose="found", photo=make_photo().read())
    _sent(w, f"{at}photo/", key=uuid4(), item="exits", purpose="found", photo=make_photo().read())
    act(w, f"{at}photo/{Photo.objects.latest('pk').pk}/remove/", by=BY)
    act(
        w,
        f"{at}walk/",
        by=BY,
        value_canteen="not_applicable",
        value_alarm="broken",
        note_alarm="已报修",
    )
    _decided(w, at)
    act(
        w, f"{at}end/", by=BY, result="限期整改。", own_way="drawn", own_drawing=DRAWING,
        site_way="drawn", site_name="周代表", site_drawing=DRAWING,
    )  # fmt: skip
    assert Inspection.objects.get(pk=pk).stage == "done"
    assert "周代表" in w.at(BY).get(f"{at}sheet/").page
    assert site.name in w.at(BY).get("/desk/inspections/").page


def _filled(w: World, page: str, given: Mapping[str, object]) -> None:
    """The form of failed items, whose fields have hyphens in their names."""
    act(w, page, by=BY, **given)  # type: ignore[arg-type]


def _decided(w: World, at: str) -> None:
    """One failed item is a hazard; of the other the decision is taken back first."""
    page = f"{at}failed/"
    decided = {"exits-outcome": "hazard", "alarm-outcome": "reason", "alarm-reason": "当日更换"}
    _filled(w, page, decided)
    assert Case.objects.filter(kind="hazard").exists()
    row = Settlement.objects.get(outcome="reason")
    act(w, f"{page}{row.pk}/withdraw/", by=BY)
    fixed = {"alarm-outcome": "fixed", "alarm-fixed_photos": [make_photo().read()]}
    _filled(w, page, fixed)


def abandoned(w: World) -> None:
    """Planned, begun, and abandoned."""
    site = _site(w)
    made = course.plan(
        site=site,
        checklist=make_checklist(w.town, items=ITEMS).checklist,
        unit=w.town,
        posts=[w.post_of(BY)],
        kind=Kind.UNANNOUNCED,
        actor=None,
        now=w.site.now,
        key=uuid4(),
    )
    act(w, f"{made.get_absolute_url()}start/", by=BY)
    # A coordinator of the unit may as well.
    own(w.at(BY), f"{made.get_absolute_url()}abandon/", reason="场所停业。")
    made.refresh_from_db()
    assert made.stage == "abandoned"


def _begun(w: World) -> tuple[Site, str]:
    site = _site(w)
    version = make_checklist(w.town, items=ITEMS)
    begin = f"/desk/inspections/begin/{site.pk}/"
    post = str(w.post_of(BY).pk)
    act(w, begin, by=BY, version=str(version.pk), unit=str(w.town.pk), posts=[post])
    return site, Inspection.objects.latest("pk").get_absolute_url()


def _site(w: World) -> Site:
    return make_site(w.town, now=w.site.now)


def _sent(w: World, path: str, *, seen: Seen = journaled, **given: object) -> None:
    """What the page sends at a tap; others, who do not inspect, change nothing."""
    before = seen()
    sent = [
        (name, value if isinstance(value, bytes) else str(value)) for name, value in given.items()
    ]
    for role in w.others(BY):
        assert w.at(role).post(path, sent).status in (403, 404)
    assert w.public.post(path, sent).status in (302, 403)
    assert seen() == before
    answer = w.at(BY).post(path, sent)
    assert answer.status == 200, answer.page
    assert seen() != before


EVERYTHING: dict[Callable[[World], None], set[str]] = {
    inspected: {
        "inspections:begin",
        "inspections:answer",
        "inspections:add-photo",
        "inspections:remove-photo",
        "inspections:walk",
        "inspections:failed",
        "inspections:withdraw",
        "inspections:end",
    },
    abandoned: {"inspections:start", "inspections:abandon"},
}
