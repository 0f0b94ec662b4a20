"""Counters of every part, updated with each action."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "bihuan.figures"
    label = "figures"

    def ready(self) -> None:
        from bihuan.figures import queries
        from bihuan.figures.actions import keeping
        from bihuan.journal import hooks
        from bihuan.web import work

        hooks.register_follower(hooks.Follower(keeping.follow, keeping.first))
        work.register(queries.REFRESH, _refresh, every=timedelta(days=1), lane=work.Lane.LONG)


def _refresh(now: datetime) -> Mapping[str, int]:
    """Recount what may still change, and publish what was counted since the last time."""
    from bihuan.figures.actions import recounting

    return recounting.refresh(now=now)._asdict()
