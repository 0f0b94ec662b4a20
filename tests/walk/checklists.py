"""Checklists: made, changed, put to use, retired and brought back, each by its page."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.checklists.models import Checklist, Version
from tests.checklists.workbooks import SURVEY, workbook
from tests.clock import PRESENT
from tests.factories import make_checklist
from tests.walk.pages import act
from tests.walk.world import World

BY = "coordinator"
FORM = workbook([SURVEY, ("text", "a", "情况"), ("integer", "b", "数量")])


def made_and_changed(w: World) -> None:
    base = "/desk/checklists/"
    act(w, f"{base}add/", by=BY, unit=str(w.town.pk), title="巡查表")
    at = f"{base}{Checklist.objects.latest('pk').pk}/"
    act(w, f"{at}draft/section/", by=BY, title="消防")
    act(w, f"{at}draft/item/", by=BY, text="通道是否畅通", answer="yes_no", score="5")
    item = Version.objects.latest("pk").read().items[0].key
    section = Version.objects.latest("pk").read().sections[0].key
    act(w, f"{at}draft/section/{section}/", by=BY, title="消防安全")
    act(w, f"{at}draft/item/{item}/", by=BY, text="疏散通道是否畅通", answer="yes_no")
    act(w, f"{at}draft/full-score/", by=BY, full_score="100")
    act(w, f"{at}draft/", by=BY, do=f"item-copy:{item}", revision=_revision())
    act(w, f"{at}draft/put-to-use/", by=BY)
    act(w, at, sent_to=f"{at}draft/begin/", by=BY)
    act(w, f"{at}draft/discard/", by=BY)
    act(w, f"{at}change/", by=BY, title="季度巡查表")
    act(w, f"{at}retire/", by=BY, reason="合并")
    act(w, f"{at}bring-back/", by=BY)
    assert Version.objects.latest("pk").state == Version.State.IN_USE


def brought_in(w: World) -> None:
    """A form is read, which keeps nothing, and then kept by the form of its preview."""
    base, person, before = "/desk/checklists/", w.at(BY), Checklist.objects.count()
    for other in w.others(BY):
        assert w.at(other).post(f"{base}import/").status < 500
        assert w.at(other).post(f"{base}import/keep/").status < 500
    assert Checklist.objects.count() == before
    preview = person.fill(f"{base}import/", file=FORM)
    assert (preview.status, Checklist.objects.count()) == (200, before), preview.told
    kept = person.send(preview, sent_to=f"{base}import/keep/", title="导入表", unit=str(w.town.pk))
    assert kept.is_done, kept.told
    assert Checklist.objects.latest("pk").origin == Checklist.Origin.IMPORTED


def next_version_brought_in(w: World) -> None:
    """The next version of a list is read from a form, compared, and kept as its draft."""
    checklist = make_checklist(w.town, title="按季检查表", now=PRESENT).checklist
    at, person = f"/desk/checklists/{checklist.pk}/draft/import/", w.at(BY)
    for other in w.others(BY):
        assert w.at(other).post(at).status < 500
        assert w.at(other).post(f"{at}keep/").status < 500
    preview = person.fill(at, file=FORM)
    assert (preview.status, checklist.versions.count()) == (200, 1), preview.told
    kept = person.send(preview, sent_to=f"{at}keep/")
    assert kept.is_done, kept.told
    assert checklist.versions.latest("pk").is_draft


def _revision() -> str:
    return str(Version.objects.latest("pk").revision)


EVERYTHING: dict[Callable[[World], None], set[str]] = {
    brought_in: {"checklists:import", "checklists:keep-import"},
    next_version_brought_in: {"checklists:import-next", "checklists:keep-next"},
    made_and_changed: {
        f"checklists:{name}"
        for name in (
            "add", "add-section", "section", "add-item", "item", "full-score", "draft",
            "put-to-use", "begin-draft", "discard-draft", "change", "retire", "bring-back",
        )
    },
}  # fmt: skip
