"""The running site as the walk needs it: who is there, what time it is, what was answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.urls import resolve
from django.utils.timezone import localdate

from bihuan.orgs.models import User
from tests.clock import StoppedClock
from tests.factories import PASSWORD
from tests.walk.people import Person

NOT_READY = "/readyz"  # says that it is not ready, as it should


@dataclass
class Site:
    """The server's address, the clock, and whoever came by."""

    address: str
    clock: StoppedClock
    people: list[Person] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.clock.read()

    def day(self, days: int = 0) -> str:
        """So many days from now, as a form wants it."""
        return (localdate(self.now) + timedelta(days=days)).isoformat()

    def later(self, **by: float) -> None:
        self.clock.wait(timedelta(**by))

    def person(self, *, keeps_cookies: bool = True, name: str = "") -> Person:
        """Somebody with a browser of their own, not signed in; it may know the server by a name."""
        here = urlsplit(self.address)
        host = f"{name}:{here.port}" if name else here.netloc
        person = Person(host, keeps_cookies=keeps_cookies)
        self.people.append(person)
        return person

    def officer(self, user: User) -> Person:
        """The browser of somebody who signs in when asked to."""
        person = self.person()
        person.account = (user.username, PASSWORD)
        return person

    def broken(self) -> list[tuple[str, str, int]]:
        """Whatever was answered with an error of ours."""
        request = [each for one in self.people for each in one.statuses]
        return [each for each in request if each[2] >= 500 and each[1] != NOT_READY]

    def lost(self) -> set[str]:
        """The pages far below a list that did not show where they are."""
        return {path for one in self.people for path in one.lost}

    def posted(self) -> set[str]:
        """The names of the pages that took what was sent to them."""
        request = [each for one in self.people for each in one.statuses]
        return {
            resolve(urlsplit(path).path).view_name
            for method, path, status in request
            if method == "POST" and status < 400
        }

    def close(self) -> None:
        for person in self.people:
            person.close()
