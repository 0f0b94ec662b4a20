"""The shared loop of every kind of case."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.core import checks as django_checks
from django.urls import reverse

if TYPE_CHECKING:
    from bihuan.web.checks import Level

_ORIGINALS = [f"original_is_never_rejected_{what}" for what in ("added", "followed", "ended")]
TRIGGERS = {
    "sqlite": _ORIGINALS,
    "postgresql": [
        *_ORIGINALS,
        *(f"no_open_case_in_a_closed_unit_{what}" for what in ("added", "given", "closed")),
    ],
}

DAY = timedelta(days=1)


class CasesConfig(AppConfig):
    name = "bihuan.cases"
    label = "cases"

    def ready(self) -> None:
        from bihuan.cases import checks, standing_in, wording
        from bihuan.cases.actions import due, succession
        from bihuan.clocks import subjects
        from bihuan.orgs import holdings
        from bihuan.web import work

        holdings.register(
            "cases",
            holdings.Holding(
                words=wording.open_cases,
                of_unit=succession.of_unit,
                of_post=succession.of_post,
                pass_on=succession.pass_on,
                leave=succession.leave,
                moved=succession.stay_shut,
                lost_by=standing_in.lost_by,
                closed_by=standing_in.closed_by,
            ),
        )
        subjects.register("case", subjects.SubjectType(due.Cases))
        django_checks.register(checks.kinds_fit)
        _be_worded()
        _be_journaled()
        work.register("settle acts", _settle, every=timedelta(minutes=1), at_any_time=True)
        work.register("lift cases", _lift, every=timedelta(minutes=10))
        work.register("clear away files", _discard_orphans, every=DAY, lane=work.Lane.LONG)
        work.register("index words", _index_words, every=timedelta(seconds=10), at_any_time=True)
        work.register("forget erased words", _forget_words, every=DAY, lane=work.Lane.LONG)


def _be_worded() -> None:
    """Register the texts of notices about cases."""
    from bihuan.cases import notices_wording
    from bihuan.notices import voices
    from bihuan.web import checks, subjects

    voices.register("case", voices.NoticeRenderer(notices_wording.notice))
    # The alarm has no page of its own, and no title of the case.
    subjects.register("unopened", subjects.SubjectType(_organisation, subjects.nameless))
    voices.register("unopened", voices.NoticeRenderer(notices_wording.unopened))
    checks.register("confidential", _unopened, asks_database=True)


def _organisation(_key: str) -> str:
    return reverse("orgs:organisation")


def _unopened(now: datetime) -> Iterator[tuple["Level", str]]:
    from bihuan.cases.looks import unopened

    return unopened(now)


def _be_journaled() -> None:
    """Register the state and the triggers of cases with `journal verify`."""
    from bihuan.cases.standing import CaseWitness
    from bihuan.journal import guards, hooks

    hooks.register_witness("case", CaseWitness())
    for engine, names in TRIGGERS.items():
        guards.register(engine, dict.fromkeys(names, ""))


def _settle(now: datetime) -> Mapping[str, int]:
    from bihuan.cases.actions.undoing import settle

    return {"acts": settle(now=now)}


def _lift(now: datetime) -> Mapping[str, int]:
    from bihuan.cases.actions.lifting import lift

    return lift(now=now)


def _index_words(now: datetime) -> Mapping[str, int]:
    from bihuan.cases.actions.words import index_rest

    return {"cases": index_rest(most=50_000)}


def _discard_orphans(now: datetime) -> Mapping[str, int]:
    from bihuan.files.actions import discard_orphans

    return {"files": discard_orphans(now=now)}


def _forget_words(now: datetime) -> Mapping[str, int]:
    from bihuan.cases.actions.words import forget_replaced

    return {"steps": forget_replaced()}
