"""Deadlines of any subject."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "bihuan.clocks"
    label = "clocks"

    def ready(self) -> None:
        from bihuan.calendars import following
        from bihuan.web import work

        work.register("tick", _tick, every=timedelta(minutes=1), lane=work.Lane.URGENT)
        # Holidays that came with a release, and clocks that started while a year was loaded.
        work.register("follow holidays", _follow_holidays, every=timedelta(minutes=1))
        following.register(_follow_holidays)


def _tick(now: datetime) -> Mapping[str, int]:
    from bihuan.clocks.actions.ticking import tick

    return tick(now=now).counts()


def _follow_holidays(now: datetime) -> Mapping[str, int]:
    from bihuan.clocks.actions.holidays import work_out_again

    return work_out_again(now=now).counts()
