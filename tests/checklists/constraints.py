"""How the constraints of checklists are violated."""

from __future__ import annotations

from collections.abc import Mapping

from bihuan.checklists.models import Version
from tests.anyrow import any_row
from tests.constraints import Check, Entry, Twice
from tests.factories import NOW

ENTRIES: Mapping[str, Entry] = {
    "checklist_title_once_in_a_unit": Twice(
        {"retired_at": None, "set_key": ""}, apart={"retired_at": NOW}
    ),
    "supplied_checklist_once_in_a_unit": Twice(
        {"set_key": "c1", "retired_at": NOW}, apart={"set_key": ""}
    ),
    "version_number_once_in_a_checklist": Twice({"state": "replaced", "put_to_use_at": NOW}),
    "checklist_has_one_draft": Twice(
        {"state": "draft", "put_to_use_at": None, "number": 1},
        again={"number": 3},
        apart={"state": "replaced", "put_to_use_at": NOW, "number": 2},
    ),
    "checklist_has_one_version_in_use": Twice(
        {"state": "in_use", "put_to_use_at": NOW, "number": 1},
        again={"number": 3},
        apart={"state": "replaced", "number": 2},
    ),
    # What was in use is kept by the trigger already.
    "version_was_put_to_use_exactly_when_no_draft": Check(
        {"state": "draft"}, ({"state": "in_use"}, {"put_to_use_at": NOW})
    ),
}


def _change_what_is_in_use() -> None:
    version = any_row(Version, state="in_use", put_to_use_at=NOW)
    Version.objects.filter(pk=version.pk).update(content="{}")


TRIGGERS = {"version_in_use_never_changes": (_change_what_is_in_use,)}
