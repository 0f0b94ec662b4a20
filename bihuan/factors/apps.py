"""The second step of a sign-in: code apps, passkeys, recovery codes, and recovery after a loss."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.urls import reverse

if TYPE_CHECKING:
    from bihuan.web.checks import Level


class FactorsConfig(AppConfig):
    name = "bihuan.factors"
    label = "factors"

    def ready(self) -> None:
        from bihuan.web import handbook

        handbook.register("factors", "sign-in")
        from django.utils.translation import gettext_lazy as _

        from bihuan.factors import queries, wording
        from bihuan.factors.actions.steps import SUBJECT
        from bihuan.factors.provider import is_configured
        from bihuan.notices import voices
        from bihuan.orgs import links, operators, second_step
        from bihuan.orgs.links import Link
        from bihuan.web import checks, subjects

        second_step.register(
            second_step.SecondStep(queries.is_second_step_due, "factors:second-step")
        )
        # The text of the notice names the officer, so the link needs no name.
        subjects.register(SUBJECT, subjects.SubjectType(_page, subjects.nameless))
        voices.register(SUBJECT, voices.NoticeRenderer(wording.notice))
        links.on_account(Link(_("Second factor"), "factors:second-factor"))
        operators.register(
            "factors:second-factor",
            "factors:set-up-app",
            "factors:remove-app",
            "factors:add-passkey",
            "factors:remove-passkey",
            "factors:make-recovery-codes",
            "factors:keep-second-factor",
        )
        links.on_member(Link(_("Second factor"), "factors:member-second-factor"))
        links.on_sign_in(
            Link(_("Sign-in service of your office"), "factors:provider", is_configured)
        )
        links.on_member(Link(_("Sign-in service"), "factors:member-provider", is_configured))
        checks.register("factors", _look, asks_database=True)
        checks.register("provider", _look_at_provider)


def _page(key: str) -> str:
    return reverse("factors:second-factor-of", args=[key])


def _look(now: datetime) -> Iterator[tuple["Level", str]]:
    from bihuan.factors import looks

    return looks.look(now)


def _look_at_provider(now: datetime) -> Iterator[tuple["Level", str]]:
    from bihuan.factors import looks

    return looks.look_at_provider(now)
