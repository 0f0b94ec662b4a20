"""Responsibility lists: who answers for which duty at a site, signed by the holder of the post."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "bihuan.duties"
    label = "duties"

    def ready(self) -> None:
        from bihuan.duties import queries, standing
        from bihuan.duties.models import SUBJECT
        from bihuan.journal import hooks
        from bihuan.sites import hooks as sites

        hooks.register_witness(SUBJECT, standing.DUTIES)
        sites.register_reach(SUBJECT, queries.reach)
