"""Plans of inspections, draws, and rounds that look back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class PlansConfig(AppConfig):
    name = "bihuan.plans"
    label = "plans"

    def ready(self) -> None:
        from bihuan.core import rules
        from bihuan.core.inspection import Stage
        from bihuan.inspections import hooks as inspected
        from bihuan.notices import voices
        from bihuan.orgs import holdings, operators
        from bihuan.plans import agenda, models, queries, wording
        from bihuan.plans.actions import course, succession
        from bihuan.sites import hooks as reached
        from bihuan.sites import sections
        from bihuan.visits import sections as owed
        from bihuan.web import agenda as today
        from bihuan.web import finding, handbook, navigation, work

        place, group = _("Plans of inspections"), navigation.Group.PREVENTION
        readers = frozenset(queries.READERS)
        navigation.register(navigation.Place("plans:plans", place, "list", group, powers=readers))
        handbook.register("plans", "plans", **dict.fromkeys(_DRAWS, "draws"))
        today.register("plans", agenda.sections)
        finding.register("plan", place, agenda.find)
        rules.register(Path(__file__).parent / "statutes")
        for stage in (Stage.DONE, Stage.ABANDONED):
            inspected.register(stage, "plans", course.follow)
        reached.register_reach("plans", queries.reach)
        sections.register("plans", 20, agenda.at_site, is_for_operators=True)
        owed.register("plans", agenda.self_checks)
        operators.register("plans:begin-planned")
        voices.register(models.ROUND, voices.NoticeRenderer(wording.notice))
        holdings.register(
            "plans",
            holdings.Holding(
                lambda n: ngettext("%(n)d plan or round", "%(n)d plans and rounds", n) % {"n": n},
                succession.of_unit,
                succession.of_post,
                succession.pass_on,
                succession.leave,
            ),
        )
        work.register("rounds of inspections", _keep_up, every=timedelta(minutes=10))
        _register_subjects()


def _register_subjects() -> None:
    """Name what the journal and the clocks know of plans."""
    from bihuan.clocks import subjects as clocked
    from bihuan.journal import guards, hooks
    from bihuan.journal.parts import Part, RowWitness
    from bihuan.plans import agenda, guard, models, reminding
    from bihuan.web import subjects

    for engine in ("postgresql", "sqlite"):
        guards.register(engine, dict.fromkeys(guard.NAMES, ""))
    clocked.register(models.ROUND, clocked.SubjectType(reminding.Rounds))
    for prefix, model, words, type_ in (
        (models.PLAN, models.Plan, _("the plan"), agenda.PLAN),
        (models.ROUND, models.Round, _("the round"), agenda.ROUND),
        (models.PLANNED, models.Planned, _("the planned inspection"), agenda.PLANNED),
        (models.DRAW, models.Draw, _("the draw"), agenda.DRAW),
        (models.REVIEW, models.Review, _("the look back"), agenda.REVIEW),
    ):
        part = Part(prefix, model, words, without=_MOVING.get(prefix, ()))
        hooks.register_witness(prefix, RowWitness(prefix, part))
        subjects.register(prefix, type_)


# The names of pages about draws, in the handbook's spelling.
_DRAWS = (
    "draws", "open_draw", "draw", "declare_conflict", "conduct_draw", "cancel_draw", "repeat_draw",
    "export_draw", "judge", "call_off_review",
)  # fmt: skip
# What the worker moves on without an act.
_MOVING = {"plan": ("made_until_date", "next_date", "last_site")}


def _keep_up(now: datetime) -> Mapping[str, int]:
    from bihuan.plans.actions.making import keep_up

    return keep_up(now=now).counts()
