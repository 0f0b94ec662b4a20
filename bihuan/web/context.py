"""Context of the page frame: the user, the navigation, the time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.orgs import access
from bihuan.orgs.models import User
from bihuan.web.navigation import TITLES, Place, front, makers, places


@dataclass(frozen=True)
class Entry:
    """One link of the frame."""

    name: str
    label: str | Promise
    url: str
    icon: str
    key: str = ""
    # For `aria-current`: "page" for the current page, "true" for one below it.
    current: str = ""
    on_phones: bool = False


@dataclass(frozen=True)
class EntryGroup:
    """The links in one group of the side bar."""

    label: str | Promise
    entries: list[Entry]


ACCOUNT = Place("orgs:account", _("My account"), "person")
SIDE_COOKIE = "bihuan_side"


class PageFrame:
    """Evaluated on first use, because a fragment for htmx has no frame."""

    def __init__(self, request: HttpRequest, now: datetime) -> None:
        self._request, self._now = request, now

    @cached_property
    def who(self) -> str:
        user = getattr(self._request, "user", None)
        return str(user.pk) if user is not None and user.is_authenticated else ""

    @cached_property
    def nav(self) -> list[EntryGroup]:
        """Return the side bar: only what this officer's posts use."""
        if not self.who:
            return []
        groups = [
            EntryGroup(title, self._entries(places(group))) for group, title in TITLES.items()
        ]
        return [group for group in groups if group.entries]

    @cached_property
    def side(self) -> list[Entry]:
        """Return the links of the side bar, of all groups."""
        return [entry for group in self.nav for entry in group.entries]

    @cached_property
    def on_phones(self) -> list[Entry]:
        return [entry for entry in self.side if entry.on_phones]

    @cached_property
    def more(self) -> str:
        """Return how “More” on phones is marked: the page is only in the side bar."""
        current = [entry for entry in self.side if entry.current]
        return "true" if current and not any(entry.on_phones for entry in current) else ""

    @cached_property
    def makers(self) -> list[Entry]:
        """Return what this officer may create."""
        return self._entries(makers()) if self.who else []

    @cached_property
    def find(self) -> str:
        return address("web:find") if self.who else ""

    @cached_property
    def account(self) -> list[Entry]:
        return self._entries([ACCOUNT])

    @cached_property
    def keys(self) -> list[Entry]:
        """Return the links that have a keyboard shortcut."""
        return [entry for entry in self.all if entry.key]

    @cached_property
    def all(self) -> list[Entry]:
        return [*self.makers, *self.side, *self.account]

    @cached_property
    def is_narrow(self) -> bool:
        """Whether this browser last showed the side bar as icons only."""
        return self._request.COOKIES.get(SIDE_COOKIE) == "narrow"

    @cached_property
    def home(self) -> str:
        return (self.who and address(settings.LOGIN_REDIRECT_URL)) or address(front())

    @cached_property
    def sign_in(self) -> str:
        """Hidden during the sign-in: after the first step it would start again."""
        page = address("orgs:sign-in")
        return "" if self._request.path.startswith(page) else page

    @cached_property
    def sign_out(self) -> str:
        return address("orgs:sign-out")

    @cached_property
    def language(self) -> str:
        return "en" if get_language() == "en" else "zh-Hans"

    @cached_property
    def other_languages(self) -> list[tuple[str, str]]:
        current = get_language()
        return [(code, name) for code, name in settings.LANGUAGES if code != current]

    def _entries(self, places: Iterable[Place]) -> list[Entry]:
        match = self._request.resolver_match
        here = match.view_name if match else None
        return [
            Entry(
                place.name,
                place.label,
                url,
                place.icon,
                place.key,
                self._current(place, url, here),
                place.on_phones,
            )
            for place in places
            if (url := address(place.name)) and self._shows(place)
        ]

    def _current(self, place: Place, url: str, here: str | None) -> str:
        if place.name == here:
            return "page"
        is_below = place.name != settings.LOGIN_REDIRECT_URL and self._request.path.startswith(url)
        return "true" if is_below else ""

    def _shows(self, place: Place) -> bool:
        if not place.powers or not isinstance(user := self._request.user, User):
            return not place.powers
        held = access.seats(user, localdate(self._now))
        return any(place.powers & seat.powers for seat in held)


def address(name: str) -> str:
    """Return the URL of a page without parameters; empty if there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def chrome(request: HttpRequest) -> dict[str, PageFrame | datetime]:
    """Return the frame, and `now`: the single time that a page's templates share."""
    now = timezone.now()  # noqa: TID251 - part of every view
    return {"chrome": PageFrame(request, now), "now": now}
