"""Retention periods of cases, their disposal, and the hand-over to the archive."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class RetentionConfig(AppConfig):
    name = "bihuan.retention"
    label = "retention"

    def ready(self) -> None:
        from bihuan.cases import holding, standing
        from bihuan.cases import wording as case_words
        from bihuan.cases.standing import CasePart
        from bihuan.notices import voices
        from bihuan.orgs import holdings
        from bihuan.retention import agenda, queries, wording
        from bihuan.retention import standing as own
        from bihuan.retention.actions.holds import stay_held
        from bihuan.retention.models import Hold
        from bihuan.web import agenda as today
        from bihuan.web import subjects, work

        _be_found()
        today.register("retention", agenda.sections)
        subjects.register(
            "disposal",
            subjects.SubjectType(
                _page, wording.name_of, queries.hidden_from, queries.may_see, wording.LIST_ACTS
            ),
        )
        voices.register("disposal", voices.NoticeRenderer(wording.notice, subjects.nameless))
        standing.register(CasePart("holds", Hold, _("disposal holds"), stays=True))
        own.register()
        holding.register(queries.is_held, queries.is_known_held)
        holdings.register(
            "holds",
            holdings.Holding(
                words=str,
                of_unit=holdings.nothing,
                of_post=holdings.nothing,
                pass_on=holdings.nothing,
                leave=holdings.nothing,
                moved=stay_held,
            ),
        )
        case_words.ACTS.update(wording.ACTS)
        work.register(
            "dispose of cases", _carry_out, every=timedelta(minutes=1), lane=work.Lane.LONG
        )


def _be_found() -> None:
    """Add the pages to the navigation, and name their section of the handbook."""
    from bihuan.retention.queries import WATCHERS
    from bihuan.web import handbook, navigation

    handbook.register("retention", "retention")
    navigation.register(
        navigation.Place(
            "retention:retention",
            _("Retention"),
            "file",
            navigation.Group.OVERSIGHT,
            powers=WATCHERS,
        )
    )


def _page(key: str) -> str:
    return reverse("retention:disposal", args=[key])


def _carry_out(now: datetime) -> Mapping[str, int]:
    from bihuan.retention.actions.disposals import carry_out

    return carry_out(now=now)
