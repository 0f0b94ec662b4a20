"""The public's side of a case: codes, slips, seals, dialogue, publishing."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.apps import AppConfig
from django.urls import reverse

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


class ReceiptsConfig(AppConfig):
    name = "bihuan.receipts"
    label = "receipts"

    def ready(self) -> None:
        from bihuan.web import handbook

        handbook.register("receipts", "public")
        from bihuan.notices import voices
        from bihuan.receipts import proving
        from bihuan.receipts.wording import seals
        from bihuan.web import checks, readiness, subjects, work

        _surround_cases()
        _be_journaled()
        # An auditor is notified of the unsealing, and does not see the case.
        subjects.register("opening", subjects.SubjectType(_today))
        voices.register("opening", voices.NoticeRenderer(seals.opened_in_danger))
        work.register("harden codes", _harden, every=timedelta(seconds=10), at_any_time=True)
        work.register("erase seals", _erase_seals, every=DAY)
        work.register("prove seals", _prove_seals, every=DAY, at_any_time=True)
        checks.register("keys", proving.look, quick=True, asks_database=True)
        readiness.register_start(proving.require)
        work.register("deliver messages", _deliver, every=MINUTE, at_any_time=True)


def _surround_cases() -> None:
    """Register with the shared loop: its queries, the holders of codes, panels and wording."""
    from bihuan.cases import outside, wording
    from bihuan.cases.models import facts
    from bihuan.desk import panels
    from bihuan.receipts.actions.following import OUTSIDE
    from bihuan.receipts.agenda import amendments, held, waiting
    from bihuan.receipts.panels import PANELS
    from bihuan.receipts.queries.surroundings import SURROUNDINGS
    from bihuan.receipts.wording.vocabulary import VOCABULARY
    from bihuan.web import agenda

    facts.register(SURROUNDINGS)
    outside.register(OUTSIDE)
    panels.register(*PANELS)
    wording.register(VOCABULARY)
    agenda.register("public", waiting.agenda)
    agenda.register("held acts", held.agenda)
    agenda.register("amendments", amendments.agenda)


def _be_journaled() -> None:
    """Register the state of these rows with `journal verify`."""
    from bihuan.cases import standing
    from bihuan.receipts.standing import PARTS

    standing.register(*PARTS)


def _today(number: str) -> str:
    return reverse("desk:today")


def _harden(now: datetime) -> Mapping[str, int]:
    from bihuan.receipts.actions.intake import harden

    return harden()


def _erase_seals(now: datetime) -> Mapping[str, int]:
    from bihuan.receipts.actions.seals import erase_due

    return {"seals": erase_due(now=now)}


def _prove_seals(now: datetime) -> Mapping[str, int]:
    from bihuan.receipts.actions.seal_keys import prove

    return prove(now=now)


def _deliver(now: datetime) -> Mapping[str, int]:
    from bihuan.receipts.actions.delivery import deliver_due
    from bihuan.receipts.wording.mail import news

    return deliver_due(news=news(), now=now)
