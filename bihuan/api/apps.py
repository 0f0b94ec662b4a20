"""The interfaces for other systems: Open311."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "bihuan.api"
    label = "api"

    def ready(self) -> None:
        from bihuan.web import handbook

        handbook.register("api", "administration")
        from bihuan.api import wording
        from bihuan.api.actions import keys
        from bihuan.api.actions.receiving import address_of, forget_address
        from bihuan.core.powers import Power
        from bihuan.orgs import holdings, links
        from bihuan.receipts import places_elsewhere
        from bihuan.web import navigation, work

        holdings.register(
            "keys",
            holdings.Holding(
                words=wording.keys_in_use,
                of_unit=keys.of_unit,
                of_post=holdings.nothing,
                pass_on=keys.pass_on,
                leave=holdings.nothing,
            ),
        )
        navigation.register(
            navigation.Place(
                "api:api-keys",
                _("API keys"),
                "lock",
                navigation.Group.SETUP,
                powers=frozenset({Power.ADMINISTER}),
            )
        )
        links.on_organisation(links.Link(_("API keys"), "api:api-keys", icon="lock"))
        _be_named()
        places_elsewhere.register(places_elsewhere.Elsewhere(address_of, forget_address))
        work.register(
            "pictures of reports", _fetch_pictures, every=timedelta(seconds=20), at_any_time=True
        )


def _be_named() -> None:
    """Let the timeline of a key be found."""
    from bihuan.api import queries
    from bihuan.api.acts import ApiAct
    from bihuan.web import subjects

    subjects.register(
        "api-key",
        subjects.SubjectType(
            _keys,
            queries.name_of_key,
            may_see=queries.may_see_key,
            acts={act.value: act.label for act in ApiAct},
        ),
    )


def _keys(key: str) -> str:
    return reverse("api:api-keys")


def _fetch_pictures(now: datetime) -> Mapping[str, int]:
    from bihuan.api.actions.pictures import fetch_waiting

    return fetch_waiting(now=now)
