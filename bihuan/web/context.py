"""What the frame around every page needs: who is signed in, where one can go, what time it is."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bihuan.core.powers import HOUSEKEEPING, Power
from bihuan.orgs import access
from bihuan.orgs.models import User


@dataclass(frozen=True)
class Entry:
    """One place that the frame links to."""

    label: str | Promise
    url: str
    icon: str
    key: str = ""
    # As `aria-current` has it: "page" for this very page, "true" for one below it.
    current: str = ""


@dataclass(frozen=True)
class Place:
    """A page by its url name; a page that this installation lacks is left out."""

    name: str
    label: str | Promise
    icon: str
    key: str = ""
    # Only for who holds one of these anywhere; for everybody where there are none.
    powers: frozenset[Power] = frozenset()


MAIN = (
    Place("today", _("Today"), "today", "t"),
    Place("ledger", _("Ledger"), "list", "l"),
    Place("report-hazard", _("Report a hazard"), "hazard", "r"),
    Place("intake", _("Desk intake"), "edit", "d"),
    Place("import", _("Import"), "import", "i"),
    Place("organisation", pgettext_lazy("navigation", "Units"), "units", "o"),
)
OWN = (
    Place("satisfaction", _("Satisfaction"), "list"),
    Place("with-code", _("A code at the desk"), "edit"),
    Place("planned-receptions", _("Reception days"), "people"),
    Place("outlets", _("Where people turn to"), "place"),
    Place("breaches", _("Data breaches"), "lock", powers=HOUSEKEEPING),
    Place("retention", _("Retention"), "list"),
    Place("account", _("My account"), "person"),
)


class Chrome:
    """Worked out on first use, because a fragment for htmx shows no frame at all."""

    def __init__(self, request: HttpRequest, now: datetime) -> None:
        self._request, self._now = request, now

    @cached_property
    def who(self) -> str:
        user = getattr(self._request, "user", None)
        return str(user.pk) if user is not None and user.is_authenticated else ""

    @cached_property
    def nav(self) -> list[Entry]:
        return self._entries(MAIN) if self.who else []

    @cached_property
    def own(self) -> list[Entry]:
        return self._entries(OWN)

    @cached_property
    def home(self) -> str:
        return (self.who and address("today")) or address("front")

    @cached_property
    def sign_in(self) -> str:
        return address("sign-in")

    @cached_property
    def sign_out(self) -> str:
        return address("sign-out")

    @cached_property
    def language(self) -> str:
        return "en" if get_language() == "en" else "zh-Hans"

    @cached_property
    def other_languages(self) -> list[tuple[str, str]]:
        current = get_language()
        return [(code, name) for code, name in settings.LANGUAGES if code != current]

    def _entries(self, places: tuple[Place, ...]) -> list[Entry]:
        match = self._request.resolver_match
        here = match.url_name if match else None
        return [
            Entry(place.label, url, place.icon, place.key, self._current(place, url, here))
            for place in places
            if (url := address(place.name)) and self._shows(place)
        ]

    def _current(self, place: Place, url: str, here: str | None) -> str:
        if place.name == here:
            return "page"
        is_below = place.name != "today" and self._request.path.startswith(url)
        return "true" if is_below else ""

    def _shows(self, place: Place) -> bool:
        if not place.powers or not isinstance(user := self._request.user, User):
            return not place.powers
        held = access.seats(user, localdate(self._now))
        return any(place.powers & seat.powers for seat in held)


def address(name: str) -> str:
    """The address of a page without parameters, or nothing where there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def chrome(request: HttpRequest) -> dict[str, Chrome | datetime]:
    """The frame, and `now`: the one reading of the clock that a page's templates share."""
    now = timezone.now()  # noqa: TID251 - part of every view
    return {"chrome": Chrome(request, now), "now": now}
