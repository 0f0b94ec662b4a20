"""The frame of every page, and the worker's own jobs."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WebConfig(AppConfig):
    name = "bihuan.web"
    label = "web"

    def ready(self) -> None:
        from bihuan.journal import believed
        from bihuan.orgs import operators
        from bihuan.web import finding, looks, navigation, organisation, subjects, work
        from bihuan.web.context import ACCOUNT

        navigation.register(
            navigation.Place(
                "orgs:organisation",
                _("Organisation"),
                "units",
                navigation.Group.SETUP,
                key="o",
            ),
            ACCOUNT,
        )
        finding.register("units", pgettext_lazy("navigation", "Units"), finding.units)
        finding.register("officers", pgettext_lazy("navigation", "Officers"), finding.officers)
        subjects.register("unit", organisation.UNIT)
        subjects.register("post", organisation.POST)
        operators.register("web:help", "web:help-section")
        _explain_pages()
        looks.register_all()
        believed.register(_why_not_believed)
        work.register("seal the journal", _seal, every=timedelta(hours=1))
        work.register("forget old sign-ins", _forget_sign_ins, every=timedelta(days=1))


def _explain_pages() -> None:
    from bihuan.web import handbook

    handbook.register("web", "finding")
    handbook.register(
        "orgs",
        "administration",
        account="sign-in",
        account_password="sign-in",  # noqa: S106 - a section of the handbook
        account_sessions="sign-in",
        name_stand_in="stand-in",
        answer_stand_in="stand-in",
        withdraw_stand_in="stand-in",
        end_stand_in="stand-in",
    )


def _seal(now: datetime) -> Mapping[str, int]:
    """Create a root over everything recorded in past hours."""
    from bihuan.journal.sealing import seal

    return {"roots": seal(now=now)}


def _forget_sign_ins(now: datetime) -> Mapping[str, int]:
    from bihuan.orgs.models import SignIn

    forgotten, _ = SignIn.objects.filter(expire_date__lt=now).delete()
    return {"sign-ins": forgotten}


def _why_not_believed(now: datetime) -> str:
    from bihuan.web import timekeeping, wording

    held = timekeeping.held(now=now)
    return "" if held is None else wording.explain(held)
