"""Users of an operator are invited, submit papers, and lose their access again."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from bihuan.sites.models import Site, SitePaper
from bihuan.visits.submitted import PaperSubmission
from tests.factories import make_officer, make_photo, make_site, make_unit
from tests.walk.pages import act, own
from tests.walk.world import World


def operated(w: World) -> Site:
    firm = make_unit(w.town, kind=Unit.Kind.ENTERPRISE)
    return make_site(w.town, operator_unit=firm, now=w.site.now)


def invited(w: World) -> None:
    """A user is invited, gets a new password, and leaves."""
    site, by = operated(w), "coordinator"
    at = f"/desk/visits/sites/{site.pk}/users"
    act(w, f"{at}/invite/", by=by, name="陆明", username="lu.ming")
    act(w, f"{at}/lu.ming/password/", by=by)
    act(w, f"{at}/lu.ming/end/", by=by)
    assert not User.objects.get(username="lu.ming").is_active


def submitted(w: World) -> None:
    """One paper is taken back, one refused with a reason, and one accepted."""
    site, by = operated(w), "coordinator"
    assert site.operator_unit is not None
    user = w.site.officer(make_officer(site.operator_unit, Power.OPERATE))
    here, base = f"/desk/my-sites/{site.pk}/", "/desk/visits/submissions"
    for number in ("1", "2", "3"):
        own(
            user, f"{here}papers/submit/", kind="business_licence", number=number,
            uploads=[make_photo().read()],
        )  # fmt: skip
    first, second, third = PaperSubmission.objects.order_by("pk")
    own(user, here, sent_to=f"/desk/my-sites/papers/{first.pk}/withdraw/")
    act(w, f"{base}/{second.pk}/refuse/", by=by, reason="照片不清。")
    act(w, f"{base}/{third.pk}/", sent_to=f"{base}/{third.pk}/accept/", by=by)
    assert SitePaper.objects.get().number == "3"


EVERYTHING: dict[Callable[[World], None], set[str]] = {
    invited: {"visits:invite-operator", "visits:operator-password", "visits:end-operator"},
    submitted: {
        "visits:submit-paper",
        "visits:take-back-paper",
        "visits:refuse-paper",
        "visits:accept-paper",
    },
}
