"""How each constraint of plans, rounds and draws is violated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import models

from bihuan.plans.models import Conflict, Draw, Planned, Review, Round
from tests.anyrow import any_row, any_value
from tests.constraints import A, Check, Entry, One, Twice
from tests.factories import NOW, TODAY

OPEN_PLAN = {
    "kind": "ordinary", "start_date": TODAY, "end_date": None, "days": 10, "stopped_at": None,
    "next_date": None, "reason": "",
}  # fmt: skip
OPEN_DRAW = {
    "origin": "system", "source": "", "drawn_at": None, "conditions": "", "pool": "", "result": "",
    "cancelled_at": None, "reason": "",
}  # fmt: skip
DRAWN = {**OPEN_DRAW, "drawn_at": NOW, "conditions": "{}", "pool": "{}", "result": "[]"}
ROUND = {
    "plan": A, "draw": None, "kind": "ordinary", "checklist": One("list"), "start_date": TODAY,
    "complete_date": TODAY,
}  # fmt: skip
DUE = {"state": "due", "missed_at": None, "ended_at": None, "reason": "", "inspection": None}
BEGUN = {**DUE, "state": "begun", "inspection": One("inspection")}
DONE = {**BEGUN, "state": "done", "ended_at": NOW}
CALLED_OFF = {**DUE, "state": "called_off", "ended_at": NOW, "reason": "停业"}
TO_REVIEW = {"verdict": "due", "judged_at": None, "reason": ""}
DROPPED = {"verdict": "called_off", "judged_at": NOW, "reason": "已重新立案"}
BEFORE = TODAY - timedelta(days=1)

ENTRIES: dict[str, Entry] = {
    "plan_never_ends_before_it_starts": Check(
        {**OPEN_PLAN, "end_date": TODAY}, ({"end_date": BEFORE},)
    ),
    "plan_gives_at_least_one_day": Check(OPEN_PLAN, ({"days": 0}, {"days": 367})),
    "plan_stopped_exactly_with_a_reason": (
        Check(OPEN_PLAN, ({"stopped_at": NOW}, {"reason": "停"})),
        Check({**OPEN_PLAN, "stopped_at": NOW, "reason": "停"}, ({"reason": ""},)),
    ),
    "stopped_plan_never_makes_a_round": Check(
        {**OPEN_PLAN, "stopped_at": NOW, "reason": "停"}, ({"next_date": TODAY},)
    ),
    "plan_never_looks_back": Check(OPEN_PLAN, ({"kind": "look_back"},)),
    "area_once_in_a_plan": Twice({"plan": A}),
    "post_once_in_a_plan": Twice({"plan": A}),
    "draw_has_a_result_exactly_when_drawn": (
        Check(OPEN_DRAW, ({"result": "[]"}, {"pool": "{}"}, {"drawn_at": NOW})),
        Check(DRAWN, ({"drawn_at": None}, {"result": ""}, {"conditions": ""})),
    ),
    "draw_cancelled_exactly_with_a_reason": (
        Check(OPEN_DRAW, ({"cancelled_at": NOW}, {"reason": "误"})),
        Check({**OPEN_DRAW, "cancelled_at": NOW, "reason": "误"}, ({"reason": ""},)),
    ),
    "public_seed_always_has_a_source": (
        Check(OPEN_DRAW, ({"origin": "public"}, {"source": "福彩"})),
        Check({**OPEN_DRAW, "origin": "public", "source": "福彩"}, ({"source": ""},)),
    ),
    "conflict_declared_once_with_a_site": Twice({"site": One("site")}),
    "conflict_declared_once_with_all": Twice({"site": None}, apart={"site": One("site")}),
    "plan_makes_a_window_once": Twice(
        {
            "plan": A,
            "draw": None,
            "kind": "ordinary",
            "checklist": One("list"),
            "complete_date": TODAY,
        }
    ),
    "round_never_complete_before_it_starts": Check(ROUND, ({"complete_date": BEFORE},)),
    "round_comes_from_a_plan_or_a_draw": Check(ROUND, ({"plan": None}, {"draw": One("draw")})),
    "round_has_a_checklist_unless_it_looks_back": (
        Check(ROUND, ({"checklist": None}, {"kind": "look_back"})),
        Check(
            {**ROUND, "plan": One("other"), "kind": "look_back", "checklist": None},
            ({"kind": "joint"},),
        ),
    ),
    "site_once_in_a_round": Twice(DUE),
    "planned_ended_exactly_when_the_state_says_so": (
        Check(DUE, ({"ended_at": NOW},)),
        Check(DONE, ({"ended_at": None},)),
    ),
    "planned_called_off_exactly_with_a_reason": (
        Check(DUE, ({"reason": "停业"},)),
        Check(CALLED_OFF, ({"reason": ""},)),
    ),
    "planned_missed_never_without_its_time": (
        Check(DUE, ({"missed_at": NOW},)),
        Check({**DUE, "state": "missed", "missed_at": NOW}, ({"missed_at": None},)),
    ),
    "planned_begun_or_done_by_an_inspection": Check(BEGUN, ({"inspection": None},)),
    "post_once_at_a_planned_site": Twice({"planned": A}),
    "case_once_in_a_round": Twice(TO_REVIEW),
    "review_judged_exactly_with_its_time": (
        Check(TO_REVIEW, ({"judged_at": NOW},)),
        Check(DROPPED, ({"judged_at": None},)),
    ),
    "review_called_off_exactly_with_a_reason": (
        Check(TO_REVIEW, ({"reason": "误"},)),
        Check(DROPPED, ({"reason": ""},)),
    ),
}


# --------------------------------------------------------------------------- triggers
KEPT: Mapping[type[models.Model], tuple[tuple[dict[str, Any], dict[str, Any]], ...]] = {
    Draw: (
        (OPEN_DRAW, {"seed": "2026124"}),
        (DRAWN, {"result": '[["C", []]]'}),
        (DRAWN, {"salt": "0"}),
        (DRAWN, {"pool": '{"posts": []}'}),
        ({**OPEN_DRAW, "cancelled_at": NOW, "reason": "误"}, {"reason": "另一理由"}),
    ),
    Conflict: (({"site": None}, {"reason": "另一理由"}),),
    Planned: (({**DUE, "state": "missed", "missed_at": NOW}, {"missed_at": None, "state": "due"}),),
    Review: (
        ({**TO_REVIEW, "missed_at": NOW}, {"missed_at": None}),
        ({**TO_REVIEW, "verdict": "rebound", "judged_at": NOW}, {"verdict": "holds"}),
    ),
    Round: (
        (ROUND, {"complete_date": TODAY + timedelta(days=9)}),
        ({**ROUND, "passed_at": NOW}, {"passed_at": None}),
    ),
}


def _row(model: type[models.Model], row: dict[str, Any]) -> Any:
    """A row with records of its own where the entry names some."""
    given = {
        name: any_value(model._meta.get_field(name)) if isinstance(value, One) else value  # type: ignore[arg-type]
        for name, value in row.items()
    }
    return any_row(model, **given)


def _change(model: type[models.Model], row: dict[str, Any], change: dict[str, Any]) -> None:
    pk = _row(model, row).pk
    model._base_manager.filter(pk=pk).update(**change)


def _remove(model: type[models.Model], row: dict[str, Any]) -> None:
    pk = _row(model, row).pk
    model._base_manager.filter(pk=pk)._raw_delete(using="default")


def _triggers() -> Mapping[str, tuple[Callable[[], object], ...]]:
    found: dict[str, tuple[Callable[[], object], ...]] = {}
    for model, kept in KEPT.items():
        name = f"{model._meta.model_name}_stays_as_it_was"
        found[f"{name}_changed"] = tuple(
            lambda model=model, row=row, change=change: _change(model, row, change)  # type: ignore[misc]
            for row, change in kept
        )
        found[f"{name}_removed"] = (
            lambda model=model, row=kept[0][0]: _remove(model, row),  # type: ignore[misc]
        )
    return found


TRIGGERS = _triggers()
