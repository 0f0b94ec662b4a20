"""Duties at sites: assigned, changed, signed, copied and ended, each by its page."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.duties.models import Duty, Signature
from tests.factories import make_site
from tests.walk.pages import act
from tests.walk.world import World


def duties(w: World) -> None:
    by, site, other = "coordinator", make_site(w.town), make_site(w.town)
    signer, spare = w.post_of("handler"), w.post_of("reporter")
    add, day = f"/desk/sites/{site.pk}/duties/add/?kind=", w.site.day()
    act(w, f"{add}grid_officer", by=by, post=str(spare.pk), text="每月检查。", start_date=day)
    duty = Duty.objects.get()
    at = duty.get_absolute_url()
    act(w, f"{at}text/", by=by, text="每周检查。")
    act(w, f"{at}post/", by=by, post=str(signer.pk))
    act(w, f"{at}sign/", by="handler")
    many = f"/desk/duties/hand-over/?duty={duty.pk}"
    act(w, many, by=by, post=str(spare.pk))
    act(w, many, by=by, post=str(signer.pk))
    fill = f"/desk/duties/fill/?kind=regulator&site={site.pk}&site={other.pk}"
    act(w, fill, by=by, post=str(signer.pk), text="行业检查。", start_date=day)
    act(w, "/desk/duties/mine/sign/", by="handler")
    assert Signature.objects.count() == 3
    act(w, f"/desk/sites/{site.pk}/duties/copy/", by=by, to=str(other.pk))
    act(w, f"{at}end/", by=by, reason="已调整。")


EVERYTHING: dict[Callable[[World], None], set[str]] = {
    duties: {
        "duties:add",
        "duties:reword",
        "duties:hand-over",
        "duties:hand-over-many",
        "duties:fill",
        "duties:sign",
        "duties:sign-many",
        "duties:copy",
        "duties:end",
    },
}
