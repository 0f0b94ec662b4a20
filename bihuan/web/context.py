"""Context of the page frame: the user, the navigation, the time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from bihuan import languages
from bihuan.core.powers import OPERATING
from bihuan.orgs import access, operators
from bihuan.orgs.models import User
from bihuan.web import appearance, handbook
from bihuan.web.navigation import TITLES, Group, Place, front, makers, places


@dataclass(frozen=True)
class Entry:
    """One link of the frame."""

    name: str
    label: str | Promise = field(compare=False)
    url: str
    icon: str
    key: str = ""
    # For `aria-current`: "page" for the current page, "true" for one below it.
    current: str = ""
    on_phones: bool = False
    # How many things are new there: "" for none, "99+" for very many.
    count: str = ""


@dataclass(frozen=True)
class EntryGroup:
    """The links in one group of the side bar."""

    label: str | Promise = field(compare=False)
    entries: tuple[Entry, ...]


Entries = tuple[Entry, ...]


ACCOUNT = Place("orgs:account", _("My account"), "person", Group.OWN, order=9)
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
    def nav(self) -> tuple[EntryGroup, ...]:
        """Return the groups of the side bar: only what this officer's posts use."""
        if not self.who:
            return ()
        groups = (
            EntryGroup(title, self._entries(places(group))) for group, title in TITLES.items()
        )
        return tuple(group for group in groups if group.entries)

    @cached_property
    def side_bar(self) -> SafeString:
        """Return the rendered side bar."""
        return _rendered(
            "web/side.html", languages.current(), nav=self.nav, is_narrow=self.is_narrow
        )

    @cached_property
    def phone_bar(self) -> SafeString:
        """Return the rendered bar at the bottom of a phone."""
        on_phones = tuple(entry for entry in self.side if entry.on_phones)
        current = [entry for entry in self.side if entry.current]
        # “More” is current if the page is only in the side bar.
        more = "true" if current and not any(entry.on_phones for entry in current) else ""
        return _rendered(
            "web/phone_bar.html",
            languages.current(),
            on_phones=on_phones,
            makers=self.makers,
            more=more,
        )

    @cached_property
    def maker_menu(self) -> SafeString:
        """Return the rendered “New” menu."""
        return _rendered("web/makers.html", languages.current(), makers=self.makers)

    @cached_property
    def keys_help(self) -> SafeString:
        """Return the rendered list of keyboard shortcuts."""
        keys = tuple(entry for entry in self.all if entry.key)
        return _rendered("web/keys.html", languages.current(), keys=keys)

    @cached_property
    def side(self) -> Entries:
        """Return the links of the side bar, of all groups."""
        return tuple(entry for group in self.nav for entry in group.entries)

    @cached_property
    def count(self) -> str:
        """Return how many things are new, for the title of the page."""
        return next((entry.count for entry in self.side if entry.count), "")

    @cached_property
    def makers(self) -> Entries:
        """Return what this officer may create."""
        return self._entries(makers()) if self.who else ()

    @cached_property
    def find(self) -> str:
        return address("web:find") if self.who and self._may_open("web:find") else ""

    @cached_property
    def help(self) -> str:
        """Return the URL of the section of the handbook that explains this page."""
        match = self._request.resolver_match
        section = handbook.section_of(match.view_name) if match and self.who else ""
        return reverse("web:help-section", args=[section]) if section else ""

    @cached_property
    def shows_tour(self) -> bool:
        """Whether this officer has not ended the tour of the first day yet."""
        user = getattr(self._request, "user", None)
        return isinstance(user, User) and user.tour_ended_at is None

    @cached_property
    def account(self) -> Entries:
        return self._entries([ACCOUNT])

    @cached_property
    def all(self) -> Entries:
        return (*self.makers, *self.side)

    @cached_property
    def is_narrow(self) -> bool:
        """Whether this browser last showed the side bar as icons only."""
        return self._request.COOKIES.get(SIDE_COOKIE) == "narrow"

    @cached_property
    def theme(self) -> str:
        """Return "light" or "dark" as chosen in this browser, or "auto"."""
        return appearance.theme(self._request.COOKIES)

    @cached_property
    def is_large(self) -> bool:
        """Whether this browser shows large type."""
        return appearance.is_large(self._request.COOKIES)

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
        return languages.tag()

    @cached_property
    def other_languages(self) -> list[tuple[str, str]]:
        current = languages.current()
        return [(code, name) for code, name in settings.LANGUAGES if code != current]

    def _entries(self, places: Iterable[Place]) -> Entries:
        match = self._request.resolver_match
        here = match.view_name if match else None
        return tuple(
            Entry(
                place.name,
                place.label,
                url,
                place.icon,
                place.key,
                self._current(place, url, here),
                place.on_phones,
                self._count(place),
            )
            for place in places
            if (url := address(place.name)) and self._shows(place)
        )

    def _current(self, place: Place, url: str, here: str | None) -> str:
        if place.name == here:
            return "page"
        is_below = place.name != settings.LOGIN_REDIRECT_URL and self._request.path.startswith(url)
        return "true" if is_below and not self._is_nearer_to_another(url) else ""

    def _is_nearer_to_another(self, url: str) -> bool:
        """Whether this page is below a place that is itself below the one at this address."""
        others = (address(place.name) for group in Group for place in places(group))
        below = (each for each in others if len(each) > len(url) and each.startswith(url))
        return any(self._request.path.startswith(each) for each in below)

    def _count(self, place: Place) -> str:
        user = self._request.user
        count = place.count(user, self._now) if place.count and isinstance(user, User) else 0
        return "99+" if count > 99 else str(count or "")

    def _may_open(self, name: str) -> bool:
        """Whether the page is none of those that are closed to operators of sites."""
        user = self._request.user
        return not isinstance(user, User) or operators.may_open(user, name, localdate(self._now))

    def _shows(self, place: Place) -> bool:
        if not self._may_open(place.name):
            return False
        if not place.powers or not isinstance(user := self._request.user, User):
            return not place.powers
        on = localdate(self._now)
        if place.powers == OPERATING:
            return bool(access.operating_seats(user, on))
        return access.has_somewhere(user, place.powers, on)


@lru_cache(maxsize=1024)
def _rendered(template: str, _language: str, **context: object) -> SafeString:
    """Render a part of the frame, once for all pages on which it is the same."""
    return render_to_string(template, context)


def address(name: str) -> str:
    """Return the URL of a page without parameters; empty if there is no such page."""
    return _address(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=1024)
def _address(name: str, urlconf: str, _prefix: str) -> str:
    try:
        return reverse(name, urlconf)
    except NoReverseMatch:
        return ""


def chrome(request: HttpRequest) -> dict[str, PageFrame | datetime]:
    """Return the frame, and `now`: the single time that a page's templates share."""
    now = timezone.now()  # noqa: TID251 - part of every view
    return {"chrome": PageFrame(request, now), "now": now}
