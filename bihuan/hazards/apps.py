"""Hazards: findings, the fix, the verification."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HazardsConfig(AppConfig):
    name = "bihuan.hazards"
    label = "hazards"

    def ready(self) -> None:
        from bihuan.cases import kinds, standing, wording
        from bihuan.cases.models import facts
        from bihuan.core.hazard import REPORTERS
        from bihuan.desk import hooks, pages
        from bihuan.hazards.actions import controls
        from bihuan.hazards.kind import KIND, PAGES, SIDE, SURROUNDINGS
        from bihuan.hazards.ledger.types import LEDGER
        from bihuan.hazards.standing import LENT, PARTS
        from bihuan.hazards.wording import VOCABULARY, open_controls
        from bihuan.orgs import holdings
        from bihuan.receipts import sides
        from bihuan.sheets.ledger import types

        _be_found()
        _be_signed()
        _be_transferred()
        holdings.register(
            "controls",
            holdings.Holding(
                words=open_controls,
                of_unit=controls.of_unit,
                of_post=controls.of_post,
                pass_on=controls.pass_on,
                leave=controls.leave,
            ),
        )
        _be_guarded()
        _be_asked_about()
        standing.register(*PARTS, lent=LENT)
        kinds.register(KIND)
        pages.register(PAGES)
        hooks.register_form("hazards:report-hazard", REPORTERS)
        wording.register(VOCABULARY)
        facts.register(SURROUNDINGS)
        types.register(LEDGER.type)
        sides.register(SIDE)


def _be_found() -> None:
    """Add the form to the navigation, and expiring controls to Today."""
    from bihuan.core.hazard import EVERYONE, REPORTERS
    from bihuan.hazards.agenda import expiring_controls
    from bihuan.hazards.majors import reports, sections
    from bihuan.web import agenda, handbook, navigation

    own = ("majors", "paper", "majors_reports", "majors_report", "sign_majors")
    handbook.register("hazards", "report", **dict.fromkeys(own, "major"))
    agenda.register("controls", expiring_controls)
    agenda.register("majors", sections)
    agenda.register("majors reports", reports)
    navigation.register(
        navigation.Place(
            "hazards:majors",
            _("Major hazards"),
            "warning",
            navigation.Group.PREVENTION,
            powers=EVERYONE,
            order=8,
        )
    )
    navigation.register_maker(
        navigation.Place(
            "hazards:report-hazard",
            _("Report a hazard"),
            "hazard",
            key="r",
            powers=REPORTERS,
            order=1,
        )
    )


def _be_asked_about() -> None:
    """Let checklists name the categories of hazards."""
    from bihuan import languages
    from bihuan.checklists import kinds
    from bihuan.hazards import standards

    kinds.register_categories(
        lambda: [(zh, languages.name(zh, en)) for zh, en in standards.categories()]
    )


def _be_transferred() -> None:
    """Let letters to the competent body be made from hazards."""
    from bihuan.core.hazard import HAZARD
    from bihuan.hazards import letters
    from bihuan.transfers import hooks

    hooks.register(HAZARD.kind, letters.ORIGIN)


def _be_signed() -> None:
    """Let the journal and the pages name the signed reports."""
    from bihuan.hazards import quarterly
    from bihuan.hazards.models import MAJORS, MajorsReport
    from bihuan.hazards.wording import REPORT_ACTS
    from bihuan.journal import hooks
    from bihuan.journal.parts import Part, RowWitness
    from bihuan.web import subjects

    part = Part("report", MajorsReport, _("the signed report"))
    hooks.register_witness(MAJORS, RowWitness(MAJORS, part))
    subjects.register(
        MAJORS,
        subjects.SubjectType(
            _report_page,
            _report_name,
            quarterly.hidden_from,
            quarterly.may_see,
            REPORT_ACTS,
        ),
    )


def _report_page(key: str) -> str:
    from django.urls import reverse

    return reverse("hazards:majors-report", args=[key])


def _report_name(key: str) -> str:
    from bihuan.hazards.models import MajorsReport

    return str(MajorsReport.objects.get(pk=key))


def _be_guarded() -> None:
    """Let `journal verify` see whether the checks of this part are there."""
    from bihuan.hazards import guard
    from bihuan.journal import guards

    for engine in ("postgresql", "sqlite"):
        guards.register(engine, dict.fromkeys(guard.NAMES, ""))
    guards.register_checks(
        "hazard_ended_exactly_when_the_stage_says_so",
        "closed_is_always_verified",
        "only_what_was_rejected_is_a_duplicate",
    )
