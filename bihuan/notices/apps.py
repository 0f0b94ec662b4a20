"""Messages that leave the case: notices to officers, mails to people, roots to a safe place."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "bihuan.notices"
    label = "notices"

    def ready(self) -> None:
        from bihuan.notices import granted, voices
        from bihuan.orgs import announcements
        from bihuan.web import subjects, work

        announcements.register(granted.tell_officers, granted.settle)
        subjects.register(granted.KIND, granted.TYPE)
        voices.register(granted.KIND, granted.VOICE)
        work.register("mail the roots", _mail_roots, every=timedelta(days=1))
        work.register("forget read notices", _forget_read, every=timedelta(days=1))


def _mail_roots(now: datetime) -> Mapping[str, int]:
    """Mail the roots of the last two days to `BIHUAN_ROOTS_TO`, an address outside this
    organisation.
    """
    from bihuan.notices import roots

    return {"roots": roots.mail_out(now=now)}


def _forget_read(now: datetime) -> Mapping[str, int]:
    """Delete notices that were read `BIHUAN_NOTICES_KEPT_DAYS` ago."""
    from bihuan.notices import actions

    return {"notices": actions.forget_read(now=now)}
