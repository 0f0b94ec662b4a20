"""How the constraints of inspections are violated, and what the triggers refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models

from bihuan.inspections.models import (
    Answer,
    Inspection,
    Inspector,
    Photo,
    Settlement,
    Signature,
)
from tests.anyrow import any_row, any_value
from tests.constraints import A, Check, Entry, One, Twice
from tests.factories import NOW, TODAY

BEGUN = {"stage": "begun", "begun_at": NOW, "version": One("version")}
DONE = {**BEGUN, "stage": "done", "done_at": NOW}
ABANDONED = {"stage": "abandoned", "abandoned_at": NOW, "reason": "场所关闭"}
BY_SITE = {"side": "site", "post": None, "way": "drawn", "erase_date": TODAY}
BY_INSPECTOR = {
    "side": "inspector",
    "post": A,
    "way": "drawn",
    "name": "",
    "reason": "",
    "erase_date": None,
}
REFUSED = {**BY_SITE, "way": "refused", "witness": A, "reason": "不同意"}

ENTRIES: Mapping[str, Entry] = {
    "inspection_begun_exactly_with_a_version": (
        Check({"stage": "planned"}, (BEGUN | {"stage": "planned"}, {"begun_at": NOW})),
        Check(BEGUN, ({"version": None}, {"begun_at": None}, {"stage": "planned"})),
        Check({"stage": "planned"}, ({**ABANDONED, "begun_at": NOW},)),
    ),
    "inspection_has_a_checklist_unless_it_is_a_record_on_paper": Check(
        {"stage": "planned"}, ({"checklist": None}, {"paper": "校园消防安全"})
    ),
    "inspection_done_exactly_when_the_stage_says_so": Check(
        BEGUN, ({"stage": "done"}, {"done_at": NOW})
    ),
    "inspection_abandoned_with_a_reason": Check(
        BEGUN,
        (
            {**ABANDONED, "reason": ""},
            {**ABANDONED, "abandoned_at": None},
            {"abandoned_at": NOW},
            {"reason": "场所关闭"},
        ),
    ),
    "post_inspects_once_in_an_inspection": Twice(),
    "unit_is_involved_once_in_an_inspection": Twice(),
    "item_is_answered_once_in_an_inspection": Twice(),
    "answer_starts_at_revision_1": Check({"revision": 1}, ({"revision": 0},)),
    "answer_has_a_state_exactly_with_a_value": (
        Check({"value": "yes", "state": "ok"}, ({"value": ""}, {"state": ""})),
    ),
    "photo_is_kept_once_in_an_inspection": Twice(),
    "failed_item_is_settled_once": Twice(),
    "settlement_names_a_case_exactly_when_it_is_a_hazard": (
        Check({"outcome": "hazard", "case_number": "YH-1"}, ({"case_number": ""},)),
        Check({"outcome": "fixed", "case_number": ""}, ({"case_number": "YH-1"},)),
    ),
    "settlement_without_hazard_or_fix_says_why": Check(
        {"outcome": "reason", "case_number": "", "reason": "已停用"}, ({"reason": ""},)
    ),
    "site_signs_once_in_an_inspection": Twice(BY_SITE, apart=BY_INSPECTOR),
    "post_signs_once_in_an_inspection": Twice(BY_INSPECTOR, apart={**BY_SITE, "post": None}),
    "signature_names_a_post_exactly_for_an_inspector": (
        Check(BY_INSPECTOR, ({"post": None}, {"name": "张三"}, {"erase_date": TODAY})),
        Check(BY_SITE, ({"post": A}, {"erase_date": None})),
    ),
    "refused_signature_has_a_witness_and_a_reason": (
        Check(REFUSED, ({"witness": None}, {"reason": ""}, {"way": "drawn"})),
    ),
    "erased_signature_is_empty": Check({**BY_SITE, "name": "张三"}, ({"erased_at": NOW},)),
}


def ended() -> Inspection:
    made: Inspection = any_row(Inspection, **_begun())
    return _end(made)


def _begun() -> dict[str, Any]:
    version = any_value(Inspection._meta.get_field("version"))
    return {"stage": "begun", "begun_at": NOW, "version": version}


def _end(inspection: Inspection) -> Inspection:
    Inspection.objects.filter(pk=inspection.pk).update(stage="done", done_at=NOW)
    return inspection


def _row(model: type[models.Model], **given: object) -> Any:
    """A row of an inspection that ends afterwards."""
    plain = BY_PLAIN_SITE if model is Signature else {}
    row = any_row(model, **{**plain, **given}, inspection=any_row(Inspection, **_begun()))
    _end(row.inspection)
    return row


BY_PLAIN_SITE = {**BY_SITE, "reason": "", "witness": None, "name": "张三", "drawing": "1,1 2,2"}
CHANGES: Mapping[type[models.Model], dict[str, object]] = {
    Answer: {"note": "后来改的"},
    Inspector: {"id": 900_000},
    Photo: {"item": "other"},
    Settlement: {"reason": "后来改的"},
    Signature: {"way": "on_paper"},
}


def _triggers() -> Mapping[str, tuple[Callable[[], object], ...]]:
    found: dict[str, tuple[Callable[[], object], ...]] = {
        "ended_inspection_stays_changed": (
            lambda: Inspection.objects.filter(pk=ended().pk).update(result="后来改的"),
            lambda: Inspection.objects.filter(pk=ended().pk).update(stage="begun", done_at=None),
        ),
        "ended_inspection_stays_removed": (lambda: _delete(Inspection, ended().pk),),
    }
    for model, change in CHANGES.items():
        name = f"{model._meta.model_name}_of_ended_inspection_stays"
        found[f"{name}_added"] = (lambda model=model: _add(model),)  # type: ignore[misc]
        found[f"{name}_changed"] = (
            lambda model=model, change=change: _change(model, _row(model).pk, change),  # type: ignore[misc]
        )
        found[f"{name}_removed"] = (
            lambda model=model: _delete(model, _row(model).pk),  # type: ignore[misc]
        )
    found["signature_of_ended_inspection_stays_changed"] += (
        lambda: _change(Signature, _row(Signature).pk, {"name": ""}),
        lambda: _change(
            Signature,
            _row(Signature).pk,
            {"name": "", "drawing": "", "erased_at": NOW, "erase_date": None},
        ),
    )
    return found


def _add(model: type[models.Model]) -> None:
    plain = BY_PLAIN_SITE if model is Signature else {}
    any_row(model, **plain, inspection=ended())


def _change(model: type[models.Model], pk: int, change: Mapping[str, object]) -> None:
    model._base_manager.filter(pk=pk).update(**change)


def _delete(model: type[models.Model], pk: int) -> None:
    model._base_manager.filter(pk=pk)._raw_delete(using="default")


TRIGGERS = _triggers()
