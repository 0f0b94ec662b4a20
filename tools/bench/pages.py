"""Pages per second, compared with the baseline, and with ten times the archive."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import cycle
from statistics import median
from urllib.parse import quote

from tools.bench.archives import Archive
from tools.bench.district import COORDINATOR, TOWN_COORDINATOR
from tools.bench.hazards import PROBLEMS, town_code, villages
from tools.bench.load import Answered
from tools.bench.report import Line
from tools.bench.serving import Server, serving

ROUNDS = 3
SECONDS, WARM_UP = 2.0, 0.4
LEAST_OF_FLOOR, MOST_TIMES_AS_SLOW = 0.5, 1.2


@dataclass(frozen=True)
class Page:
    """One page with its URLs, requested in turn, and its baseline."""

    name: str
    paths: list[str]
    floor: list[str]


@dataclass
class Speed:
    """The results of one set of URLs on one archive, round by round."""

    rounds: list[Answered] = field(default_factory=list)

    @property
    def a_second(self) -> float:
        return median(each.a_second for each in self.rounds)

    def percentile(self, part: float) -> float:
        spent = sorted(each for answered in self.rounds for each in answered.milliseconds)
        return spent[int(part * (len(spent) - 1))]


@dataclass
class Seat:
    """One officer at one server."""

    server: Server
    cookie: str
    cases: int
    pages: list[Page]
    speeds: dict[tuple[str, str], Speed] = field(default_factory=dict)
    short: dict[str, str] = field(default_factory=dict)

    def look(self, page: Page) -> None:
        """Record how many rows one of the URLs shows, if fewer than its baseline."""
        pairs = zip(page.paths, cycle(page.floor))
        shown = [tuple(self.server.rows(each, self.cookie) for each in pair) for pair in pairs]
        rows, full = min(shown, key=lambda pair: pair[0] - pair[1])
        self.short[page.name] = f"{rows} rows of {full}" if rows < full else ""

    def ask(self, page: Page) -> None:
        """Run one round: the baseline and the page directly after each other, under the same
        conditions.
        """
        for what, paths in (("floor", page.floor), ("page", page.paths)):
            answered = self.server.ask(paths, self.cookie, seconds=SECONDS, warm_up=WARM_UP)
            self.speeds.setdefault((page.name, what), Speed()).rounds.append(answered)

    def line(self, who: str, page: Page, smaller: "Seat | None") -> Line:
        speed = self.speeds[page.name, "page"]
        figures = {
            "a_second": speed.a_second,
            "p50_ms": speed.percentile(0.5),
            "p95_ms": speed.percentile(0.95),
        }
        beside, holds = self._compared(page, smaller, figures)
        measured = f"{speed.a_second:.0f} a second, p50 {figures['p50_ms']:.0f}"
        measured += f" p95 {figures['p95_ms']:.0f} ms"
        return Line(
            f"{page.name}, {who}", f"{self.cases:,} cases", measured, beside, holds, figures
        )

    def _compared(
        self, page: Page, smaller: "Seat | None", figures: dict[str, float]
    ) -> tuple[str, bool | None]:
        """Return what the page is compared with, and whether it is within the limit."""
        for seat in (self, smaller):
            if seat and (short := seat.short[page.name]):
                return f"not compared: {short} at {seat.cases:,}", None
        speed, floor = figures["a_second"], self.speeds[page.name, "floor"].a_second
        figures |= {"floor_a_second": floor, "of_floor": speed / floor}
        beside = f"floor {floor:.0f} a second: {speed / floor:.2f} of it"
        holds = speed / floor >= LEAST_OF_FLOOR
        if smaller:
            slower = smaller.speeds[page.name, "page"].a_second / speed
            figures["times_slower"] = slower
            beside += f"; {slower:.2f} times slower than at {smaller.cases:,}"
            holds = holds and slower <= MOST_TIMES_AS_SLOW
        return beside, holds


def measure(archives: Sequence[Archive]) -> Iterator[Line]:
    """Measure every page for two officers, on every archive, in alternating rounds."""
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(archive.database)) for archive in archives]
        for who, username in (
            ("county", COORDINATOR),
            ("town", TOWN_COORDINATOR.format(0)),
        ):
            seats = [
                Seat(server, server.cookie_of(username), archive.cases, pages(archive, who))
                for server, archive in zip(servers, archives, strict=True)
            ]
            yield from _lines(who, seats)


def _lines(who: str, seats: Sequence[Seat]) -> Iterator[Line]:
    for number in range(len(seats[0].pages)):
        for seat in seats:
            seat.look(seat.pages[number])
        for _ in range(ROUNDS):
            for seat in seats:
                seat.ask(seat.pages[number])
        for seat in seats:
            smaller = None if seat is seats[0] else seats[0]
            yield seat.line(who, seat.pages[number], smaller)


def pages(archive: Archive, who: str) -> list[Page]:
    """Return the pages to request; the town's officer sees the first town and its villages only."""
    codes = [town_code(town) for town in range(10)]
    worked = archive.worked
    if who == "town":
        codes = [village.code for village in villages()[:10]]
        worked = worked[:20]
    narrow = "stage=closed&grade=general&sort=reported&cols=place,unit,post,category,reported"
    words = [quote(problem[:4]) for _, problem, _ in PROBLEMS]
    cases = [f"desk/cases/{number}/" for number in worked]
    rows = ["/bench/rows/"]
    return [
        Page("Today", ["/desk/"], ["/bench/today/"]),
        Page("ledger", ["/desk/cases/"], rows),
        Page("ledger, all", ["/desk/cases/?state=all"], rows),
        Page(
            "ledger, filtered and sorted",
            [f"/desk/cases/?unit={code}&{narrow}" for code in codes],
            rows,
        ),
        Page("search", [f"/desk/cases/?state=all&q={each}" for each in words], rows),
        Page(
            "case",
            [f"/{path}" for path in cases],
            [f"/bench/case/{number}/" for number in worked],
        ),
    ]
