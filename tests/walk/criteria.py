"""The lists of criteria: a draft is confirmed against the official text, and withdrawn again."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.criteria.models import Confirmation
from tests.walk.pages import act
from tests.walk.world import World


def compared(w: World) -> None:
    """By the administrator of the topmost unit, for a post of their own."""
    base = "/desk/criteria/CRI-1/2023/13.2/"
    act(w, f"{base}confirm/", reference="应急管理部令第10号第十三条", read_date=w.site.day())
    assert Confirmation.objects.get().withdrawn_at is None
    act(w, f"{base}withdraw/", note="条文有误。")
    assert Confirmation.objects.get().withdrawn_at is not None


EVERYTHING: dict[Callable[[World], None], set[str]] = {
    compared: {"criteria:confirm-item", "criteria:withdraw-item"},
}
