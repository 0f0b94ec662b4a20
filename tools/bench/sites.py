"""The register and the page of a site, on two registers of which one has ten times the sites."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from statistics import median

from tools.bench.district import COORDINATOR, TOWN_COORDINATOR
from tools.bench.ground import Database, Ground
from tools.bench.load import Answered
from tools.bench.report import Line
from tools.bench.serving import Server, serving

ROUNDS, SECONDS, WARM_UP = 3, 2.0, 0.4
CLIENTS = 2
MOST_MS = 100.0


def measure(ground: Ground, *sizes: int) -> Iterator[Line]:
    """Fill a register of each size, and ask for its pages as a county's and a town's officer."""
    databases = []
    for size in sizes:
        database = ground.database(f"sites_{size}")
        taken = database.inside("sites", size)
        database.settle()
        databases.append(database)
        yield Line("sites made", f"{size:,} sites", f"{taken.seconds:.1f} s")
    yield from _pages(databases, sizes)


def _pages(databases: Sequence[Database], sizes: Sequence[int]) -> Iterator[Line]:
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(database)) for database in databases]
        for who, username in (("county", COORDINATOR), ("town", TOWN_COORDINATOR.format(0))):
            cookies = [server.cookie_of(username) for server in servers]
            for what, paths in _paths().items():
                for server, cookie, size in zip(servers, cookies, sizes, strict=True):
                    asked = list(paths)
                    yield _line(f"{what}, {who}", size, _asked(server, asked, cookie))


def _paths() -> dict[str, list[str]]:
    base = "/desk/sites/"
    return {
        "sites": [base],
        "sites, by words": [
            f"{base}?q=%E6%B0%B4%E5%BA%93",
            f"{base}?q=%E7%AC%AC7%E5%B0%8F%E5%AD%A6",
        ],
        "sites, of a kind": [f"{base}?kind=reservoir"],
        "sites, papers expired": [f"{base}?papers=expired"],
        "sites, of a trade": [f"{base}?trade=fire"],
        "enterprises": [f"{base}?view=enterprises"],
        "page of a site": [f"{base}{number}/" for number in range(1, 400, 20)],
    }


def _asked(server: Server, paths: list[str], cookie: str) -> list[Answered]:
    return [
        server.ask(paths, cookie, seconds=SECONDS, warm_up=WARM_UP, clients=CLIENTS)
        for _ in range(ROUNDS)
    ]


def _line(what: str, size: int, rounds: list[Answered]) -> Line:
    spent = sorted(each for answered in rounds for each in answered.milliseconds)
    p50, p95 = (spent[int(part * (len(spent) - 1))] for part in (0.5, 0.95))
    a_second = median(each.a_second for each in rounds)
    figures = {"a_second": a_second, "p50_ms": p50, "p95_ms": p95}
    measured = f"{a_second:.0f} a second, p50 {p50:.0f} p95 {p95:.0f} ms"
    limit = f"p95 under {MOST_MS:.0f} ms"
    return Line(what, f"{size:,} sites", measured, limit, p95 < MOST_MS, figures)
