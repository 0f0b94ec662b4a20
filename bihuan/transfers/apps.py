"""Transfer letters to the competent body (移送函)."""

from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransfersConfig(AppConfig):
    name = "bihuan.transfers"
    label = "transfers"

    def ready(self) -> None:
        from bihuan.clocks import subjects as clocked
        from bihuan.core import rules
        from bihuan.desk import panels as case_panels
        from bihuan.journal import hooks
        from bihuan.notices import voices
        from bihuan.orgs import holdings
        from bihuan.transfers import panels, reminding, standing, wording
        from bihuan.transfers.actions.succession import HOLDING
        from bihuan.transfers.models import SUBJECT

        rules.register(Path(__file__).parent / "statutes")
        clocked.register(SUBJECT, clocked.SubjectType(reminding.Letters))
        voices.register(SUBJECT, voices.NoticeRenderer(wording.notice))
        hooks.register_witness(SUBJECT, standing.LETTERS)
        holdings.register("transfers", HOLDING)
        case_panels.register(panels.PANEL)
        _be_found()
        _be_guarded()


def _be_found() -> None:
    """Add the list to the navigation, letters to Today and to the search box."""
    from bihuan.transfers import agenda, queries
    from bihuan.transfers.models import SUBJECT
    from bihuan.web import agenda as today
    from bihuan.web import finding, handbook, navigation, subjects

    handbook.register("transfers", "transfers")
    navigation.register(
        navigation.Place(
            "transfers:letters",
            _("Transfer letters"),
            "file",
            navigation.Group.PREVENTION,
            powers=queries.READERS | queries.RECEIVERS,
            order=9,
        )
    )
    finding.register(SUBJECT, _("Transfer letters"), agenda.find)
    today.register(SUBJECT, agenda.sections)
    subjects.register(SUBJECT, agenda.TYPE)


def _be_guarded() -> None:
    """Let `journal verify` see whether the triggers of this part are there."""
    from bihuan.journal import guards
    from bihuan.transfers.guard import TRIGGERS

    for engine, names in TRIGGERS.items():
        guards.register(engine, dict.fromkeys(names, ""))
