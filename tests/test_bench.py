"""`make bench`: no figure stands beside one of a run that did not do the work."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from bihuan.notices.models import Notice
from tests.factories import NOW, make_case, make_cast, make_unit
from tools.bench import disposing, importing, load, pages
from tools.bench.archives import Archive
from tools.bench.ground import ROOT, Database
from tools.bench.measured import Failed, Taken
from tools.bench.report import Line
from tools.bench.serving import Server

DAY = datetime(2026, 11, 29, tzinfo=UTC)
NO_LINE = Line("", "", "")


class Told(Database):
    """A database on which a job finds what it is told to find."""

    def inside(self, job: str, *arguments: object) -> Taken:
        disposable, *gone = json.loads(self.address)
        figures = {"cpu_seconds": 1.0, "going": 2.0, "listing": 0.5, "over": 7, "due": 0.1}
        found = {"cases": disposable} if job == "disposable" else {"cases": gone[0], **figures}
        return Taken(1.0, 1.0, 0, 0, json.dumps(found))


def archive(cases: int, disposable: int, gone: int) -> Archive:
    return Archive(cases, Told(json.dumps([disposable, gone]), {}), [], NO_LINE)


# ------------------------------------------------------------------------ disposal
def test_no_more_cases_are_disposed_of_than_the_smallest_archive_has() -> None:
    archives = [archive(5_000, 1_960, 1_000), archive(50_000, 46_000, 1_000)]

    lines = list(disposing.measure(archives, now=DAY))

    assert [line.what.partition(",")[0] for line in lines] == ["disposal of 1"] * 2
    assert [line.holds for line in lines] == [None, True]


def test_every_list_counts_against_what_an_archive_has() -> None:
    assert disposing.fitting(5_999) == [1_000]
    assert disposing.fitting(6_000) == [1_000, 5_000]


def test_an_archive_with_nothing_to_dispose_of_is_refused_in_one_sentence() -> None:
    archives = [archive(500, 0, 0), archive(5_000, 1_960, 1_000)]

    with pytest.raises(Failed, match="0 cases to dispose of") as failure:
        list(disposing.measure(archives, now=DAY))

    assert "\n" not in str(failure.value)


def test_a_disposal_of_fewer_cases_than_asked_is_not_compared() -> None:
    archives = [archive(5_000, 1_960, 998), archive(50_000, 46_000, 1_000)]

    with pytest.raises(Failed, match="of 1,000 cases to dispose of, 998 went"):
        list(disposing.measure(archives, now=DAY))


# --------------------------------------------------------------------------- import
def test_a_peer_that_read_another_number_of_rows_is_not_compared(tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    file.write_text("title\none\ntwo\n")

    importing.reading_by("csv", file, 2)

    with pytest.raises(Failed, match="of 3 rows, csv read 2"):
        importing.reading_by("csv", file, 3)


# ----------------------------------------------------------------------------- load
class Answering(BaseHTTPRequestHandler):
    """Shows rows, takes a form at /taken/, and shows it again elsewhere."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        rows = int(self.path.strip("/") or 0)
        self._answer(200, b"<tr data-row>" * rows)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(303 if self.path == "/taken/" else 200, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Not onto the tests' output."""


@contextmanager
def answering() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def sent(port: int, path: str, *, warm_up: float = 0, retry: bool = False) -> load.Answered:
    plan = load.Plan(port, "", [path], 1, 60, 1, warm_up, bodies=["a=1"], retry=retry)
    return load.ask(plan)


def test_a_form_that_comes_back_was_not_taken() -> None:
    with answering() as port:
        assert sent(port, "/taken/").requests == 1

        with pytest.raises(load.NotTaken):
            sent(port, "/refused/")


def test_a_form_that_comes_back_is_not_sent_for_ever() -> None:
    with answering() as port, pytest.raises(load.NotTaken):
        sent(port, "/refused/", retry=True)


def test_forms_that_are_used_up_while_warming_up_are_no_measurement() -> None:
    with answering() as port, pytest.raises(load.Unanswered, match="after the warm-up"):
        sent(port, "/taken/", warm_up=30)


# ---------------------------------------------------------------------------- pages
@pytest.mark.parametrize(
    ("few", "many", "related", "holds"),
    [
        (50, 50, "floor 100 a second: 0.60 of it; 1.00 times slower than at 5,000", True),
        (5, 50, "not compared: 5 rows of 50 at 5,000", None),
        (50, 5, "not compared: 5 rows of 50 at 50,000", None),
    ],
)
def test_a_page_that_shows_fewer_rows_is_not_compared(
    few: int, many: int, related: str, holds: bool | None
) -> None:
    with answering() as port:
        small, large = (seat(port, cases, rows) for cases, rows in ((5_000, few), (50_000, many)))

        for each in (small, large):
            each.look(each.pages[0])
        line = large.line("town", large.pages[0], small)

    assert (line.beside, line.holds) == (related, holds)


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["today/", "rows/", "ledger/", "case/{}/"])
def test_a_baseline_page_queries_nothing_beyond_its_frame(
    page: str, client: Client, settings: Settings
) -> None:
    unit = make_unit(make_unit())
    cast = make_cast(unit)
    case = make_case(unit, cast=cast)
    Notice.objects.update(read_at=NOW)
    settings.ROOT_URLCONF = "tools.bench.urls"
    own = str(ROOT / "tools" / "bench" / "templates")
    settings.TEMPLATES = [{**each, "DIRS": [own]} for each in settings.TEMPLATES]
    client.force_login(cast.coordinator)
    address = f"/bench/{page.format(case.number)}"
    client.get(address)

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)

    assert answer.status_code == 200
    assert not [each for each in queries.captured_queries if "cases_" in each["sql"]]


def seat(port: int, cases: int, rows: int) -> pages.Seat:
    page = pages.Page("ledger", ["/50/", f"/{rows}/"], ["/50/"])
    speeds = {
        ("ledger", "page"): pages.Speed([load.Answered(60, 1.0, [1.0])]),
        ("ledger", "floor"): pages.Speed([load.Answered(100, 1.0, [1.0])]),
    }
    return pages.Seat(Server(port, Told("[]", {})), "", cases, [page], speeds)
