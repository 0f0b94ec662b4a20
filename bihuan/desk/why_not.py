"""Why a move cannot be made: the former post that prevents it, or the stage of the case."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bihuan import formats
from bihuan.cases import kinds
from bihuan.cases.kinds import Kind
from bihuan.cases.models import Case
from bihuan.core import lifecycle
from bihuan.core.acting import Person
from bihuan.core.eyes import HeldPost
from bihuan.core.lifecycle import Situation
from bihuan.core.refusal import Refusal, WrongStage
from bihuan.desk import pages


def check(kind: Kind, seen: Situation, person: Person) -> str:
    """Return the sentence that names the former post and the day; empty if no post prevents it."""
    for row in kind.lifecycle.moves_from(seen.stage):
        try:
            lifecycle.require(kind.lifecycle, row.move, seen, person)
        except HeldPost as refusal:
            return kind.wording.explain(refusal)
        except Refusal:
            continue
    return ""


def explain(case: Case, refusal: Refusal) -> str:
    """Explain the refusal; if the stage does not allow the move, name the stages that do."""
    if isinstance(refusal, WrongStage) and (said := _at_another_stage(case, refusal)):
        return said
    return kinds.of(case).wording.explain(refusal)


def _at_another_stage(case: Case, refusal: WrongStage) -> str:
    table, page = kinds.of(case).lifecycle, pages.of(case).moves.get(refusal.move)
    sources = table.transition(refusal.move).sources if page else frozenset()
    if page is None or not sources or refusal.stage not in table.stages:
        return ""
    stages = (kinds.stage_words(case.kind, stage) for stage in table.stages if stage in sources)
    return _("The stage is “%(stage)s”. “%(act)s” is possible only at: %(stages)s.") % {
        "stage": kinds.stage_words(case.kind, refusal.stage),
        "act": page.label,
        "stages": formats.names(map(str, stages)),
    }
