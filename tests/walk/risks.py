"""Risks of a site: registered, graded again, controlled, checked and retired, each by its page."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.core.powers import Power
from bihuan.risks.models import Control, ControlCheck, Regrading, RiskPoint
from tests.factories import make_officer, make_site
from tests.walk.pages import act, own
from tests.walk.world import World


def risk_and_controls(w: World) -> None:
    by, site = "coordinator", make_site(w.town)
    act(
        w, f"/desk/sites/{site.pk}/risks/add/", by=by,
        title="锅炉房", harm="超压爆炸。", likelihood="4", consequence="4",
    )  # fmt: skip
    risk = RiskPoint.objects.get()
    at = risk.get_absolute_url()
    act(w, f"{at}change/", by=by, harm="超压，可能爆炸。")
    _graded_again(w, at)
    act(
        w, f"{at}controls/add/", by=by,
        kind="engineering", measure="安全阀校验", every_days="30",
    )  # fmt: skip
    control = f"/desk/risks/controls/{Control.objects.get().pk}/"
    act(w, control, by=by, every_days="7")
    act(w, f"{control}check/", by=by, is_effective="yes", checked_date=w.site.day())
    assert ControlCheck.objects.get().is_effective
    act(w, f"{control}end/", by=by, reason="已更换。")
    act(w, f"{at}retire/", by=by, reason="锅炉已拆除。")
    act(w, f"{at}reopen/", by=by, reason="重新启用。")
    risk.refresh_from_db()
    assert (risk.stage, risk.colour) == ("in_force", "blue")


def _graded_again(w: World, at: str) -> None:
    """A lower grade is proposed, refused, proposed again and confirmed."""
    second = w.site.officer(make_officer(w.town, Power.COORDINATE))
    for granted in ("no", "yes"):
        act(
            w, f"{at}regrade/", by="coordinator",
            likelihood="1", consequence="1", reason="已改造。",
        )  # fmt: skip
        asked = Regrading.objects.latest("pk")
        own(second, f"/desk/risks/lower-grades/{asked.pk}/", granted=granted, note="已现场核实。")


EVERYTHING: dict[Callable[[World], None], set[str]] = {
    risk_and_controls: {
        "risks:add",
        "risks:change",
        "risks:regrade",
        "risks:decide",
        "risks:retire",
        "risks:reopen",
        "risks:add-control",
        "risks:change-control",
        "risks:end-control",
        "risks:check",
    },
}
