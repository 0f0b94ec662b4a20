"""The quarterly report of major hazards is signed by the principal."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.hazards import quarterly
from bihuan.hazards.models import MajorsReport
from tests.walk.pages import act
from tests.walk.world import World


def signed(w: World) -> None:
    """By the head of the town, for the last quarter."""
    quarter, post = quarterly.last_quarter(w.site.now), w.post_of("head")
    base = f"/desk/hazards/majors/reports/{post.pk}/{quarter.year}/{quarter.number}"
    act(w, f"{base}/sign/", by="head", remark="无。")
    assert MajorsReport.objects.get().post == post


EVERYTHING: dict[Callable[[World], None], set[str]] = {signed: {"hazards:sign-majors"}}
