"""How many pages a second, beside the floor, and beside ten times the archive."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
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
    """One page at its addresses, asked in turn, and the same for its floor."""

    name: str
    paths: list[str]
    floor: list[str]


@dataclass
class Speed:
    """What one set of addresses answered on one archive, round by round."""

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

    def ask(self, page: Page) -> None:
        """One round: the floor and the page right after each other, as the machine is then."""
        for what, paths in (("floor", page.floor), ("page", page.paths)):
            answered = self.server.ask(paths, self.cookie, seconds=SECONDS, warm_up=WARM_UP)
            self.speeds.setdefault((page.name, what), Speed()).rounds.append(answered)

    def line(self, who: str, page: Page, smaller: "Seat | None") -> Line:
        speed, floor = self.speeds[page.name, "page"], self.speeds[page.name, "floor"]
        ratio = speed.a_second / floor.a_second
        beside, holds = f"floor {floor.a_second:.0f} a second: {ratio:.2f} of it", True
        figures = {
            "a_second": speed.a_second,
            "p50_ms": speed.percentile(0.5),
            "p95_ms": speed.percentile(0.95),
            "floor_a_second": floor.a_second,
            "of_floor": ratio,
        }
        if smaller:
            slower = smaller.speeds[page.name, "page"].a_second / speed.a_second
            beside += f"; {slower:.2f} times slower than at {smaller.cases:,}"
            figures["times_slower"] = slower
            holds = slower <= MOST_TIMES_AS_SLOW
        measured = f"{speed.a_second:.0f} a second, p50 {figures['p50_ms']:.0f}"
        measured += f" p95 {figures['p95_ms']:.0f} ms"
        holds = holds and ratio >= LEAST_OF_FLOOR
        return Line(
            f"{page.name}, {who}", f"{self.cases:,} cases", measured, beside, holds, figures
        )


def measure(archives: Sequence[Archive]) -> Iterator[Line]:
    """Every page as two officers see it, on every archive, in rounds that take turns."""
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
        for _ in range(ROUNDS):
            for seat in seats:
                seat.ask(seat.pages[number])
        for seat in seats:
            smaller = None if seat is seats[0] else seats[0]
            yield seat.line(who, seat.pages[number], smaller)


def pages(archive: Archive, who: str) -> list[Page]:
    """What is asked for; the town's officer sees the first town and its villages only."""
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
