"""Sites are bound to posts, visited, and freed again; groups come and go."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.visits.models import Binding, Group, Visit
from tests.factories import make_photo, make_site
from tests.walk.pages import act
from tests.walk.world import World

BASE = "/desk/visits"


def bound(w: World) -> None:
    """One site, then several at once; undone, bound again, changed, and the binding ended."""
    by, post = "coordinator", str(w.post_of("reporter").pk)
    sites = [make_site(w.town, now=w.site.now) for _ in range(3)]
    named = "&".join(f"site={each.pk}" for each in sites[1:])
    act(w, f"{BASE}/sites/{sites[0].pk}/bind/", by=by, post=post, every_days="20")
    act(w, f"{BASE}/bind/?{named}", by=by, post=post)
    batch = Binding.objects.exclude(batch=None).values_list("batch", flat=True)[0]
    act(w, f"{BASE}/unbound/?batch={batch}", sent_to=f"{BASE}/bind/{batch}/undo/", by=by)
    act(w, f"{BASE}/sites/{sites[0].pk}/bind/", by=by, every_days="10")
    held = Binding.objects.get(site=sites[0], ended_at=None)
    act(w, f"{BASE}/bindings/{held.pk}/end/", by=by, reason="调整走访岗位。")
    assert not Binding.objects.filter(ended_at=None).exists()


def visited(w: World) -> None:
    """One tap, the form with a photo, “Undo”, and a visit withdrawn with a reason."""
    site, by = make_site(w.town, now=w.site.now), "reporter"
    post = str(w.post_of(by).pk)
    act(w, f"{BASE}/sites/{site.pk}/bind/", by="coordinator", post=post, every_days="2")
    held = Binding.objects.get(site=site, ended_at=None)
    act(w, f"{BASE}/mine/?show=all", sent_to=f"{BASE}/mine/{held.pk}/in-order/", by=by)
    first = Visit.objects.get(site=site)
    act(w, f"{BASE}/mine/?made={first.pk}", sent_to=f"{BASE}/{first.pk}/withdraw/", by=by, undo="1")
    w.site.later(days=1)
    act(
        w, f"{BASE}/mine/{held.pk}/record/", by=by, outcome="found", note="配电箱门未关。",
        visited_date=w.site.day(), photos=[make_photo().read()],
    )  # fmt: skip
    second = Visit.objects.filter(site=site).latest("pk")
    act(w, f"{BASE}/{second.pk}/withdraw/", by=by, reason="选错场所。")
    assert not Visit.objects.filter(withdrawn_at=None).exists()


def grouped(w: World) -> None:
    """A group of posts is formed, changed and dissolved."""
    by, post = "coordinator", str(w.post_of("reporter").pk)
    add = f"{BASE}/groups/add/{w.town.pk}/"
    act(w, add, by=by, name="东片组", posts=[post])
    group = Group.objects.get(name="东片组")
    act(w, f"{BASE}/groups/{group.pk}/", by=by, name="西片组")
    act(w, f"{BASE}/groups/", sent_to=f"{BASE}/groups/{group.pk}/dissolve/", by=by)
    assert not Group.objects.filter(ended_at=None).exists()


EVERYTHING: dict[Callable[[World], None], set[str]] = {
    bound: {"visits:bind", "visits:bind-many", "visits:undo-binding", "visits:unbind"},
    visited: {"visits:record", "visits:in-order", "visits:withdraw"},
    grouped: {"visits:add-group", "visits:change-group", "visits:dissolve-group"},
}
