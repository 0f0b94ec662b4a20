"""The shared loop of every kind of case."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "bihuan.cases"
    label = "cases"

    def ready(self) -> None:
        from bihuan.web import work

        work.register("tick", _tick, every=timedelta(minutes=1))


def _tick(now: datetime) -> Mapping[str, int]:
    from bihuan.cases.actions.tick import tick

    return tick(now=now).counts()
