"""The register of sites: what they are, who runs and who regulates them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitesConfig(AppConfig):
    name = "bihuan.sites"
    label = "sites"

    def ready(self) -> None:
        from bihuan.journal import hooks
        from bihuan.maps import layers
        from bihuan.sites import queries, sections, shown, standing, subject, wording
        from bihuan.sites.models import PAPER_SUBJECT, SUBJECT
        from bihuan.web import handbook, navigation, subjects

        hooks.register_witness(SUBJECT, standing.SITES)
        hooks.register_witness(PAPER_SUBJECT, standing.PAPERS)
        handbook.register("sites", "sites")
        layers.register("sites", _("Sites"), shown.layer, order=1)
        sections.register("map", 80, shown.section)
        navigation.register(
            navigation.Place("sites:sites", _("Sites"), "place", navigation.Group.PREVENTION)
        )
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
