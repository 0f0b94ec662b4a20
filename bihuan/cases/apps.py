"""The shared loop of every kind of case."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.apps import AppConfig
from django.core import checks as django_checks
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

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
        from bihuan.cases import checks, wording
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
            ),
        )
        subjects.register("case", subjects.SubjectType(due.Cases))
        django_checks.register(checks.kinds_fit)
        _be_found()
        _be_named()
        _be_journaled()
        work.register("lift cases", _lift, every=timedelta(minutes=10))
        work.register("clear away files", _discard_orphans, every=DAY, lane=work.Lane.LONG)
        work.register("index words", _index_words, every=timedelta(seconds=10), at_any_time=True)
        work.register("forget erased words", _forget_words, every=DAY, lane=work.Lane.LONG)


def _be_found() -> None:
    """Add cases to the navigation and the search box."""
    from bihuan.cases import finding as cases_finding
    from bihuan.web import finding, navigation

    finding.register("cases", _("Cases"), cases_finding.cases)
    navigation.register(
        navigation.Place("cases:today", _("Today"), "today", key="t", order=1, on_phones=True),
        navigation.Place("cases:ledger", _("Ledger"), "list", key="l", order=2, on_phones=True),
    )


def _be_named() -> None:
    """Register cases as subjects for notices and Today."""
    from bihuan.cases import agenda, notices_wording
    from bihuan.cases.subject import CASE
    from bihuan.notices import voices
    from bihuan.web import agenda as today
    from bihuan.web import subjects

    subjects.register("case", CASE)
    voices.register("case", voices.NoticeRenderer(notices_wording.notice))
    # A notice of transferred cases names the unit, and links to these cases.
    taken_over = voices.NoticeRenderer(notices_wording.taken_over, subjects.nameless, _cases_of)
    voices.register("unit", taken_over)
    today.register("cases", agenda.sections)


def _be_journaled() -> None:
    """Register the state and the triggers of cases with `journal verify`."""
    from bihuan.cases.standing import CaseWitness
    from bihuan.journal import guards, hooks

    hooks.register_witness("case", CaseWitness())
    for engine, names in TRIGGERS.items():
        guards.register(engine, dict.fromkeys(names, ""))


def _cases_of(code: str) -> str:
    return f"{reverse('cases:ledger')}?unit={code}"


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
