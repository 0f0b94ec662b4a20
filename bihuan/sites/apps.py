"""The register of sites: what they are, who runs and who regulates them."""

from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitesConfig(AppConfig):
    name = "bihuan.sites"
    label = "sites"

    def ready(self) -> None:
        from bihuan.journal import hooks
        from bihuan.maps import layers
        from bihuan.orgs import holdings
        from bihuan.sheets.ledger import types
        from bihuan.sites import panels, sections, shown, standing
        from bihuan.sites.actions import succession
        from bihuan.sites.ledger.types import LEDGER
        from bihuan.sites.models import PAPER_SUBJECT, SUBJECT

        hooks.register_witness(SUBJECT, standing.SITES)
        hooks.register_witness(PAPER_SUBJECT, standing.PAPERS)
        holdings.register("sites", succession.HOLDING)
        sections.register("papers", 50, panels.papers)
        sections.register("equipment", 60, panels.equipment)
        sections.register("map", 80, shown.section)
        types.register(LEDGER)
        layers.register("sites", _("Sites"), shown.layer, order=1)
        _be_found()
        _be_reminded()
        _be_subjects()
        _be_asked_about()


def _be_asked_about() -> None:
    """Let checklists say for which kinds of sites they are, and which trade is competent."""
    from bihuan.checklists import kinds
    from bihuan.sites import catalogue

    kinds.register_sites(lambda: catalogue.choices(catalogue.kinds()))
    kinds.register_trades(lambda: catalogue.choices(catalogue.trades()))


def _be_found() -> None:
    from bihuan.sites import agenda, queries
    from bihuan.sites.models import SUBJECT
    from bihuan.web import agenda as today
    from bihuan.web import finding, handbook, navigation

    posters = dict.fromkeys(("poster", "posters", "poster_sheet", "unit_poster"), "posters")
    handbook.register("sites", "sites", **posters)
    navigation.register(
        navigation.Place("sites:sites", _("Sites"), "place", navigation.Group.PREVENTION)
    )
    navigation.register_maker(
        navigation.Place(
            "sites:new", _("Site"), "place", powers=frozenset({queries.KEEPER}), order=7
        )
    )
    finding.register(SUBJECT, _("Sites"), agenda.find)
    today.register(SUBJECT, agenda.sections)


def _be_reminded() -> None:
    from bihuan.clocks import subjects as clocked
    from bihuan.core import rules
    from bihuan.notices import voices
    from bihuan.sites import reminding, wording
    from bihuan.sites.models import PAPER_SUBJECT

    rules.register(Path(__file__).parent / "statutes")
    clocked.register(PAPER_SUBJECT, clocked.SubjectType(reminding.Papers))
    voices.register(PAPER_SUBJECT, voices.NoticeRenderer(wording.notice))


def _be_subjects() -> None:
    from bihuan.desk import hooks
    from bihuan.sites import queries, subject, wording
    from bihuan.sites.actions import links
    from bihuan.sites.models import PAPER_SUBJECT, SUBJECT
    from bihuan.web import subjects

    hooks.register_origin(SUBJECT, hooks.Origin(subject.begin_report, links.reported))
    subjects.register(
        SUBJECT,
        subjects.SubjectType(
            subject.site_url,
            subject.site_name,
            queries.hidden_from,
            queries.may_see,
            wording.DONE,
            queries.may_attach,
        ),
    )
    subjects.register(
        PAPER_SUBJECT,
        subjects.SubjectType(
            subject.paper_url,
            subject.paper_name,
            subject.papers_hidden_from,
            subject.may_see_paper,
            wording.DONE,
            subject.may_attach_to_paper,
        ),
    )
